"""Which line of the cell led to something."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from .watched import IWatched

# `%%time` compiles what stands below it by itself.
_TIMED = frozenset(["<timed exec>", "<timed eval>"])


@dataclass(frozen=True)
class Where:
    """A line of the cell, and the captured code that it had called, in words."""

    line: int | None
    through: str | None

    def words(self) -> str:
        """Return it for the end of a sentence, with a space before it."""
        line = "" if self.line is None else f" at line {self.line}"
        return line if self.through is None else f"{line} ({self.through})"


class CellLines:
    """Finds the frames of the cell among others.

    `snapshot` holds the captured modules.
    """

    def __init__(self, namespace: dict[str, Any], snapshot: Path | None, source: str) -> None:
        self._namespace = namespace
        self._modules = None if snapshot is None else f"{snapshot}/modules/"
        self.total = max(1, len(source.rstrip().splitlines()))
        self._watched: IWatched | None = None

    def watch(self, watched: IWatched) -> None:
        """Learn which code is the cell's, before it runs."""
        self._watched = watched

    def where(self, frame: FrameType | None) -> Where:
        """Return the innermost line of the cell on a stack."""
        through: str | None = None
        for one in _frames(frame):
            line = self._line(one, one.f_lineno)
            if line is not None:
                return Where(line, through)
            through = through or self._own_code(one, one.f_lineno)
        return Where(None, through)

    def of_fault(self, fault: BaseException | None) -> Where:
        """Return the innermost line of the cell on an exception's way."""
        if isinstance(fault, SyntaxError):
            line = self._line_of_name(fault.filename or "", fault.lineno)
            if line is not None:
                return Where(line, None)
        found = Where(None, None)
        through: str | None = None
        for step in _steps(None if fault is None else fault.__traceback__):
            line = self._line(step.tb_frame, step.tb_lineno)
            if line is not None:
                found, through = Where(line, None), None
            else:
                through = self._own_code(step.tb_frame, step.tb_lineno) or through
        return Where(found.line, through)

    def now(self) -> Where:
        """Return where the main thread is."""
        return self.where(sys._current_frames().get(threading.main_thread().ident or 0))

    def _line(self, frame: FrameType, number: int | None) -> int | None:
        name = frame.f_code.co_filename
        if name in _TIMED and frame.f_globals is self._namespace and number is not None:
            skipped = 0 if self._watched is None else self._watched.skipped_lines
            return number + 1 + skipped
        return self._line_of_name(name, number)

    def _line_of_name(self, name: str, number: int | None) -> int | None:
        watched = self._watched
        if number is None or watched is None or not watched.is_own(name):
            return None
        return number + watched.skipped_lines

    def _own_code(self, frame: FrameType, number: int | None) -> str | None:
        """Return a captured module's line, or a notebook function's name."""
        name = frame.f_code.co_filename
        if self._modules is not None and name.startswith(self._modules):
            path = name[len(self._modules) :].partition("/")[2]
            return f"in {path}, line {number}"
        if frame.f_globals is self._namespace and frame.f_code.co_name != "<module>":
            return f"in {frame.f_code.co_name}()"
        return None


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back


def _steps(step: TracebackType | None) -> Iterator[TracebackType]:
    while step is not None:
        yield step
        step = step.tb_next
