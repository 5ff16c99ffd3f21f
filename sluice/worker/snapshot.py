"""Whether the snapshot on this host is what was sent."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from .faults import WorkerError
from .patience import lasting_problem

# Larger files are checked by their size alone, and no more than so much is read in all: a start
# must not wait for a slow file system.
_HASHED_BYTES = 64 * 1024
_HASHED_BYTES_TOGETHER = 16 * 1024 * 1024


def check_snapshot(snapshot: Path) -> None:
    """Compare a snapshot with its manifest, whose hash is the snapshot's name.

    Raises
    ------
    WorkerError
        Something is missing or differs.
    """
    problem = lasting_problem(snapshot.parent, lambda: _presence_problem(snapshot))
    if problem is None:
        problem = _content_problem(snapshot)
    if problem is not None:
        raise WorkerError(
            "SnapshotError",
            f"the modules and files are not as they were sent: {problem}; "
            f"run the cell again, then {snapshot} is sent anew",
        )


def _presence_problem(snapshot: Path) -> str | None:
    if not snapshot.is_dir():
        return f"{snapshot} is missing"
    return None if (snapshot / "manifest.json").is_file() else "manifest.json is missing"


def _content_problem(snapshot: Path) -> str | None:
    try:
        text = (snapshot / "manifest.json").read_bytes()
        if hashlib.sha256(text).hexdigest() != snapshot.name:
            return "manifest.json differs"
        lines = [json.loads(line) for line in text.splitlines()]
    except (OSError, ValueError) as fault:
        return f"manifest.json cannot be read: {fault}"
    left = _HASHED_BYTES_TOGETHER
    # A line of one part is a folder of the task's own: it is no part of the snapshot.
    for entry in (line for line in lines if len(line) > 1):
        is_hashed = entry[2] <= min(left, _HASHED_BYTES)
        left -= entry[2] if is_hashed else 0
        problem = _entry_problem(snapshot, entry, is_hashed)
        if problem is not None:
            return problem
    return None


def _entry_problem(snapshot: Path, entry: list[Any], is_hashed: bool) -> str | None:
    place, sha256, size, _ = entry
    path = snapshot / place
    try:
        found = path.stat().st_size
        if found != size:
            return f"{place} has {found} bytes, not {size}"
        if is_hashed and hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
            return f"{place} differs"
    except FileNotFoundError:
        return f"{place} is missing"
    except OSError as fault:
        return f"{place} cannot be read: {fault.strerror}"
    return None
