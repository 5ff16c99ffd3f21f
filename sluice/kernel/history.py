"""The cells that were run in this kernel, as they were typed."""

from __future__ import annotations

from dataclasses import dataclass

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
    # Between cells the count is already that of the next.
    return [cell for cell in cells[-_MOST_CELLS:] if cell.number != shell.execution_count]
