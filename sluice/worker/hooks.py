"""What a cell wants done before its job leaves."""

from __future__ import annotations

import inspect
import sys
import threading
import traceback
from typing import Any, Callable


class Hooks:
    """The functions of `sluice.on_interrupt`; they are called once, in their order."""

    def __init__(self) -> None:
        self._functions: list[Callable[..., Any]] = []
        self._lock = threading.Lock()
        self._is_claimed = False
        self._done = threading.Event()

    def add(self, function: Callable[..., Any]) -> None:
        """Note a function."""
        self._functions.append(function)

    @property
    def are_left(self) -> bool:
        """Whether there is something to call that nobody has begun to call."""
        return bool(self._functions) and not self._is_claimed

    def call(self, seconds: float) -> None:
        """Call all, once, whoever comes first; one that fails says so and keeps none back."""
        with self._lock:
            is_first, self._is_claimed = not self._is_claimed, True
        if not is_first:
            return
        try:
            for function in self._functions:
                _call(function, seconds)
        finally:
            self._done.set()

    def wait(self, seconds: float) -> bool:
        """Wait until whoever calls them is done; False: that took longer."""
        return not self._functions or self._done.wait(seconds)

    def call_within(self, seconds: float, limit: float) -> None:
        """Call all in a thread of their own, and wait for them no longer than the limit."""
        threading.Thread(target=self.call, args=(seconds,), daemon=True).start()
        self.wait(limit)


def _call(function: Callable[..., Any], seconds: float) -> None:
    try:
        if _takes_argument(function):
            function(seconds)
        else:
            function()
    except Exception:  # noqa: BLE001 - it is the cell's own code, and what comes next matters more
        name = getattr(function, "__name__", repr(function))
        print(f"sluice: {name} of on_interrupt failed:", file=sys.stderr)
        traceback.print_exc()


def _takes_argument(function: Callable[..., Any]) -> bool:
    try:
        inspect.signature(function).bind(0.0)
    except (TypeError, ValueError):
        # It takes none, or is written in C and does not tell.
        return False
    return True
