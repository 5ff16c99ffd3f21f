"""The list of the files that a task wrote, on the disk: it may be longer than memory holds."""

from __future__ import annotations

import contextlib
import heapq
import json
import os
from pathlib import Path
from typing import Any

from .walk import Entry

_NOT_TEXT = "its name is no text (UTF-8)"


class FileList:
    """Writes `files.jsonl`, and keeps the first few by name.

    A line is JSON in ASCII, so that no name can break it; bytes of a name that are no text are
    there as Python's `surrogateescape` has them.
    """

    def __init__(self, path: Path, kept: int) -> None:
        self._path = path
        self._aside = path.with_name(f"{path.name}.{os.getpid()}.part")
        descriptor = os.open(self._aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w", encoding="ascii", buffering=1 << 16)
        self._kept = kept
        # The last of the first names stands on top.
        self._heap: list[tuple[_Backwards, int, dict[str, Any]]] = []
        self.count = 0
        self.size = 0
        self.is_published = False

    def add(self, path: bytes, entry: Entry, *, is_new: bool) -> None:
        """Add a file by its path as seen from the task's folder."""
        size, mtime_ns, _ = entry.state or (0, 0, 0)
        fetchable = size if entry.problem is None else 0
        name = os.fsdecode(path)
        shown = path.decode("utf-8", "backslashreplace")
        file: dict[str, Any] = {
            "path": name,
            "bytes": fetchable,
            "modifiedAt": mtime_ns / 1e9,
            "isNew": is_new,
            "problem": entry.problem or (None if _is_text(path) else _NOT_TEXT),
        }
        self._file.write(json.dumps(file, separators=(",", ":")) + "\n")
        self.count += 1
        self.size += fetchable
        self._keep({**file, "path": shown})

    def _keep(self, file: dict[str, Any]) -> None:
        item = (_Backwards(file["path"]), self.count, file)
        if len(self._heap) < self._kept:
            heapq.heappush(self._heap, item)
        elif self._heap[0][0] < item[0]:
            heapq.heapreplace(self._heap, item)

    @property
    def told(self) -> int:
        """How many are kept."""
        return len(self._heap)

    def first(self) -> list[dict[str, Any]]:
        """Give the first ones by name."""
        return sorted((file for _, _, file in self._heap), key=lambda file: str(file["path"]))

    def publish(self) -> None:
        """Bring the list to the disk, then to its place."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._aside.replace(self._path)
        self.is_published = True

    def discard(self) -> None:
        """Leave nothing half written."""
        # What could not be written then cannot be written now.
        with contextlib.suppress(OSError):
            self._file.close()
        self._aside.unlink(missing_ok=True)


class _Backwards(str):
    """A text that sorts the other way round."""

    __slots__ = ()

    def __lt__(self, other: str) -> bool:
        return str.__gt__(self, other)


def _is_text(path: bytes) -> bool:
    try:
        path.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
