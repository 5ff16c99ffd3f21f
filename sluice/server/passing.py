"""Pass a request on to the service, and its answer back as it comes in."""

from __future__ import annotations

import asyncio
import json
import re
from urllib.parse import parse_qsl, quote, urlencode

from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from tornado import web
from tornado.iostream import StreamClosedError

from ..connection import SluiceError
from .gateway import (
    FETCH_TIMEOUT_S,
    PLAN_TIMEOUT_S,
    REQUEST_TIMEOUT_S,
    Gateway,
    Message,
    ReaderLeftError,
)

#: What Jupyter's authorizer is asked about; `read` for GET, `write` for POST.
AUTH_RESOURCE = "sluice"
#: Values never travel in a body, only their names and hashes.
MAX_BODY_BYTES = 16 * 1024 * 1024

_PLAN = "api/plan"
# Each question to a person has a time of its own, which the service keeps.
_LOGIN = "api/login/"
_TO_SERVICE = ("Accept", "Content-Type", "If-None-Match", "If-Range", "Range")
_TO_BROWSER = (
    "Accept-Ranges",
    "Cache-Control",
    "Content-Disposition",
    "Content-Length",
    "Content-Range",
    "Content-Type",
    "ETag",
    "Retry-After",
)
# Jupyter's own parameters: the token above all stays here.
_JUPYTER_PARAMETERS = ("token", "no_track_activity")


class _Passing(APIHandler):
    """What all routes share; each verb names its own protection."""

    auth_resource = AUTH_RESOURCE
    _left: asyncio.Event | None = None
    _content_type = "application/json"

    @property
    def gateway(self) -> Gateway:
        """The one way to the service."""
        gateway: Gateway = self.settings["sluice_gateway"]
        return gateway

    async def pass_on(self, path: str) -> None:
        """Ask the service the same and answer with what it says."""
        body = self.request.body if self.request.method == "POST" else None
        if body is not None and len(body) > MAX_BODY_BYTES:
            self._refuse(_too_large(len(body)))
            return
        try:
            await self.gateway.exchange(self._message(path, body))
        except ReaderLeftError:
            self.log.debug("nobody waits for %s any more", self.request.path)
            return
        except SluiceError as error:
            self._refuse(error)
            return
        await self.finish(set_content_type=self._content_type)

    def _message(self, path: str, body: bytes | None) -> Message:
        headers = self.request.headers
        self._left = asyncio.Event()
        return Message(
            method=self.request.method or "GET",
            target=_target(path, self.request.query),
            headers={name: headers[name] for name in _TO_SERVICE if name in headers},
            body=body,
            timeout_s=_timeout_s(path),
            on_header=self._on_header,
            on_chunk=self._on_chunk,
            is_answering=lambda: self._headers_written,
            # A rehearsal for nobody is to end; what else was begun is to be finished.
            left=self._left if path == _PLAN else None,
        )

    def on_connection_close(self) -> None:
        """Note that the browser left before its answer."""
        super().on_connection_close()
        if self._left is not None:
            self._left.set()

    def _on_header(self, line: str) -> None:
        start = re.match(r"HTTP/\d\.\d (\d{3})", line)
        if start is not None:
            self.set_status(int(start.group(1)))
            # A first answer may have broken off after its headers.
            self.clear_header("Content-Length")
            return
        name, separator, value = line.partition(":")
        if separator and name.title().replace("Etag", "ETag") in _TO_BROWSER:
            self.set_header(name, value.strip())
            if name.lower() == "content-type":
                self._content_type = value.strip()

    async def _on_chunk(self, chunk: bytes) -> None:
        if self.request.connection is None or self._finished:
            return
        self.write(chunk)
        try:
            await self.flush()
        except StreamClosedError:
            # The browser left in the middle: nothing is wrong, and nobody is left to be told.
            self.log.debug("the reader of %s left", self.request.path)

    def _refuse(self, error: SluiceError) -> None:
        if self._headers_written:
            # A finished answer would look complete: only a broken connection tells the truth.
            self.log.warning("answer to %s was cut off: %s", self.request.path, error.message)
            self.detach().close()
            return
        self.clear()
        self.set_status(error.status)
        self.finish(json.dumps(error.to_body()))


class PassingHandler(_Passing):
    """`/sluice/api/…`: GET asks for `read`, POST for `write` on `sluice`; XSRF as Jupyter's own."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Pass a question on."""
        await self.pass_on(path)

    @web.authenticated
    @authorized
    async def post(self, path: str) -> None:
        """Pass an order on."""
        await self.pass_on(path)


class HealthHandler(_Passing):
    """`/sluice/health`: GET asks for `read` on `sluice`."""

    @web.authenticated
    @authorized
    async def get(self, path: str) -> None:
        """Pass the question on."""
        await self.pass_on(path)


def _timeout_s(path: str) -> float:
    if path.startswith(("api/fetch/", "api/logs/")):
        return FETCH_TIMEOUT_S
    is_long = path == _PLAN or path.startswith(_LOGIN)
    return PLAN_TIMEOUT_S if is_long else REQUEST_TIMEOUT_S


def _target(path: str, query: str) -> str:
    kept = [
        pair
        for pair in parse_qsl(query, keep_blank_values=True)
        if pair[0] not in _JUPYTER_PARAMETERS
    ]
    target = "/" + quote(path, safe="/:@,+~!$&'()*;=")
    return f"{target}?{urlencode(kept)}" if kept else target


def _too_large(size: int) -> SluiceError:
    problem = f"its body has {size} bytes, more than {MAX_BODY_BYTES}"
    error = SluiceError.of("request-invalid", problem=problem)
    error.status = 413
    return error
