"""One HTTP exchange over the service's Unix socket."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import SluiceError

_CONNECT_TIMEOUT_S = 5.0


class ServiceGoneError(Exception):
    """Nobody listens, or the service died before its answer was complete."""


class Abort:
    """Ends an exchange from another thread; may be used before it began, and after its end."""

    def __init__(self) -> None:
        self.is_set = False
        self._connection: http.client.HTTPConnection | None = None

    def bind(self, connection: http.client.HTTPConnection) -> None:
        """Name the connection of the exchange."""
        self._connection = connection

    def now(self) -> None:
        """Break the connection off: whoever answers sees that nobody waits any more."""
        self.is_set = True
        sock = self._connection.sock if self._connection is not None else None
        if sock is not None:
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)


@dataclass(frozen=True)
class Request:
    """What is asked.

    Attributes
    ----------
    method, path : str
        As in HTTP; the path with its query.
    body : object
        Sent as JSON; None: no body.
    timeout_s : float
        Longest silence while waiting for the answer.
    abort : Abort
        Ends it from another thread.
    unattended : bool
        Nobody can be asked here what a login asks.
    """

    method: str
    path: str
    body: object = None
    timeout_s: float = 30.0
    abort: Abort | None = None
    unattended: bool = False


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path, timeout_s: float) -> None:
        super().__init__("localhost", timeout=timeout_s)
        self._path = path
        self._answer_timeout_s = timeout_s

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_CONNECT_TIMEOUT_S)
        self.sock.connect(str(self._path))
        self.sock.settimeout(self._answer_timeout_s)


@contextmanager
def exchange(
    socket_path: Path, config: Path, request: Request
) -> Iterator[http.client.HTTPResponse]:
    """Send the request and give the answer, whatever its status; closed afterwards.

    Raises
    ------
    ServiceGoneError
        Nobody listens, or the connection broke.
    TimeoutError
        The service is there, but silent for longer than the request allows.
    """
    connection = _UnixConnection(socket_path, request.timeout_s)
    if request.abort is not None:
        request.abort.bind(connection)
    try:
        connection.request(request.method, request.path, *_payload(config, request))
        yield connection.getresponse()
    except socket.timeout as error:
        raise TimeoutError(f"no answer within {request.timeout_s:.0f} s") from error
    except (OSError, http.client.HTTPException) as error:
        raise ServiceGoneError(str(error) or type(error).__name__) from error
    finally:
        connection.close()


def exchange_json(socket_path: Path, config: Path, request: Request) -> Any:
    """Send the request and give the JSON of a 2xx answer.

    Raises
    ------
    SluiceError
        What the service said in any other answer.
    """
    with exchange(socket_path, config, request) as response:
        status, text = response.status, response.read()
    try:
        body = json.loads(text) if text else None
    except ValueError:
        raise SluiceError.from_body(None, status) from None
    if not 200 <= status < 300:
        raise SluiceError.from_body(body, status)
    return body


def config_header(config: Path) -> bytes:
    """Give the header that names the configuration: UTF-8, whatever HTTP libraries would choose."""
    return os.fsencode(config)


def _payload(config: Path, request: Request) -> tuple[bytes | None, dict[str, Any]]:
    headers: dict[str, Any] = {"X-Sluice-Config": config_header(config)}
    if request.unattended:
        headers["X-Sluice-Unattended"] = "1"
    if request.body is None:
        return None, headers
    headers["Content-Type"] = "application/json"
    return json.dumps(request.body).encode(), headers
