"""The time that a rehearsal may take."""

from __future__ import annotations

import os
import signal
import threading
from typing import Callable

#: How long code may take to heed an interrupt.
GRACE_SECONDS = 5.0
_AGAIN_SECONDS = 1.0


class TimeLimit:
    """Interrupts the main thread when the time is up, and ends the process when that does not help.

    `is_up` is called in a thread of its own before the first interrupt; `leave` writes what there
    is to write and returns the exit status.
    """

    def __init__(self, seconds: float, is_up: Callable[[], None], leave: Callable[[], int]) -> None:
        self.seconds = seconds
        self.has_passed = False
        self._is_up = is_up
        self._leave = leave
        self._over = threading.Event()
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to count."""
        threading.Thread(target=self._wait, daemon=True, name="sluice-limit").start()

    def end(self) -> None:
        """Stop counting: no interrupt comes after this has returned."""
        with self._lock:
            self._over.set()

    def _wait(self) -> None:
        if self._over.wait(self.seconds):
            return
        with self._lock:
            if self._over.is_set():
                return
            self.has_passed = True
            self._is_up()
        for _ in range(int(GRACE_SECONDS / _AGAIN_SECONDS)):
            with self._lock:
                if self._over.is_set():
                    return
                # To the thread, so that a call of the system that waits is interrupted too.
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            if self._over.wait(_AGAIN_SECONDS):
                return
        os._exit(self._leave())
