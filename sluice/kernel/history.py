"""The cells that were run in this kernel, as they were typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .cell import running_shell

_MOST_CELLS = 1000


@dataclass(frozen=True)
class Cell:
    """A cell that was run; `number` stands before it in the notebook."""

    number: int
    source: str

    @property
    def name(self) -> str:
        """What a person calls it."""
        return f"cell {self.number}"


def cells_run() -> list[Cell]:
    """Return the last cells that were run, in order, without the one that is running now."""
    shell = running_shell()
    if shell is None:
        return []
    sources = list(getattr(shell.history_manager, "input_hist_raw", []))
    cells = [Cell(number, text) for number, text in enumerate(sources) if text.strip()]
    cells = cells[-_MOST_CELLS:]
    return cells[:-1] if cells and _is_running(shell, cells[-1].number) else cells


def _is_running(shell: Any, last: int) -> bool:
    """Whether the last cell of the history has not ended yet."""
    result = shell.last_execution_result
    if result is None:
        return True
    # Something that is in no history may have run since; it has no number.
    return result.execution_count is not None and bool(result.execution_count < last)
