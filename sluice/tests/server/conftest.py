from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from pytest_jupyter.jupyter_server import *  # noqa: F403

from sluice.connection import Launcher
from sluice.server.gateway import Gateway
from sluice.tests.connection.fake import launcher, place

__all__ = ["launcher", "place"]

LogIn = Callable[[], Awaitable[str]]


@pytest.fixture(name="jp_server_config")
def server_config() -> dict[str, Any]:
    """A server with this extension alone."""
    return {"ServerApp": {"jpserver_extensions": {"sluice": True}}}


@pytest.fixture
def gateway(jp_serverapp: Any, launcher: Launcher) -> Gateway:
    """The extension's way to the fake service instead of the person's own."""
    gateway = Gateway(launcher, logging.getLogger("sluice.tests"))
    jp_serverapp.web_app.settings["sluice_gateway"] = gateway
    return gateway


@pytest.fixture
def log_in(jp_serverapp: Any, http_server_client: Any, jp_base_url: str) -> LogIn:
    """Give the cookie that a browser has after it opened the server's link with the token."""

    async def fetch_cookie() -> str:
        token = jp_serverapp.identity_provider.token
        response = await http_server_client.fetch(f"{jp_base_url}?token={token}")
        cookies = response.headers.get_list("Set-Cookie")
        return "; ".join(cookie.split(";")[0] for cookie in cookies)

    return fetch_cookie
