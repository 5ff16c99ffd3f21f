"""A lock inside which KeyboardInterrupt waits."""

from __future__ import annotations

import threading
from types import TracebackType


class MainLock:
    """A reentrant lock; an interrupt that comes while the main thread has it is raised after.

    Reentrant, since code that the collector of garbage runs may print while this thread has it.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._main = threading.main_thread().ident
        self._depth = 0
        self._is_interrupted = False

    def defer_interrupt(self) -> bool:
        """Note an interrupt, in the main thread; False when it has not the lock."""
        if self._depth:
            self._is_interrupted = True
        return self._depth > 0

    def __enter__(self) -> None:
        if threading.get_ident() == self._main:
            self._depth += 1
        self._lock.acquire()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _value: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._lock.release()
        if threading.get_ident() == self._main:
            self._depth -= 1
            if self._is_interrupted and not self._depth:
                self._is_interrupted = False
                raise KeyboardInterrupt
