"""Ways on for values that are too large to travel."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .cell_names import CellNames
from .columns import columns_bytes, named_columns
from .history import Cell, cells_run
from .recipes import NoRecipeError, Recipe, Recipes
from .sizes import readable_bytes


@dataclass(frozen=True)
class Detours:
    """What a person chose for values that are too large, and what there is to choose.

    Attributes
    ----------
    tree
        The cell: its columns are looked for in it.
    recompute
        Names that the cells that made them give there anew.
    columns
        For a frame, the only columns of it that travel.
    cells
        The cells that were run; None: those that IPython remembers.
    """

    tree: ast.Module
    recompute: frozenset[str] = frozenset()
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    cells: list[Cell] | None = None

    def recipe_of(
        self, names: Iterable[str], namespace: Mapping[str, Any], max_bytes: int
    ) -> Recipe:
        """Return the cells that make some values anew.

        Raises
        ------
        NoRecipeError
            They cannot.
        """
        cells = cells_run() if self.cells is None else self.cells
        return Recipes(cells, namespace, max_bytes).recipe_of(names)

    def offers(
        self, name: str, names: CellNames, namespace: Mapping[str, Any], max_bytes: int
    ) -> dict[str, Any]:
        """Return, for the details of a refusal, what a person may choose; None where nothing."""
        offers: dict[str, Any] = dict.fromkeys(_NOTHING)
        try:
            recipe = self.recipe_of([name], namespace, max_bytes)
            text = recipe.text
            shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
            offers.update(recipe=shown, recipeCells=recipe.numbers)
        except NoRecipeError as refusal:
            offers["recipeProblem"] = str(refusal)
        value = namespace[name]
        columns = None if names.cannot_know else named_columns(self.tree, name, value)
        if columns is not None:
            size = readable_bytes(columns_bytes(value, columns))
            offers.update(columns=json.dumps(columns, ensure_ascii=False), columnsSize=size)
        return offers


_MOST_SHOWN = 20_000
_NOTHING = ("recipe", "recipeCells", "recipeProblem", "columns", "columnsSize")
