from __future__ import annotations

import concurrent.futures
import io
import logging
import queue
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from _sluice.values import CannotEncodeError, decode, encode
from _sluice.values.culprits import find_culprit, find_type

from .notebook import blobs_of


class Store:
    __slots__ = ("inner", "unset")

    def __init__(self, inner: Any) -> None:
        self.inner = inner


def closing_over(value: Any) -> Any:
    return lambda: value


async def later() -> None: ...


def running_traceback() -> Any:
    try:
        raise ValueError
    except ValueError as fault:
        return fault.__traceback__


MAKERS: dict[str, Any] = {
    "lock": threading.Lock,
    "reentrant lock": threading.RLock,
    "event": threading.Event,
    "generator": lambda: (n for n in range(0)),
    "socket": socket.socket,
    "file": tempfile.TemporaryFile,
    "text file": lambda: Path(__file__).open(),  # noqa: SIM115
    "database": lambda: sqlite3.connect(":memory:"),
    "pool": lambda: concurrent.futures.ThreadPoolExecutor(1),
    "thread": threading.Thread,
    "queue": queue.Queue,
    "weak reference": lambda: weakref.ref(Store),
    "frame": lambda: sys._getframe(),
    "traceback": running_traceback,
}


@pytest.mark.parametrize("case", MAKERS)
def test_what_belongs_to_its_process_is_named_with_a_remedy(case: str) -> None:
    made = MAKERS[case]()
    found = find_culprit([made])
    assert found is not None
    assert found.path == "[0]"
    assert found.kind.reason
    assert found.kind.remedy
    if hasattr(made, "close"):
        made.close()


def test_a_coroutine_is_named() -> None:
    waiting = later()
    found = find_culprit({"a": waiting})
    waiting.close()
    assert found is not None
    assert found.kind.what == "a coroutine or task"


def test_a_process_that_runs_is_named() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        found = find_culprit(process)
    assert found is not None
    assert found.kind.what == "a running process"


LOCK = threading.Lock()
PATHS = {
    "": LOCK,
    "['x'].lock": {"x": SimpleNamespace(lock=LOCK)},
    ".inner[1]": Store([1, LOCK]),
    ".cache['x'].inner": SimpleNamespace(cache={"x": Store(LOCK)}),
    " → value[0]": closing_over((LOCK,)),
    "{…}.inner": {Store(LOCK)},
}


@pytest.mark.parametrize("path", PATHS)
def test_the_way_to_the_culprit_is_said(path: str) -> None:
    found = find_culprit(PATHS[path])
    assert found is not None
    assert found.path == path


def test_nothing_is_blamed_in_what_can_travel() -> None:
    value: dict[str, Any] = {"a": [1, "x", len, Store(None), io.StringIO()]}
    value["self"] = value
    assert find_culprit(value) is None


def test_what_an_object_leaves_behind_is_not_to_blame() -> None:
    frame = pd.DataFrame({"a": [1]})
    found = find_culprit({"frame": frame, "log": logging.getLogger(), "x": [LOCK]})
    assert found is not None
    assert found.path == "['x'][0]"


def test_the_streams_of_the_kernel_travel_as_those_of_the_worker() -> None:
    streams = [sys.__stdout__, sys.stderr]
    encoded = encode(streams, ["pickle"])
    assert decode("pickle", blobs_of(encoded), allowed=["pickle"]) == streams
    with Path(__file__).open() as file, pytest.raises(CannotEncodeError):
        encode([file], ["pickle"])


def test_asking_runs_no_code_of_the_value() -> None:
    class Angry:
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    assert find_culprit([Angry()]) is None


def test_a_type_that_a_refusal_names_is_found() -> None:
    assert find_type({"a": [(), Store(LOCK)]}, "Store") == "['a'][1]"
    assert find_type([], "Store") is None


def test_dill_takes_what_cloudpickle_refuses() -> None:
    import dill

    value = {"parent": super(bool, True)}
    with pytest.raises(CannotEncodeError):
        encode(value, ["pickle"])
    encoded = encode(value, ["pickle", "dill"])
    assert encoded.format == "dill"
    assert encoded.references.modules == {"dill"}
    assert dill.__version__


def test_dill_is_not_asked_for_what_belongs_to_its_process() -> None:
    with pytest.raises(CannotEncodeError, match="lock"):
        encode([LOCK], ["pickle", "dill"])


def test_without_dill_the_refusal_is_that_of_cloudpickle(monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "dill", None)
    with pytest.raises(CannotEncodeError):
        encode({"parent": super(bool, True)}, ["pickle", "dill"])
