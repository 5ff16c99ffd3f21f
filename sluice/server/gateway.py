"""The way from the Jupyter server's event loop to the service's socket."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Any, Callable

from tornado.httpclient import HTTPClientError, HTTPRequest, HTTPResponse
from tornado.netutil import Resolver
from tornado.simple_httpclient import HTTPStreamClosedError, SimpleAsyncHTTPClient
from tornado.websocket import WebSocketClientConnection, websocket_connect

from ..connection import Launcher, SluiceError
from ..connection.health import Health, service_down
from ..connection.unix_http import config_header
from .abortable_client import AbortableClient

# More than the service takes for an answer that is at once there.
REQUEST_TIMEOUT_S = 240.0
# A rehearsal has a limit of its own, which the service keeps and says; this lies above it.
PLAN_TIMEOUT_S = 900.0
# What is fetched may be large.
FETCH_TIMEOUT_S = 6 * 3600.0
CONNECT_TIMEOUT_S = 10.0
MAX_FRAME_BYTES = 64 * 1024 * 1024
# Streamed, never held: what a person fetches may be large.
_MAX_ANSWER_BYTES = 1 << 50

_BROKEN = (OSError, HTTPStreamClosedError)
_TIMED_OUT = 599


class _SocketResolver(Resolver):
    """Resolves every name to the one socket."""

    path: str | None = None

    async def resolve(self, host: str, port: int, family: int = 0) -> list[tuple[int, Any]]:
        """Give the socket's address."""
        if self.path is None:
            raise FileNotFoundError("no service was reached yet")
        return [(socket.AF_UNIX, self.path)]


@dataclass
class Message:
    """A request to pass on, and who takes the answer as it comes in."""

    method: str
    #: With its query, encoded.
    target: str
    headers: dict[str, str]
    body: bytes | None
    timeout_s: float
    on_header: Callable[[str], None]
    on_chunk: Callable[[bytes], Awaitable[None]]
    #: True as soon as a part of the answer went on: then it cannot be asked for again.
    is_answering: Callable[[], bool]
    #: Set when nobody waits for the answer any more; None: it is of use all the same.
    left: asyncio.Event | None = None


class ReaderLeftError(Exception):
    """Nobody waits for the answer any more; the service was told by its connection's end."""


class Gateway:
    """Finds or starts the service when it is needed, and opens exchanges with it.

    Parameters
    ----------
    launcher : Launcher
        How the service is reached and started.
    log : logging.Logger
        The server's log.
    """

    def __init__(self, launcher: Launcher, log: logging.Logger) -> None:
        self.launcher = launcher
        self._log = log
        self._lock = asyncio.Lock()
        self._health: Health | None = None
        self._resolver: _SocketResolver | None = None
        self._client: SimpleAsyncHTTPClient | None = None

    async def exchange(self, message: Message) -> HTTPResponse:
        """Pass a request on; once again with a new service when the old one is gone.

        Every request is idempotent (a submit by its request id), so asking twice does no harm.

        Raises
        ------
        SluiceError
            `service-down`, `node-missing`, `platform-windows`, `config-differs`.
        ReaderLeftError
            `message.left` was set before the answer.
        """
        for is_last in (False, True):
            health = await self.reach()
            try:
                return await self._fetch(message)
            except _BROKEN as error:
                self._forget(health)
                if is_last or message.is_answering():
                    raise service_down(self.launcher.place, str(error)) from error
                self._log.info("the Sluice service is gone (%s), reaching it again", error)
            except HTTPClientError as error:
                # Tornado's word for a deadline that passed.
                raise service_down(self.launcher.place, error.message or str(error)) from error
        raise AssertionError("unreachable")

    async def open_events(self) -> WebSocketClientConnection:
        """Open the service's event stream; the caller closes it."""
        for is_last in (False, True):
            health = await self.reach()
            try:
                return await websocket_connect(
                    HTTPRequest(
                        "ws://localhost/api/events",
                        headers=self._own_headers(),
                        connect_timeout=CONNECT_TIMEOUT_S,
                    ),
                    max_message_size=MAX_FRAME_BYTES,
                    resolver=self._resolver,
                )
            except (*_BROKEN, HTTPClientError) as error:
                if isinstance(error, HTTPClientError) and error.code != _TIMED_OUT:
                    raise _refusal(error) from error
                self._forget(health)
                if is_last:
                    raise service_down(self.launcher.place, str(error)) from error
        raise AssertionError("unreachable")

    async def reach(self) -> Health:
        """Make sure that a service listens; nobody else starts one at the same time."""
        async with self._lock:
            if self._health is None:
                loop = asyncio.get_running_loop()
                health = await loop.run_in_executor(None, self.launcher.ensure)
                self._use(health)
                self._log.info("Sluice service %s, pid %d", health.version, health.pid)
                return health
            return self._health

    def close(self) -> None:
        """Close the client; may be called twice."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _use(self, health: Health) -> None:
        self._health = health
        if self._client is None or self._resolver is None:
            self._resolver = _SocketResolver()
            self._client = SimpleAsyncHTTPClient(
                force_instance=True,
                resolver=self._resolver,
                max_clients=200,
                max_body_size=_MAX_ANSWER_BYTES,
            )
        self._resolver.path = str(health.socket_path)

    def _forget(self, health: Health) -> None:
        # Another request may have reached a new one in the meantime: that one stays.
        if self._health is health:
            self._health = None

    def _own_headers(self) -> dict[str, str]:
        return {"X-Sluice-Config": config_header(self.launcher.place.config).decode("latin-1")}

    async def _fetch(self, message: Message) -> HTTPResponse:
        assert self._client is not None  # noqa: S101 (reached before)
        request = HTTPRequest(
            f"http://localhost{message.target}",
            method=message.method,
            headers={**message.headers, **self._own_headers()},
            body=message.body,
            connect_timeout=CONNECT_TIMEOUT_S,
            request_timeout=message.timeout_s,
            header_callback=message.on_header,
            streaming_callback=message.on_chunk,
            follow_redirects=False,
            decompress_response=False,
        )
        if message.left is None:
            return await self._client.fetch(request, raise_error=False)
        assert self._resolver is not None  # noqa: S101 (reached before)
        client = AbortableClient(self._resolver, _MAX_ANSWER_BYTES)
        try:
            return await _unless_left(client, request, message.left)
        finally:
            client.http.close()


async def _unless_left(
    client: AbortableClient, request: HTTPRequest, left: asyncio.Event
) -> HTTPResponse:
    fetching = asyncio.ensure_future(client.http.fetch(request, raise_error=False))
    leaving = asyncio.ensure_future(left.wait())
    both: set[asyncio.Future[Any]] = {fetching, leaving}
    await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    leaving.cancel()
    if fetching.done():
        return fetching.result()
    client.abort()
    # The connection is closed: it fails at once, and with that nobody is concerned.
    await asyncio.wait({fetching})
    fetching.exception()
    raise ReaderLeftError


def _refusal(error: HTTPClientError) -> SluiceError:
    """Read the service's own words from its refusal to open the event stream."""
    text = error.response.body if error.response is not None else b""
    try:
        body = json.loads(text)
    except ValueError:
        body = None
    return SluiceError.from_body(body, error.code)
