"""Who answers on the socket, and whether this client can work with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import SluiceError
from .state import Place, read_socket_path
from .unix_http import Request, ServiceGoneError, exchange_json

#: As in `src/shared/wire/service.ts`; a test holds the two together.
PROTOCOL = 1

_ANSWER_TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Health:
    """What a running service says of itself, and the socket where it said so."""

    version: str
    protocol: int
    pid: int
    draining: bool
    socket_path: Path


def probe(place: Place) -> Health | None:
    """Ask whoever listens for its health.

    Returns
    -------
    Health or None
        None: nobody listens.

    Raises
    ------
    SluiceError
        `config-differs` in the service's words, or `service-down` for a stranger on the socket.
    """
    socket_path = read_socket_path(place)
    if socket_path is None:
        return None
    request = Request("GET", "/health", timeout_s=_ANSWER_TIMEOUT_S)
    try:
        return _read_health(place, socket_path, exchange_json(socket_path, place.config, request))
    except ServiceGoneError:
        return None
    except TimeoutError as error:
        raise service_down(place, f"it does not answer ({error})") from error


def is_usable(health: Health, version: str) -> bool:
    """Tell whether a client of this version works with that service, or asks it to leave."""
    is_same = health.protocol == PROTOCOL and not health.draining
    return is_same and _order(health.version) >= _order(version)


def service_down(place: Place, problem: str) -> SluiceError:
    """Make the error that says why the service cannot be reached, and where its log is."""
    return SluiceError.of("service-down", problem=problem, log=str(place.log_file))


def _read_health(place: Place, socket_path: Path, body: Any) -> Health:
    try:
        return Health(
            version=str(body["version"]),
            protocol=int(body["protocol"]),
            pid=int(body["pid"]),
            draining=bool(body["draining"]),
            socket_path=socket_path,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise service_down(place, f"what answers on {socket_path} is not Sluice") from error


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
