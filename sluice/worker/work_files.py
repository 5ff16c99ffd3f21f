"""Which files a task wrote or changed in its working directory."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

from .file_list import FileList
from .walk import State, walk

# So many are told one by one; the list has them all.
_TOLD = 500
LIST_NAME = "files.jsonl"


class WorkFiles:
    """Notes the files that a task finds, so that those it writes can be told at any end.

    Parameters
    ----------
    work : Path
        The attempt's `work/`.
    attempt : Path
        The attempt's folder, for the list.
    event : Callable
        Writes an event.
    """

    def __init__(
        self, work: Path, attempt: Path, event: Callable[[str, dict[str, Any]], None]
    ) -> None:
        self._work = os.fsencode(work)
        self._list = attempt / LIST_NAME
        self._event = event
        self._from = self._work
        self._before: dict[bytes, State] | None = None
        self._telling = threading.Lock()

    def note(self, cwd: str) -> None:
        """Look at what is there before the task's own code runs, and from where paths are told."""
        self._from = os.path.normpath(os.path.join(self._work, os.fsencode(cwd)))  # noqa: PTH118
        self._before = {entry.path: entry.state for entry in walk(self._work) if entry.state}

    def tell(self, deadline: float | None = None) -> None:
        """Write an event for each of the first files, the list of all, and how many; once.

        With a deadline (of `time.monotonic`) the rest is left out when it has passed. Whoever comes
        second waits for the first.
        """
        wait = -1 if deadline is None else max(0.0, deadline - time.monotonic())
        if not self._telling.acquire(timeout=wait):
            return
        try:
            before, self._before = self._before, None
            if before is not None:
                self._tell_once(before, deadline)
        finally:
            self._telling.release()

    def _tell_once(self, before: dict[bytes, State], deadline: float | None) -> None:
        found = FileList(self._list, _TOLD)
        try:
            is_whole = self._collect(before, found, deadline)
            if found.count > 0:
                found.publish()
            else:
                found.discard()
        except OSError as fault:
            found.discard()
            is_whole = False
            print(f"sluice: {self._list} cannot be written: {fault}", file=sys.stderr)
        self._tell(found, is_whole)

    def _collect(self, before: dict[bytes, State], found: FileList, deadline: float | None) -> bool:
        for entry in walk(self._work, deadline):
            if entry.is_end:
                return False
            known = before.get(entry.path)
            if known is None or known != entry.state:
                found.add(os.path.relpath(entry.path, self._from), entry, is_new=known is None)
        return True

    def _tell(self, found: FileList, is_whole: bool) -> None:
        if found.count == 0 and is_whole:
            return
        for file in found.first():
            self._event("file", file)
        data = {
            "count": found.count,
            "bytes": found.size,
            "list": LIST_NAME if found.is_published else None,
            "listed": found.told,
            "isWhole": is_whole,
        }
        self._event("files", data)
