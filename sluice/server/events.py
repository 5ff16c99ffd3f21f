"""The service's event stream, passed through to the page and back."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from jupyter_core.utils import ensure_async
from jupyter_server.auth.decorator import ws_authenticated
from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.base.websocket import WebSocketMixin
from tornado import web
from tornado.websocket import WebSocketClientConnection, WebSocketClosedError, WebSocketHandler

from ..connection import SluiceError
from .gateway import Gateway
from .passing import AUTH_RESOURCE

#: RFC 6455: the service restarts; the page connects again.
_SERVICE_RESTART = 1012
# Codes that say how a connection ended, but must not be sent.
_UNSENDABLE = (None, 1005, 1006, 1015)


class EventsHandler(WebSocketMixin, WebSocketHandler, JupyterHandler):
    """`/sluice/api/events`: asks for `execute` on `sluice`, since it grants writing into cells."""

    auth_resource = AUTH_RESOURCE
    _upstream: WebSocketClientConnection | None = None
    _pump: asyncio.Task[None] | None = None

    @ws_authenticated
    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Check the permission, connect to the service, and only then accept the socket."""
        user = self.current_user
        if not await ensure_async(
            self.authorizer.is_authorized(self, user, "execute", AUTH_RESOURCE)
        ):
            raise web.HTTPError(403)
        gateway: Gateway = self.settings["sluice_gateway"]
        try:
            self._upstream = await gateway.open_events()
        except SluiceError as error:
            self.set_status(error.status)
            self.set_header("Content-Type", "application/json")
            await self.finish(json.dumps(error.to_body()))
            return
        await super().get(*args, **kwargs)
        if self.ws_connection is None:
            # Refused after all (origin, protocol): nobody will ever read from it.
            self._upstream.close()

    def open(self, *args: Any, **kwargs: Any) -> None:
        """Begin to pass the service's frames on."""
        super().open(*args, **kwargs)
        self._pump = asyncio.ensure_future(self._pass_down())

    async def on_message(self, message: str | bytes) -> None:
        """Pass a frame of the page on; the next one is read when this one is written."""
        if self._upstream is None:
            return
        try:
            await self._upstream.write_message(message, isinstance(message, bytes))
        except WebSocketClosedError:
            self.close(_SERVICE_RESTART)

    def on_close(self) -> None:
        """Tell the service that the page left, and why."""
        super().on_close()
        if self._pump is not None:
            self._pump.cancel()
        if self._upstream is not None:
            code = self.close_code
            self._upstream.close(None if code in _UNSENDABLE else code, self.close_reason)

    async def _pass_down(self) -> None:
        upstream = self._upstream
        assert upstream is not None  # noqa: S101 (set before open)
        # One at a time, each awaited: a slow page slows the service's connection, not our memory.
        while (frame := await upstream.read_message()) is not None:
            try:
                await self.write_message(frame, isinstance(frame, bytes))
            except WebSocketClosedError:
                return
        code = upstream.close_code
        self.close(_SERVICE_RESTART if code in _UNSENDABLE else code, upstream.close_reason)
