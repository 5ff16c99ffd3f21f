"""How large a value is, estimated before anything is copied."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

from ..values.frame_equality import frame_bytes, is_frame

_SAMPLE = 10_000
_DEPTH = 4
_EAGER_LIBRARIES = frozenset(["numpy", "torch", "cupy", "jaxlib", "builtins"])


def estimated_bytes(value: Any) -> int:
    """Return a lower estimate of what a value takes when written out."""
    return _estimate(value, _DEPTH, set())


def readable_bytes(count: float) -> str:
    """Write a size for a person, such as `1.5 GB`."""
    for unit in ("bytes", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1000
    return f"{count:.1f} TB"


def _estimate(value: Any, depth: int, seen: set[int]) -> int:
    if isinstance(value, (str, bytes, bytearray)):
        return len(value)
    if id(value) in seen:
        return 0
    seen.add(id(value))
    measured = _measured(value)
    if measured is not None:
        return measured
    if depth > 0 and isinstance(value, (dict, set, frozenset)):
        # A copy in one step: a cell may be running beside us and change it.
        members = list(value.values() if isinstance(value, dict) else value)
        return _sampled(members, len(members), depth, seen)
    if depth > 0 and isinstance(value, (list, tuple)):
        return _sampled(value, len(value), depth, seen)
    attributes = getattr(value, "__dict__", None)
    if depth > 0 and isinstance(attributes, dict) and not isinstance(value, type):
        return _sampled(list(attributes.values()), len(attributes), depth, seen)
    return sys.getsizeof(value, 0) if isinstance(value, (int, float)) else 0


def _sampled(values: Any, count: int, depth: int, seen: set[int]) -> int:
    """Estimate a long container from its head."""
    head = list(islice(values, _SAMPLE))
    total = sum(_estimate(value, depth - 1, seen) for value in head)
    return total if count <= len(head) else total * count // len(head)


def _measured(value: Any) -> int | None:
    """Return what arrays and frames say of themselves."""
    # Some types of libraries in C have a descriptor in the place of a name.
    module = type(value).__module__
    library = module.partition(".")[0] if isinstance(module, str) else ""
    if is_frame(value):
        return frame_bytes(value)
    if library == "pandas" and hasattr(value, "memory_usage"):
        usage = value.memory_usage(deep=False)
        return int(usage if isinstance(usage, int) else usage.sum())
    # Others, dask for one, count with `nbytes` what they have not computed yet.
    if library not in _EAGER_LIBRARIES or isinstance(value, type):
        return None
    measured = getattr(value, "nbytes", None)
    return int(measured) if isinstance(measured, int) else None
