"""What a person types for a login passes through behind Jupyter's protection, and stays nowhere."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from sluice.connection import Place
from sluice.server.gateway import Gateway, Message
from sluice.tests.server.conftest import LogIn

pytestmark = pytest.mark.usefixtures("gateway")

SECRET = "geheimes-Wort-4711"
BODY = json.dumps({"answers": [SECRET]})


def answered(place: Place) -> Path:
    return place.state / "answered.json"


async def test_an_answer_passes_through(jp_fetch: Any, place: Place) -> None:
    response = await jp_fetch("sluice", "api", "prompts", "p1", method="POST", body=BODY)
    assert json.loads(response.body) == {"id": "p1"}
    assert json.loads(answered(place).read_text()) == {"answers": [SECRET]}


async def test_an_answer_needs_a_login_and_the_xsrf_token(
    http_server_client: Any, jp_base_url: str, log_in: LogIn, place: Place
) -> None:
    url = f"{jp_base_url}sluice/api/prompts/p1"
    headers = {"Content-Type": "application/json"}
    with pytest.raises(HTTPClientError) as stranger:
        await http_server_client.fetch(url, method="POST", body=BODY, headers=headers)
    headers["Cookie"] = f"{await log_in()}; _xsrf=abcd"
    with pytest.raises(HTTPClientError) as forged:
        await http_server_client.fetch(url, method="POST", body=BODY, headers=headers)
    assert (stranger.value.code, forged.value.code) == (403, 403)
    assert not answered(place).exists()
    headers["X-XSRFToken"] = "abcd"
    assert (
        await http_server_client.fetch(url, method="POST", body=BODY, headers=headers)
    ).code == 200


async def test_no_answer_is_logged(jp_fetch: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await jp_fetch("sluice", "api", "prompts", "p1", method="POST", body=BODY)
    for path in ("over", "broken"):
        with pytest.raises(HTTPClientError):
            await jp_fetch("sluice", "api", "prompts", path, method="POST", body=BODY)
    assert "prompts/over" in caplog.text
    assert SECRET not in caplog.text


async def test_a_login_may_take_its_time(jp_fetch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []

    async def exchange(_: Gateway, message: Message) -> None:
        asked.append(message.timeout_s)

    monkeypatch.setattr(Gateway, "exchange", exchange)
    await jp_fetch("sluice", "api", "login", "cluster", method="POST", body="{}")
    # Three questions, each open for two and a half minutes.
    assert asked[0] > 3 * 150
