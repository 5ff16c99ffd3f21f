"""Start and end the fake service that tests of its callers talk to."""

from __future__ import annotations

import contextlib
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from sluice.connection import Launcher, Place

ENTRY = Path(__file__).with_name("fake_service.cjs")


def pid_of(place: Place) -> int:
    """The pid of the newest service."""
    return int((place.state / "pid").read_text())


def end_service(place: Place) -> None:
    """End the newest service at once, real or not, if it is still there."""
    if place.endpoint_file.exists() and (pid := endpoint_pid(place)) is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def endpoint_pid(place: Place) -> int | None:
    """The pid in the endpoint file; None in the broken ones that tests write."""
    try:
        pid = json.loads(place.endpoint_file.read_text())["pid"]
    except (ValueError, TypeError, KeyError):
        return None
    return int(pid)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A state directory with a short path (a socket's is limited)."""
    folder = tmp_path_factory.mktemp("s")
    place = Place(state=folder / "state", config=folder / "configuration é.toml")
    yield place
    end_service(place)


@pytest.fixture
def launcher(place: Place) -> Launcher:
    """Starts the fake service."""
    return Launcher(place, entry=ENTRY, version="1.0.0", start_timeout_s=20, drain_timeout_s=20)
