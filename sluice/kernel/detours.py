"""Ways on for values that are too large to travel."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Detours:
    """What a person chose for values that are too large.

    Attributes
    ----------
    tree
        The cell: its columns are looked for in it.
    recompute
        Names that the cells that made them give there anew.
    columns
        For a frame, the only columns of it that travel.
    """

    tree: ast.Module
    recompute: frozenset[str] = frozenset()
    columns: dict[str, list[str]] = field(default_factory=dict)
