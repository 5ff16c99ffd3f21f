"""`events.jsonl`: numbered lines, each written whole."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any, Callable

from .json_lines import line_of
from .seal import Sealing, no_seal


class EventFile:
    """Appends events. Not for several threads at once: its owner has the lock.

    A disk that fills cuts no line in half and raises nothing in the cell: what could not be written
    is dropped, and `fault` says so to whoever ends the task.
    """

    def __init__(
        self, path: Path, seal: Sealing = no_seal, clock: Callable[[], float] = time.time
    ) -> None:
        # Always at the end: what another writes there must not have lines of ours written over it,
        # since whoever follows has read that far.
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
        self._descriptor = os.open(path, flags, 0o600)
        self._seal = seal
        self._clock = clock
        self.last_seq = 0
        self.fault: OSError | None = None

    def write(self, events: list[tuple[str, dict[str, Any]]]) -> None:
        """Append events in one write."""
        now = self._clock()
        seq = self.last_seq
        lines = []
        for type, data in events:
            seq += 1
            lines.append(self._seal(line_of(seq, now, type, data)))
        if self._append(b"".join(lines)):
            self.last_seq = seq

    def sync(self) -> None:
        """Bring everything to the disk."""
        try:
            os.fsync(self._descriptor)
        except OSError as fault:
            self.fault = self.fault or fault

    def _append(self, data: bytes) -> bool:
        written = 0
        before = os.fstat(self._descriptor).st_size
        try:
            while written < len(data):
                written += os.write(self._descriptor, data[written:] if written else data)
        except OSError as fault:
            self.fault = self.fault or fault
            os.ftruncate(self._descriptor, before)
            return False
        return True
