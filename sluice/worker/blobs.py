"""Blobs of values, read whole and checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .faults import WorkerError
from .patience import lasting_problem


def read_blobs(root: Path, value: Mapping[str, Any]) -> dict[str, bytearray]:
    """Return the blobs of a value by role, in memory that arrays can use and change.

    Raises
    ------
    WorkerError
        A blob is missing, or is not what was sent.
    """
    return {blob["role"]: _read(root / "blobs", blob, value["name"]) for blob in value["blobs"]}


def _read(folder: Path, blob: Mapping[str, Any], name: str) -> bytearray:
    path = folder / blob["sha256"]
    size = blob["bytes"]
    problem = lasting_problem(folder, lambda: _problem(path, size))
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
    if read != size or hashlib.sha256(data).hexdigest() != blob["sha256"]:
        raise WorkerError("ValueUnreadable", f"the variable {name} is damaged: {path}")
    return data


def _problem(path: Path, size: int) -> str | None:
    try:
        found = path.stat().st_size
    except FileNotFoundError:
        return f"{path} is missing"
    except OSError as fault:
        return str(fault)
    return None if found == size else f"{path} has {found} of {size} bytes"
