"""Reach the service of this place: the running one, else a new one."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from .._version import __version__
from .errors import SluiceError
from .health import Health, is_usable, probe, service_down
from .node import find_node
from .platform import require_supported_platform
from .start import SERVICE_ENTRY, start_service
from .state import Place
from .unix_http import Request, ServiceGoneError, exchange_json

_ROUNDS = 3


@dataclass(frozen=True)
class Launcher:
    """How a service is reached and started.

    Attributes
    ----------
    place : Place
        Whose service.
    node : str
        Path of Node.js from a configuration; empty: look for one.
    version : str
        The version that callers need at least.
    entry : Path
        The Node program of the service.
    start_timeout_s, drain_timeout_s : float
        Longest waits for a new one to listen, for an old one to leave.
    pause_s : float
        Between two looks while waiting.
    """

    place: Place
    node: str = ""
    version: str = __version__
    entry: Path = SERVICE_ENTRY
    start_timeout_s: float = 30.0
    drain_timeout_s: float = 45.0
    pause_s: float = 0.05

    def ensure(self) -> Health:
        """Give a service that this client can work with.

        An older one, or one of another protocol, is asked to leave and replaced. Two callers may
        do this at the same time: the one that comes second uses what the first has started.

        Raises
        ------
        SluiceError
            `service-down`, `node-missing`, `platform-windows`, `config-differs`.
        """
        require_supported_platform()
        for _ in range(_ROUNDS):
            health = probe(self.place)
            if health is not None and is_usable(health, self.version):
                return health
            if health is not None:
                self._drain(health)
            start_service(self.place, find_node(self.node), self.start_timeout_s, self.entry)
            started = self._await(lambda found: found is not None, self.start_timeout_s)
            if started is None:
                raise service_down(self.place, "it started, but nobody listens")
            if is_usable(started, self.version):
                return started
        raise service_down(self.place, "an older version of it is started again and again")

    def _drain(self, health: Health) -> None:
        request = Request("POST", "/api/drain", body={})
        try:
            exchange_json(health.socket_path, self.place.config, request)
        except ServiceGoneError:
            return
        except SluiceError as error:
            # One that is leaving already may refuse to be asked again.
            if error.code != "draining":
                raise
        pid = health.pid
        last = self._await(lambda found: found is None or found.pid != pid, self.drain_timeout_s)
        if last is not None and last.pid == pid:
            problem = f"the older version {health.version} (pid {pid}) does not leave"
            raise service_down(self.place, problem)

    def _await(self, is_done: Callable[[Health | None], bool], timeout_s: float) -> Health | None:
        deadline = time.monotonic() + timeout_s
        while True:
            health = probe(self.place)
            if is_done(health) or time.monotonic() > deadline:
                return health
            time.sleep(self.pause_s)
