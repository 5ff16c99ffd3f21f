"""Blobs of values, read whole and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .faults import WorkerError
from .patience import lasting_problem

#: What lies there since a former task is checked by its size alone beyond that: to hash it takes
#: longer than to read it.
_MOST_HASHED_BYTES = 10**9


def read_blobs(root: Path, value: Mapping[str, Any]) -> dict[str, bytearray]:
    """Return the blobs of a value by role, in memory that arrays can use and change.

    A blob with a `path` is a file of a former task.

    Raises
    ------
    WorkerError
        A blob is missing, or is not what was sent.
    """
    name = value["name"]
    return {blob["role"]: _read(_place_of(root, blob), blob, name) for blob in value["blobs"]}


def _place_of(root: Path, blob: Mapping[str, Any]) -> Path:
    former = blob.get("path")
    return root / "blobs" / blob["sha256"] if former is None else Path(former)


def _read(path: Path, blob: Mapping[str, Any], name: str) -> bytearray:
    size = blob["bytes"]
    problem = lasting_problem(path.parent, lambda: _problem(path, size))
    if problem is not None:
        raise WorkerError("ValueUnreadable", f"the variable {name} is not here: {problem}")
    data = bytearray(size)
    with path.open("rb", buffering=0) as file:
        view, read = memoryview(data), 0
        while read < size:
            count = file.readinto(view[read:])
            if not count:
                break
            read += count
    if read != size or not _is_same(data, blob):
        raise WorkerError("ValueUnreadable", f"the variable {name} is damaged: {path}")
    return data


def _is_same(data: bytearray, blob: Mapping[str, Any]) -> bool:
    is_trusted = "path" in blob and len(data) > _MOST_HASHED_BYTES
    return is_trusted or hashlib.sha256(data).hexdigest() == blob["sha256"]


def _problem(path: Path, size: int) -> str | None:
    try:
        found = path.stat().st_size
    except FileNotFoundError:
        return f"{path} is missing"
    except OSError as fault:
        return str(fault)
    return None if found == size else f"{path} has {found} of {size} bytes"
