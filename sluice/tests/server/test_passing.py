from __future__ import annotations

import asyncio
import dataclasses
import json
import os
import signal
from pathlib import Path
from typing import Any

import pytest
from jupyter_server.auth import Authorizer
from tornado.httpclient import HTTPClientError
from tornado.simple_httpclient import HTTPStreamClosedError

from sluice.connection import Place, SluiceError, launch
from sluice.connection.client import _REHEARSAL_TIMEOUT_S
from sluice.connection.errors import error_table
from sluice.server import passing
from sluice.server.gateway import Gateway, Message
from sluice.tests.connection.fake import pid_of
from sluice.tests.server.conftest import LogIn

pytestmark = pytest.mark.usefixtures("gateway")


def error_of(error: HTTPClientError) -> dict[str, Any]:
    assert error.response is not None
    body: dict[str, Any] = json.loads(error.response.body)["error"]
    return body


async def seen(path: Path) -> None:
    """Wait until the fake service has written a file; the server runs in this very loop."""
    for _ in range(1000):
        if path.exists():
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{path} was not written")


async def test_a_question_goes_on_without_what_is_jupyters(
    jp_serverapp: Any, jp_fetch: Any, place: Place
) -> None:
    token = jp_serverapp.identity_provider.token
    response = await jp_fetch("sluice", "api", "echo", params={"after": "3", "token": token})
    seen = json.loads(response.body)
    assert (seen["method"], seen["url"], seen["body"]) == ("GET", "/api/echo?after=3", "")
    assert seen["headers"]["x-sluice-config"].encode("latin-1").decode() == str(place.config)
    assert not {"authorization", "cookie", "x-xsrftoken"} & set(seen["headers"])
    assert "X-Secret" not in response.headers


async def test_an_order_goes_on_with_its_body_and_type(jp_fetch: Any) -> None:
    response = await jp_fetch(
        "sluice",
        "api",
        "echo",
        method="POST",
        body='{"ä": 1}',
        headers={"Content-Type": "application/json", "Range": "bytes=0-3"},
    )
    seen = json.loads(response.body)
    assert (seen["method"], seen["body"]) == ("POST", '{"ä": 1}')
    assert seen["headers"]["content-type"] == "application/json"
    assert seen["headers"]["range"] == "bytes=0-3"


async def test_a_plan_that_nobody_waits_for_is_given_up(
    jp_serverapp: Any, http_server: Any, http_server_port: Any, jp_base_url: str, place: Place
) -> None:
    body = b'{"waits": true}'
    head = (
        f"POST {jp_base_url}sluice/api/plan HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: token {jp_serverapp.identity_provider.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection("127.0.0.1", http_server_port[-1])
    writer.write(head.encode() + body)
    await seen(place.state / "submitted.json")
    writer.close()
    await seen(place.state / "given-up")


async def test_a_rehearsal_may_take_its_time(
    jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[float] = []

    async def exchange(_: Gateway, message: Message) -> None:
        asked.append(message.timeout_s)

    monkeypatch.setattr(Gateway, "exchange", exchange)
    await jp_fetch("sluice", "api", "plan", method="POST", body="{}")
    await jp_fetch("sluice", "api", "submit", method="POST", body="{}")
    # `rehearse_seconds` is 600 at most; the client in the kernel waits as long.
    assert asked[0] >= _REHEARSAL_TIMEOUT_S > 600 > asked[1]


async def test_health_is_passed_on(jp_fetch: Any, place: Place) -> None:
    health = json.loads((await jp_fetch("sluice", "health")).body)
    assert health["pid"] == pid_of(place)


async def test_a_path_keeps_its_parts(jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "api", "status", "a b?c%")
    assert error_of(caught.value)["code"] == "target-unknown"


async def test_the_services_refusal_arrives_as_it_is(jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "api", "refuse")
    assert caught.value.code == 404
    assert error_of(caught.value)["hint"] == "Make one."


async def test_a_long_answer_arrives_whole_with_its_type(jp_fetch: Any) -> None:
    response = await jp_fetch("sluice", "api", "logs", "long")
    assert response.body.decode() == "ä" * 500_000
    assert response.headers["Content-Type"] == "text/plain"


async def test_an_answer_that_breaks_off_does_not_look_complete(jp_fetch: Any) -> None:
    with pytest.raises(HTTPStreamClosedError):
        await jp_fetch("sluice", "api", "logs", "cut")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("path", ["sluice/api/echo", "sluice/health", "sluice/api/events"])
async def test_nobody_gets_in_without_a_login(
    http_server_client: Any, jp_base_url: str, place: Place, method: str, path: str
) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(
            jp_base_url + path, method=method, body="{}" if method == "POST" else None
        )
    assert caught.value.code == 403
    assert not place.state.exists()


async def test_a_cookie_alone_gives_no_orders(
    http_server_client: Any, jp_base_url: str, log_in: LogIn
) -> None:
    cookie = await log_in()
    url = f"{jp_base_url}sluice/api/echo"
    headers = {"Cookie": f"{cookie}; _xsrf=abcd", "Content-Type": "application/json"}
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(url, method="POST", body="{}", headers=headers)
    assert caught.value.code == 403
    headers["X-XSRFToken"] = "abcd"
    response = await http_server_client.fetch(url, method="POST", body="{}", headers=headers)
    assert response.code == 200


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_page_of_another_site_gets_nothing(
    http_server_client: Any, jp_base_url: str, log_in: LogIn, place: Place, method: str
) -> None:
    headers = {
        "Cookie": f"{await log_in()}; _xsrf=abcd",
        "X-XSRFToken": "abcd",
        "Content-Type": "application/json",
        "Origin": "https://elsewhere.example",
    }
    body = "{}" if method == "POST" else None
    url = f"{jp_base_url}sluice/api/echo"
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(url, method=method, body=body, headers=headers)
    assert caught.value.code in (403, 404)
    assert not place.state.exists()
    # Its own page's origin is Jupyter's matter, and is not passed on.
    del headers["Origin"]
    seen = await http_server_client.fetch(url, method=method, body=body, headers=headers)
    assert not {"origin", "sec-fetch-site", "cookie"} & set(json.loads(seen.body)["headers"])


class Readers(Authorizer):
    """Lets everybody look, and nobody order."""

    def is_authorized(self, handler: Any, user: Any, action: str, resource: str) -> bool:
        return action == "read" and resource == "sluice"


async def test_the_authorizer_is_asked(jp_serverapp: Any, jp_fetch: Any, jp_ws_fetch: Any) -> None:
    jp_serverapp.web_app.settings["authorizer"] = Readers(parent=jp_serverapp)
    assert (await jp_fetch("sluice", "api", "echo")).code == 200
    with pytest.raises(HTTPClientError) as order:
        await jp_fetch("sluice", "api", "echo", method="POST", body="{}")
    with pytest.raises(HTTPClientError) as stream:
        await jp_ws_fetch("sluice", "api", "events")
    assert (order.value.code, stream.value.code) == (403, 403)


async def test_a_body_beyond_the_limit_is_refused(
    jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passing, "MAX_BODY_BYTES", 100)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "api", "echo", method="POST", body="x" * 101)
    assert caught.value.code == 413
    assert "101 bytes" in error_of(caught.value)["message"]


async def test_a_killed_service_is_replaced(jp_fetch: Any, place: Place) -> None:
    before = json.loads((await jp_fetch("sluice", "api", "echo")).body)["pid"]
    os.kill(before, signal.SIGKILL)
    after = json.loads((await jp_fetch("sluice", "api", "echo")).body)["pid"]
    assert after not in (before, None)
    assert after == pid_of(place)


async def test_one_that_dies_under_a_request_is_asked_again(jp_fetch: Any) -> None:
    response = await jp_fetch("sluice", "api", "dies-once", method="POST", body="{}")
    assert json.loads(response.body)["pid"] > 0


async def test_one_that_cannot_start_gives_503_with_words(
    jp_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_START", "fails")
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "api", "targets")
    assert caught.value.code == 503
    error = error_of(caught.value)
    assert (error["code"], error["retry"]) == ("service-down", True)
    assert "the disk is full" in error["message"]


async def test_windows_is_pointed_to_wsl(jp_fetch: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> None:
        raise SluiceError.of("platform-windows")

    monkeypatch.setattr(launch, "require_supported_platform", refuse)
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "health")
    assert caught.value.code == error_table()["platform-windows"]["status"]
    assert "WSL 2" in error_of(caught.value)["hint"]


async def test_a_missing_node_says_what_to_install(
    jp_serverapp: Any, jp_fetch: Any, gateway: Gateway
) -> None:
    gateway.launcher = dataclasses.replace(gateway.launcher, node="/nowhere/node")
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "health")
    assert error_of(caught.value)["code"] == "node-missing"
