"""One line on a terminal that says where a task is, until it says something itself."""

from __future__ import annotations

import sys
from typing import Any, TextIO

from .task_words import start_words

_CLEAR = "\r\x1b[K"


class PhaseLine:
    """Shows and takes away the line; on anything but a terminal it does nothing.

    A notebook's outputs are saved, and the line would stay in them: there the page has its own.

    Parameters
    ----------
    stream : TextIO, optional
        Where to write; by default what `sys.stderr` is now.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._is_terminal = self._stream.isatty()
        self._shown = ""

    def show(self, task: dict[str, Any]) -> None:
        """Show the task's phase and what is known of it."""
        why = task["progress"] or (task["reason"] or {}).get("message") or ""
        about = ", ".join(filter(None, [start_words(task), why]))
        words = f"{task['phase']} on {task['target']}" + (f": {about}" if about else "")
        self._write(" ".join(words.split())[:78])

    def clear(self) -> None:
        """Take the line away; may be called twice."""
        self._write("")

    def _write(self, words: str) -> None:
        if self._is_terminal and words != self._shown:
            self._stream.write(f"{_CLEAR}{words}")
            self._stream.flush()
            self._shown = words
