"""What lies below a folder, one by one, without following a link."""

from __future__ import annotations

import os
import stat
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

# Folders that tools keep for themselves.
_NO_RESULTS = frozenset([b"__pycache__", b".ipynb_checkpoints"])

# What tells one state of a file from another: size, time of change, number.
State = tuple[int, int, int]

_KINDS = (
    (stat.S_ISLNK, "it is a symbolic link"),
    (stat.S_ISFIFO, "it is a named pipe"),
    (stat.S_ISSOCK, "it is a socket"),
    (stat.S_ISBLK, "it is a device"),
    (stat.S_ISCHR, "it is a device"),
)


@dataclass(frozen=True)
class Entry:
    """Something that is no folder; `problem` says why it cannot be fetched."""

    path: bytes
    state: State | None
    problem: str | None = None
    #: Not a file: there was no time for the rest.
    is_end: bool = False


def walk(folder: bytes, deadline: float | None = None) -> Iterator[Entry]:
    """Give what lies below a folder, in no order, in the memory of the folders' names.

    With a deadline (of `time.monotonic`) the last entry is an end when it has passed.
    """
    folders = [folder]
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                for entry in entries:
                    if deadline is not None and time.monotonic() > deadline:
                        yield Entry(b"", None, is_end=True)
                        return
                    if not entry.is_dir(follow_symlinks=False):
                        yield from _look(entry)
                    elif entry.name not in _NO_RESULTS:
                        folders.append(entry.path)
        except FileNotFoundError:
            # Removed meanwhile, by what the cell left running.
            continue
        except OSError as fault:
            print(f"sluice: files cannot be listed: {fault}", file=sys.stderr)


def _look(entry: os.DirEntry[bytes]) -> Iterator[Entry]:
    try:
        found = entry.stat(follow_symlinks=False)
    except FileNotFoundError:
        return
    problem = next((words for is_kind, words in _KINDS if is_kind(found.st_mode)), None)
    yield Entry(entry.path, (found.st_size, found.st_mtime_ns, found.st_ino), problem)
