"""An HTTP client for one request that can be given up before its answer."""

from __future__ import annotations

from typing import Any

from tornado.iostream import IOStream
from tornado.netutil import Resolver
from tornado.simple_httpclient import SimpleAsyncHTTPClient
from tornado.tcpclient import TCPClient


class _StreamKeeper(TCPClient):
    """Remembers the stream that it has opened: closing it is the one way to give up a request."""

    stream: IOStream | None = None

    async def connect(self, *args: Any, **settings: Any) -> IOStream:
        self.stream = await super().connect(*args, **settings)
        return self.stream


class AbortableClient:
    """Makes one request; `abort` closes its connection, whereupon the fetch fails.

    Parameters
    ----------
    resolver : Resolver
        Of the service's address.
    max_body_size : int
        As of any client.
    """

    def __init__(self, resolver: Resolver, max_body_size: int) -> None:
        self._keeper = _StreamKeeper(resolver=resolver)
        self.http = SimpleAsyncHTTPClient(
            force_instance=True, resolver=resolver, max_body_size=max_body_size
        )
        self.http.tcp_client = self._keeper

    def abort(self) -> None:
        """Give up; may be called at any time."""
        if self._keeper.stream is not None:
            self._keeper.stream.close()
