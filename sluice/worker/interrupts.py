"""Interrupts that wait while the main thread writes an event."""

from __future__ import annotations

import threading


class Interrupts:
    """A reentrant lock, and the interrupts that came while the main thread had it.

    Reentrant, since code that the collector of garbage runs may print while this thread has it.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.is_waiting = False

    def defer(self) -> bool:
        """Note an interrupt, in the main thread; False when it has not the lock."""
        self.is_waiting = self.is_waiting or self._is_held()
        return self.is_waiting

    def deliver(self) -> None:
        """Raise the interrupt that waits, as soon as the main thread has left the lock."""
        if threading.current_thread() is threading.main_thread() and not self._is_held():
            self.is_waiting = False
            raise KeyboardInterrupt

    def _is_held(self) -> bool:
        held: bool = self.lock._is_owned()  # type: ignore[attr-defined]
        return held
