"""Which files a task made in its working directory."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Callable

# Folders that tools keep for themselves.
_NO_RESULTS = frozenset(["__pycache__", ".ipynb_checkpoints"])

Listing = dict[str, tuple[int, int, int]]


class WorkFiles:
    """Notes the files that a task finds, so that those it makes can be told at any end."""

    def __init__(self, folder: Path, event: Callable[[str, dict[str, Any]], None]) -> None:
        self._folder = folder
        self._event = event
        self._before: Listing | None = None

    def note(self) -> None:
        """Look at what is there before the task's own code runs."""
        self._before = listing(self._folder)

    def tell(self, deadline: float | None = None) -> None:
        """Write an event for each file that is new or changed, once.

        With a deadline (of `time.monotonic`) the rest is left out when it has passed.
        """
        before, self._before = self._before, None
        if before is not None:
            for file in changed_files(before, listing(self._folder, deadline)):
                self._event("file", file)


def listing(work: Path, deadline: float | None = None) -> Listing:
    """Return what tells one state of each file below a folder from another.

    With a deadline (of `time.monotonic`) the rest is left out when it has passed.
    """
    found: Listing = {}
    folders = [str(work)]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if deadline is not None and time.monotonic() > deadline:
                        return found
                    _list_one(entry, folders, found, work)
        except FileNotFoundError:
            # Removed meanwhile, by what the cell left running.
            continue
        except PermissionError as fault:
            print(f"sluice: files cannot be listed: {fault}", file=sys.stderr)
    return found


def _list_one(entry: os.DirEntry[str], folders: list[str], found: Listing, work: Path) -> None:
    if entry.is_dir(follow_symlinks=False):
        if entry.name not in _NO_RESULTS:
            folders.append(entry.path)
    elif entry.is_file(follow_symlinks=False):
        stat = entry.stat(follow_symlinks=False)
        name = os.path.relpath(entry.path, work)
        found[name] = (stat.st_size, stat.st_mtime_ns, stat.st_ino)


def changed_files(before: Listing, after: Listing) -> list[dict[str, Any]]:
    """Return the files that are new or changed, as events say them."""
    return [
        {"path": path, "bytes": state[0]}
        for path, state in sorted(after.items())
        if before.get(path) != state
    ]
