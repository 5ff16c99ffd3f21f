from __future__ import annotations

import io
from typing import Any

from sluice.magics.phase_line import PhaseLine


class Terminal(io.StringIO):
    """Says that it is one."""

    def isatty(self) -> bool:
        return True


def task(phase: str, progress: str | None = None, reason: Any = None) -> dict[str, Any]:
    return {"phase": phase, "target": "moon", "progress": progress, "reason": reason}


def test_a_terminal_shows_the_phase_once_and_then_nothing() -> None:
    terminal = Terminal()
    line = PhaseLine(terminal)
    line.show(task("preparing", "sending 3 files"))
    line.show(task("preparing", "sending 3 files"))
    line.show(task("queued", reason={"message": "Others come\nfirst."}))
    line.clear()
    line.clear()
    assert terminal.getvalue().split("\r\x1b[K") == [
        "",
        "preparing on moon: sending 3 files",
        "queued on moon: Others come first.",
        "",
    ]


def test_a_notebook_shows_nothing() -> None:
    stream = io.StringIO()
    line = PhaseLine(stream)
    line.show(task("queued"))
    line.clear()
    assert stream.getvalue() == ""
