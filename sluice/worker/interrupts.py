"""Interrupts that wait while the main thread writes an event."""

from __future__ import annotations

import threading
from typing import Callable

Act = Callable[[], None]


class Interrupts:
    """A reentrant lock, and what signals asked for while the main thread had it.

    Reentrant, since code that the collector of garbage runs may print while this thread has it.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._waiting: list[Act] = []

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for the main thread to leave the lock."""
        return bool(self._waiting)

    def take(self, act: Act) -> None:
        """Do what a signal asks for, which may raise, or note it; only for the main thread."""
        if self._waiting or self._is_held():
            self._waiting.append(act)
        else:
            act()

    def deliver(self) -> None:
        """Do what waits, as soon as the main thread has left the lock."""
        if threading.current_thread() is threading.main_thread() and not self._is_held():
            while self._waiting:
                self._waiting.pop(0)()

    def drop(self) -> None:
        """Forget what waits."""
        self._waiting = []

    def _is_held(self) -> bool:
        held: bool = self.lock._is_owned()  # type: ignore[attr-defined]
        return held
