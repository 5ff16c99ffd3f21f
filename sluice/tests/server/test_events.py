from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from sluice.connection import Place
from sluice.tests.server.conftest import LogIn

pytestmark = pytest.mark.usefixtures("gateway")


async def appears(path: Path) -> str:
    """Wait until the fake service has written a file, and give its text."""
    for _ in range(500):
        if path.exists():
            return path.read_text()
        await asyncio.sleep(0.01)
    raise AssertionError(f"{path} did not appear")


async def test_frames_pass_both_ways(jp_ws_fetch: Any) -> None:
    socket = await jp_ws_fetch("sluice", "api", "events")
    first = json.loads(await socket.read_message())
    assert first["url"] == "/api/events"
    assert "authorization" not in first["headers"]
    for text in ("one", "zwei ä"):
        await socket.write_message(text)
        assert await socket.read_message() == f"echo {text}"
    socket.close()


async def test_a_large_frame_passes(jp_ws_fetch: Any) -> None:
    socket = await jp_ws_fetch("sluice", "api", "events")
    await socket.read_message()
    await socket.write_message("x" * 900_000)
    assert await socket.read_message() == "echo " + "x" * 900_000
    socket.close()


async def test_the_services_close_code_reaches_the_page(jp_ws_fetch: Any) -> None:
    socket = await jp_ws_fetch("sluice", "api", "events")
    await socket.read_message()
    await socket.write_message("leave")
    assert await socket.read_message() is None
    assert (socket.close_code, socket.close_reason) == (4001, "told to")


async def test_a_killed_service_reads_as_a_restart_and_the_next_connection_works(
    jp_ws_fetch: Any,
) -> None:
    socket = await jp_ws_fetch("sluice", "api", "events")
    await socket.read_message()
    await socket.write_message("die")
    assert await socket.read_message() is None
    assert socket.close_code == 1012
    again = await jp_ws_fetch("sluice", "api", "events")
    assert json.loads(await again.read_message())["url"] == "/api/events"
    again.close()


async def test_the_service_hears_that_the_page_left(jp_ws_fetch: Any, place: Place) -> None:
    socket = await jp_ws_fetch("sluice", "api", "events")
    await socket.read_message()
    socket.close(4002, "closed tab")
    assert await appears(place.state / "closed") == "4002 closed tab"


@pytest.mark.usefixtures("http_server")
async def test_another_site_cannot_connect(
    jp_http_port: int, jp_base_url: str, log_in: LogIn
) -> None:
    url = f"ws://127.0.0.1:{jp_http_port}{jp_base_url}sluice/api/events"
    headers = {"Cookie": await log_in(), "Origin": f"http://127.0.0.1:{jp_http_port}"}
    (await websocket_connect(HTTPRequest(url, headers=headers))).close()
    headers["Origin"] = "https://elsewhere.example"
    with pytest.raises(HTTPClientError) as caught:
        await websocket_connect(HTTPRequest(url, headers=headers))
    assert caught.value.code == 403


async def test_a_service_that_cannot_start_is_told_before_the_socket_opens(
    jp_ws_fetch: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_START", "fails")
    with pytest.raises(HTTPClientError) as caught:
        await jp_ws_fetch("sluice", "api", "events")
    assert caught.value.code == 503
