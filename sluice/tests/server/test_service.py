"""The extension before the real service, with Jupyter's protection on."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError

from sluice.connection import Place


@pytest.fixture(autouse=True)
def own_place(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLUICE_STATE", str(place.state))
    monkeypatch.setenv("SLUICE_CONFIG", str(place.config))


def request() -> str:
    return json.dumps(
        {
            "requestId": uuid.uuid4().hex,
            "target": "here",
            "resources": {},
            "payload": {"kind": "cell", "source": "print('through Jupyter')", "outputs": None},
            "origin": None,
            "projectDir": None,
            "capture": None,
        }
    )


def json_type() -> dict[str, str]:
    # Made anew each time: the fixture that fetches puts its token into it.
    return {"Content-Type": "application/json"}


async def test_a_cell_runs_and_its_events_arrive(jp_fetch: Any, jp_ws_fetch: Any) -> None:
    answer = await jp_fetch(
        "sluice", "api", "submit", method="POST", body=request(), headers=json_type()
    )
    task = json.loads(answer.body)
    socket = await jp_ws_fetch("sluice", "api", "events")
    await socket.write_message(json.dumps({"frame": "subscribe", "task": task["id"], "after": 0}))
    printed, phase = "", task["publicPhase"]
    while phase not in ("completed", "failed", "canceled"):
        frame = json.loads(await socket.read_message())
        if frame["frame"] == "task":
            phase = frame["task"]["publicPhase"]
        elif frame["frame"] == "event" and frame["event"]["type"] == "stream":
            printed += frame["event"]["data"]["text"]
    socket.close()
    assert (phase, printed) == ("completed", "through Jupyter\n")
    log = await jp_fetch("sluice", "api", "logs", task["id"], headers={"Range": "bytes=0-6"})
    assert (log.code, log.body) == (206, b"through")


async def test_nobody_submits_without_a_login(
    jp_fetch: Any, http_server_client: Any, jp_base_url: str
) -> None:
    url = f"{jp_base_url}sluice/api/submit"
    with pytest.raises(HTTPClientError) as caught:
        await http_server_client.fetch(url, method="POST", body=request(), headers=json_type())
    assert caught.value.code == 403
    assert json.loads((await jp_fetch("sluice", "api", "tasks")).body) == {"tasks": []}


async def test_a_request_that_is_not_valid_is_refused_in_words(jp_fetch: Any) -> None:
    with pytest.raises(HTTPClientError) as caught:
        await jp_fetch("sluice", "api", "submit", method="POST", body="{}", headers=json_type())
    assert caught.value.response is not None
    error = json.loads(caught.value.response.body)["error"]
    assert (caught.value.code, error["code"]) == (400, "request-invalid")
