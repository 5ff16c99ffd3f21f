"""A file that is touched as long as the worker lives."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

_SECONDS = 10.0


class Heartbeat:
    """Touches a file every ten seconds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name="sluice-heartbeat")

    def start(self) -> None:
        """Touch the file for the first time, and go on."""
        os.close(os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600))
        self._thread.start()

    def stop(self) -> None:
        """Touch it no more."""
        self._stop.set()

    def _beat(self) -> None:
        was_told = False
        while not self._stop.wait(_SECONDS):
            try:
                os.utime(self._path)
            except OSError as fault:
                # The task goes on: silence is no verdict.
                if not was_told:
                    was_told = True
                    print(f"sluice: no heartbeat: {fault}", file=sys.__stderr__)
