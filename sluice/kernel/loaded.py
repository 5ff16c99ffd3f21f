"""Local modules that the kernel has loaded, and whether they were edited since."""

from __future__ import annotations

import ast
import functools
import importlib.util
import marshal
import os
import sys
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

from .code_identity import code_key, definitions_in
from .modules import module_file, plain_attributes

_SKIPPED = frozenset(["__main__", "__mp_main__", "_sluice", "sluice"])
_MOST_BYTES = 5_000_000
_CACHE_HEADER = 16
_CLOCK_ROUNDING_S = 2
_PLAIN = (str, bytes, bool, int, float, type(None))

_CACHED = type(functools.lru_cache(len))
_Stamp = tuple[int, int, int]


@dataclass
class _Seen:
    """What was found of a module: the file as it was, and its top-level code when first seen."""

    spec: Any
    stamp: _Stamp
    is_changed: bool
    top_level: Any


@dataclass
class _Known:
    """Loaded modules that are installed, or lie nowhere."""

    installed: tuple[str, ...] = ()
    elsewhere: dict[str, Any] = field(default_factory=dict)


_known = _Known()
_seen: dict[str, _Seen] = {}


@dataclass(frozen=True)
class LocalModule:
    """A loaded module that is not installed."""

    name: str
    file: str
    attributes: dict[str, Any]


def loaded_modules(modules: Iterable[LocalModule]) -> list[dict[str, Any]]:
    """Return `{module, file, isChanged}` for each."""
    return [
        {"module": each.name, "file": each.file, "isChanged": _is_changed(each)} for each in modules
    ]


def local_modules(installed: tuple[str, ...]) -> list[LocalModule]:
    """Return the loaded modules that lie outside of installed folders, by name."""
    if _known.installed != installed:
        _known.installed, _known.elsewhere = installed, {}
    elsewhere = _known.elsewhere
    # Most of the many modules of a kernel have been looked at before.
    fresh = [
        (name, module)
        for name, module in list(sys.modules.items())
        if elsewhere.get(name, _known) is not module
    ]
    found = []
    for name, module in fresh:
        file = _local_file(name, module, installed)
        if file is None:
            elsewhere[name] = module
        else:
            found.append(LocalModule(name, file, plain_attributes(module) or {}))
    return sorted(found, key=lambda each: each.name)


def _local_file(name: Any, module: Any, installed: tuple[str, ...]) -> str | None:
    file = module_file(module)
    if file is None or type(name) is not str or name.partition(".")[0] in _SKIPPED:
        return None
    place = os.path.abspath(file)  # noqa: PTH100
    if file.startswith(installed) or place.startswith(installed) or _is_in_archive(place):
        return None
    return place


def _is_changed(module: LocalModule) -> bool:
    name, file, attributes = module.name, module.file, module.attributes
    stamp = _stamp(file)
    # A reload gives the module another one.
    spec = attributes.get("__spec__")
    seen = _seen.get(name)
    is_same = seen is not None and seen.spec is spec
    if seen is not None and is_same and seen.stamp == stamp and not seen.is_changed:
        return False
    if stamp is None:
        return True
    if not file.endswith(".py"):
        _seen.setdefault(name, _Seen(spec, stamp, False, None))
        return _seen[name].stamp != stamp
    first = seen.top_level if seen is not None and is_same else None
    top_level, is_changed = _compare(file, stamp, attributes, first)
    kept = first if first is not None else (None if is_changed else top_level)
    _seen[name] = _Seen(spec, stamp, is_changed, kept)
    return is_changed


def _compare(file: str, stamp: _Stamp, attributes: dict[str, Any], first: Any) -> tuple[Any, bool]:
    """Return the top-level code on disk, and whether the kernel runs something else."""
    kept = _cached_code(attributes.get("__cached__"))
    is_kept = kept is not None and kept[0] == _header(stamp)
    is_older = max(stamp[0], stamp[2]) < _started_ns()
    if first is None and is_older and (kept is None or is_kept):
        # Older than this process: it cannot have been edited since.
        return None, False
    code = _compiled(file)
    if code is None:
        return None, True
    top_level = code_key(code, with_inner=False)
    if first is not None and first != top_level:
        return top_level, True
    if not _runs_the_same(code, attributes):
        return top_level, True
    if first is None and kept is not None and not is_kept:
        # What Python compiled when it imported the module.
        before = _unmarshalled(kept[1])
        return top_level, before is not None and code_key(before, with_inner=False) != top_level
    # Another process may have compiled the file since, so what was kept proves nothing.
    return top_level, first is None and not _holds_literals(file, attributes)


def _runs_the_same(code: CodeType, attributes: dict[str, Any]) -> bool:
    """Compare the functions that the module holds with those on disk."""
    on_disk = definitions_in(code)
    for qualified, function in _functions(attributes):
        here = function.__code__
        if here.co_filename != code.co_filename and not _is_same_file(here, code):
            continue
        there = on_disk.get(qualified, [])
        if not any(code_key(each) == code_key(here) for each in there):
            return False
    return True


def _functions(attributes: dict[str, Any]) -> Iterator[tuple[str, FunctionType]]:
    own = attributes.get("__name__")
    for member in list(attributes.values()):
        if isinstance(member, type) and vars(member).get("__module__") == own:
            yield from _methods(member)
        else:
            yield from _unwrapped(member, own)


def _methods(kind: type, depth: int = 3) -> Iterator[tuple[str, FunctionType]]:
    for member in list(vars(kind).values()):
        if isinstance(member, type) and depth and member.__module__ == kind.__module__:
            if member.__qualname__.startswith(f"{kind.__qualname__}."):
                yield from _methods(member, depth - 1)
        else:
            yield from _unwrapped(member, kind.__module__)


def _unwrapped(member: Any, module: Any) -> Iterator[tuple[str, FunctionType]]:
    """Yield the function behind a decorator, a property or a method of the class."""
    for _ in range(10):
        if isinstance(member, (staticmethod, classmethod)):
            member = member.__func__
        elif isinstance(member, property):
            member = member.fget
        elif isinstance(member, (FunctionType, _CACHED)) and "__wrapped__" in vars(member):
            member = vars(member)["__wrapped__"]
        else:
            break
    is_own = isinstance(member, FunctionType) and member.__module__ == module
    if is_own and "<" not in member.__qualname__:
        yield member.__qualname__, member


def _holds_literals(file: str, attributes: dict[str, Any]) -> bool:
    """Compare plain constants at the top of the file with what the module holds."""
    tree = ast.parse(Path(file).read_bytes())
    stores = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _is_store(n))
    for node in tree.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Constant):
            continue
        names = [n.id for n in node.targets if isinstance(n, ast.Name) and stores[n.id] == 1]
        wanted = node.value.value
        for name in names:
            value = attributes.get(name, wanted)
            if type(value) in _PLAIN and (type(value), value) != (type(wanted), wanted):
                return False
    return True


def _is_store(name: ast.Name) -> bool:
    return not isinstance(name.ctx, ast.Load)


def _is_same_file(here: CodeType, there: CodeType) -> bool:
    try:
        return Path(here.co_filename).samefile(there.co_filename)
    except OSError:
        return False


def _compiled(file: str) -> CodeType | None:
    """Compile what is on disk now; None: Python could not."""
    try:
        source = Path(file).read_bytes()
        if len(source) > _MOST_BYTES:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code: CodeType = compile(source, file, "exec", dont_inherit=True)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return code


def _cached_code(place: Any) -> tuple[bytes, bytes] | None:
    """Return header and body of the compiled file that the import left."""
    if not isinstance(place, str):
        return None
    try:
        data = Path(place).read_bytes()
    except OSError:
        return None
    is_readable = data[:4] == importlib.util.MAGIC_NUMBER and data[4:8] == b"\0\0\0\0"
    return (data[8:_CACHE_HEADER], data[_CACHE_HEADER:]) if is_readable else None


def _unmarshalled(data: bytes) -> CodeType | None:
    try:
        code = marshal.loads(data)  # noqa: S302
    except (EOFError, ValueError, TypeError):
        return None
    return code if isinstance(code, CodeType) else None


def _header(stamp: _Stamp) -> bytes:
    seconds, size = stamp[0] // 1_000_000_000, stamp[1]
    words = (seconds & 0xFFFFFFFF, size & 0xFFFFFFFF)
    return b"".join(word.to_bytes(4, "little") for word in words)


def _stamp(file: str) -> _Stamp | None:
    try:
        status = os.stat(file)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    # The last one also tells of a file that was moved here with an older date.
    return status.st_mtime_ns, status.st_size, status.st_ctime_ns


@functools.cache
def _started_ns() -> int:
    """When this process began, rather earlier than later; 0 where the system does not say."""
    try:
        words = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
        lines = Path("/proc/stat").read_text().splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime "))
        since_boot = int(words[19]) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, StopIteration):
        return 0
    return int((booted + since_boot - _CLOCK_ROUNDING_S) * 1e9)


def _is_in_archive(file: str) -> bool:
    """Whether a file is inside another one, as those of a zip on the path are."""
    folder = os.path.dirname(file)  # noqa: PTH120
    return not os.path.isdir(folder) and any(map(os.path.isfile, _above(folder)))  # noqa: PTH112


def _above(folder: str) -> Iterator[str]:
    while folder != os.path.dirname(folder):  # noqa: PTH120
        yield folder
        folder = os.path.dirname(folder)  # noqa: PTH120
