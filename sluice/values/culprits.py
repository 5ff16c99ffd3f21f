"""What in a value keeps it from travelling: the way to it, why, and what to do instead."""

from __future__ import annotations

import functools
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType, MethodType, ModuleType
from typing import Any

from .encoded import CannotEncodeError, TooLargeError
from .type_name import type_name

_MOST_OBJECTS = 100_000
_MOST_MEMBERS = 10_000
_MOST_BYTES = 100_000_000


@dataclass(frozen=True)
class Kind:
    """Something that belongs to its process."""

    what: str
    reason: str
    remedy: str


@dataclass(frozen=True)
class Culprit:
    """Where in a value something is that cannot travel; `path` is empty for the value itself."""

    path: str
    type: str
    kind: Kind


_LOCK = Kind(
    "a lock",
    "it guards something in this process only",
    "make it in the cell, or leave it out of the object with `__getstate__`",
)
_GENERATOR = Kind(
    "a running generator",
    "where it stands cannot be written down",
    "send a list of what it yields, or the function that makes it, and call that in the cell",
)
_COROUTINE = Kind(
    "a coroutine or task",
    "it belongs to this process's event loop",
    "send the function, and await it in the cell",
)
_FILE = Kind(
    "an open file",
    "it is open in this process only",
    "send its path, and open it in the cell",
)
_SOCKET = Kind(
    "a network connection",
    "it is open between this machine and another",
    "connect in the cell",
)
_DATABASE = Kind(
    "a database connection",
    "it is open in this process only",
    "send the path or address of the database, and connect in the cell",
)
_POOL = Kind(
    "a pool or a thread",
    "its workers live in this process",
    "make it in the cell",
)
_PROCESS = Kind(
    "a running process",
    "it runs on this machine",
    "start it in the cell",
)
_QUEUE = Kind(
    "a queue between threads or processes",
    "it holds locks of this process",
    "make it in the cell, and send what is in it as a list",
)
_WEAK = Kind(
    "a weak reference",
    "it does not hold what it refers to",
    "send the object itself",
)
_FRAME = Kind(
    "a frame or traceback",
    "it is a place in code that runs here",
    "send its text: `traceback.format_exc()`",
)
_DEVICE = Kind(
    "a tensor without data in memory",
    "its data is on a device that does not give it, or nowhere",
    "send a copy made with `.cpu()`, or make it in the cell",
)
_POINTER = Kind(
    "a pointer into this process's memory",
    "the address means nothing elsewhere",
    "make it in the cell",
)
_SESSION = Kind(
    "a session with a cluster or server",
    "its connections belong to this process",
    "make it in the cell",
)

# By the module and name of a class that the value's type is or comes from.
_KINDS = {
    "_thread.lock": _LOCK,
    "_thread.RLock": _LOCK,
    "threading.Condition": _LOCK,
    "threading.Semaphore": _LOCK,
    "threading.Event": _LOCK,
    "threading.Barrier": _LOCK,
    "threading._RLock": _LOCK,
    "_multiprocessing.SemLock": _LOCK,
    "multiprocessing.synchronize.SemLock": _LOCK,
    "asyncio.locks.Lock": _LOCK,
    "builtins.generator": _GENERATOR,
    "builtins.async_generator": _GENERATOR,
    "builtins.coroutine": _COROUTINE,
    "_asyncio.Future": _COROUTINE,
    "_asyncio.Task": _COROUTINE,
    "asyncio.events.AbstractEventLoop": _COROUTINE,
    "_io.TextIOWrapper": _FILE,
    "_io._BufferedIOBase": _FILE,
    "_io.FileIO": _FILE,
    "_io.BufferedReader": _FILE,
    "_io.BufferedWriter": _FILE,
    "_io.BufferedRandom": _FILE,
    "tempfile._TemporaryFileWrapper": _FILE,
    "mmap.mmap": _FILE,
    "zipfile.ZipFile": _FILE,
    "tarfile.TarFile": _FILE,
    "h5py._hl.base.HLObject": _FILE,
    "_socket.socket": _SOCKET,
    "ssl.SSLSocket": _SOCKET,
    "_ssl.SSLContext": _SOCKET,
    "_ssl._SSLContext": _SOCKET,
    "http.client.HTTPConnection": _SOCKET,
    "paramiko.client.SSHClient": _SOCKET,
    "multiprocessing.connection._ConnectionBase": _SOCKET,
    "sqlite3.Connection": _DATABASE,
    "sqlite3.Cursor": _DATABASE,
    "duckdb.DuckDBPyConnection": _DATABASE,
    "_duckdb.DuckDBPyConnection": _DATABASE,
    "psycopg2.extensions.connection": _DATABASE,
    "psycopg.BaseConnection": _DATABASE,
    "pymysql.connections.Connection": _DATABASE,
    "sqlalchemy.engine.base.Engine": _DATABASE,
    "sqlalchemy.engine.base.Connection": _DATABASE,
    "sqlalchemy.orm.session.Session": _DATABASE,
    "concurrent.futures._base.Executor": _POOL,
    "concurrent.futures._base.Future": _POOL,
    "multiprocessing.pool.Pool": _POOL,
    "multiprocessing.context.BaseContext": _POOL,
    "threading.Thread": _POOL,
    "_thread._local": _POOL,
    "_thread._ThreadHandle": _POOL,
    "subprocess.Popen": _PROCESS,
    "multiprocessing.process.BaseProcess": _PROCESS,
    "queue.Queue": _QUEUE,
    "_queue.SimpleQueue": _QUEUE,
    "multiprocessing.queues.Queue": _QUEUE,
    "weakref.ReferenceType": _WEAK,
    "builtins.weakref": _WEAK,
    "weakref.ProxyType": _WEAK,
    "builtins.frame": _FRAME,
    "builtins.traceback": _FRAME,
    "_ctypes._Pointer": _POINTER,
    "_ctypes.CFuncPtr": _POINTER,
    "distributed.client.Client": _SESSION,
    "pyspark.sql.session.SparkSession": _SESSION,
    "pyspark.context.SparkContext": _SESSION,
}


def find_culprit(value: Any, namespace: dict[str, Any] | None = None) -> Culprit | None:
    """Find the nearest thing in a value that belongs to its process; None: there is none known.

    Only what a pickle refuses is looked into: many objects hold a lock and leave it behind.

    Parameters
    ----------
    value
        Any object.
    namespace
        The globals of the notebook's functions.
    """
    for path, item in _refused(value, namespace):
        kind = _kind_of(item)
        if kind is not None:
            return Culprit(path, type_name(item), kind)
    return None


def find_type(value: Any, name: str, namespace: dict[str, Any] | None = None) -> str | None:
    """Return the way to the nearest thing of a type that a pickle refuses, or None."""
    for path, item in _refused(value, namespace):
        kind = type(item)
        if name in (kind.__name__, kind.__qualname__, f"{kind.__module__}.{kind.__qualname__}"):
            return path
    return None


def _refused(value: Any, namespace: dict[str, Any] | None) -> Iterator[tuple[str, Any]]:
    """Yield what in a value a pickle refuses, the nearest first, each once."""
    waiting = deque([("", value)] if _is_refused(value, namespace) else [])
    # Kept alive: made on the way, they would leave their identities to the next.
    seen = {id(value): value}
    while waiting and len(seen) < _MOST_OBJECTS:
        path, item = waiting.popleft()
        yield path, item
        for step, member in _members(item):
            if id(member) in seen or issubclass(type(member), _WITHOUT_MEMBERS):
                continue
            seen[id(member)] = member
            if _is_refused(member, namespace):
                waiting.append((path + step, member))


def _is_refused(value: Any, namespace: dict[str, Any] | None) -> bool:
    from .pickle_format import encode_pickle

    try:
        encode_pickle(value, namespace, _MOST_BYTES)
    except TooLargeError:
        # It may be refused further on; what is in it tells.
        return True
    except CannotEncodeError:
        return True
    return False


def _kind_of(item: Any) -> Kind | None:
    for kind in type(item).__mro__:
        found = _KINDS.get(f"{kind.__module__}.{kind.__qualname__}")
        if found is not None:
            return found
    device = getattr(item, "device", None) if type_name(item) in _TENSORS else None
    return _DEVICE if getattr(device, "type", None) == "meta" else None


_TENSORS = ("torch.Tensor", "torch.nn.parameter.Parameter")
_WITHOUT_MEMBERS = (str, bytes, bytearray, int, float, complex, type(None), ModuleType)


def _members(item: Any) -> Iterator[tuple[str, Any]]:
    """Yield what a value holds, each with how one would write the way to it."""
    kind = type(item)
    if issubclass(kind, dict):
        for key, member in list(dict.items(item))[:_MOST_MEMBERS]:
            yield f"[{_short(key)}]", member
    elif (base := _base_of(kind)) is not None:
        for number, member in enumerate(list(base.__iter__(item))[:_MOST_MEMBERS]):
            yield f"[{number}]" if base in _SEQUENCES else "{…}", member
    elif issubclass(kind, FunctionType):
        yield from _closure(item)
    elif issubclass(kind, MethodType):
        yield ".__self__", item.__self__
    elif kind is functools.partial:
        yield ".func", item.func
        yield ".args", item.args
        yield ".keywords", item.keywords
    if not issubclass(kind, (type, FunctionType)):
        yield from _attributes(item)


_SEQUENCES = (list, tuple, deque)


def _base_of(kind: type) -> Any:
    """Return the container of Python's own whose members a value has, by its own iteration."""
    return next((base for base in (*_SEQUENCES, set, frozenset) if issubclass(kind, base)), None)


def _closure(function: FunctionType) -> Iterator[tuple[str, Any]]:
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            yield f" → {name}", cell.cell_contents
        except ValueError:
            # A cell that nothing was put into yet.
            continue
    for number, default in enumerate(function.__defaults__ or ()):
        yield f".__defaults__[{number}]", default


def _attributes(item: Any) -> Iterator[tuple[str, Any]]:
    try:
        own = object.__getattribute__(item, "__dict__")
    except AttributeError:
        own = {}
    if issubclass(type(own), dict):
        for name, member in list(own.items()):
            yield f".{name}", member
    for kind in type(item).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for name in [slots] if issubclass(type(slots), str) else list(slots):
            try:
                yield f".{name}", object.__getattribute__(item, name)
            except AttributeError:
                # A slot that is empty, or of another name inside the class.
                continue


def _short(key: Any) -> str:
    if issubclass(type(key), (str, int, float, bytes, tuple)):
        text = repr(key)
        return text if len(text) <= 40 else f"{text[:37]}…"
    return type(key).__name__
