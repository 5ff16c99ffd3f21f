"""The cells that made a value, so that they can make it again somewhere else."""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from ..values import type_name
from ..values.code_names import global_reads
from .cell_effects import Effects, effects_of
from .history import Cell
from .origins import import_of, is_furniture
from .sizes import estimated_bytes

# Each use of one moves it on: what it gave then it does not give again.
_RANDOM = frozenset(
    ["numpy.random._generator.Generator", "numpy.random.mtrand.RandomState", "random.Random"]
)


class NoRecipeError(Exception):
    """The value cannot be made again; the message says why, for a person."""


@dataclass(frozen=True)
class Recipe:
    """Cells in the order in which they run.

    Attributes
    ----------
    cells
        What to run.
    made
        The names that they make anew, so that their values need not travel.
    reads
        The names whose values they need, each with the cell that reads it.
    """

    cells: list[Cell]
    made: frozenset[str]
    reads: dict[str, str]

    @property
    def text(self) -> str:
        """The cells as one would read them in the notebook."""
        return "\n\n".join(f"# In [{cell.number}]\n{cell.source.strip()}" for cell in self.cells)

    @property
    def numbers(self) -> str:
        """The numbers of the cells, for a person."""
        return ", ".join(str(cell.number) for cell in self.cells)


class Recipes:
    """Finds recipes in the cells of one kernel."""

    def __init__(self, cells: list[Cell], namespace: Mapping[str, Any], max_bytes: int) -> None:
        self._cells = cells
        self._namespace = namespace
        self._max_bytes = max_bytes
        self._known: dict[int, Effects | None] = {}

    def recipe_of(self, names: Iterable[str]) -> Recipe:
        """Return the cells that make some values as they are now.

        Raises
        ------
        NoRecipeError
            The cells are not known, or would make something else today.
        """
        search = _Search(self)
        for name in names:
            if name not in self._namespace:
                raise NoRecipeError(f"the kernel has no variable {name}")
            search.make(name, len(self._cells))
        search.check()
        cells = [self._cells[place] for place in sorted(search.places)]
        reads = {name: search.reads[name] for name in sorted(search.reads)}
        return Recipe(cells, frozenset(search.made), reads)

    def effects(self, place: int) -> Effects | None:
        """Return what a cell does."""
        if place not in self._known:
            self._known[place] = effects_of(self._cells[place].source)
        return self._known[place]

    def cell(self, place: int) -> Cell:
        """Return a cell by its place in the history."""
        return self._cells[place]

    def maker(self, name: str, before: int) -> int | None:
        """Return the place of the last cell before another that binds a name."""
        for place in range(before - 1, -1, -1):
            effects = self.effects(place)
            if effects is not None and name in effects.names.stores:
                return place
        return None

    def changers(self, name: str, after: int, before: int) -> list[int]:
        """Return the places of the cells in between that change what a name holds."""
        return [
            place
            for place in range(after + 1, before)
            if (effects := self.effects(place)) is not None
            and (name in effects.changes or name in effects.names.stores)
        ]

    def newer(self, name: str, place: int) -> Cell | None:
        """Return a later cell that gave a name another value than the one that a cell read."""
        made = self.maker(name, place)
        for later in self.changers(name, place, len(self._cells)):
            if made is None or self._cells[later].source != self._cells[made].source:
                return self._cells[later]
        return None

    def is_import(self, name: str) -> bool:
        """Whether a name is nothing but an import, or was there before any cell."""
        value = self._namespace[name]
        return is_furniture(name, value) or import_of(name, value) is not None

    def is_known(self, name: str) -> bool:
        """Whether the kernel has a name of the notebook's own."""
        return name in self._namespace

    def is_random(self, name: str) -> bool:
        """Whether the value is a source of random numbers."""
        return type_name(self._namespace[name]) in _RANDOM

    def can_travel(self, name: str) -> bool:
        """Whether the value is small enough to be sent."""
        return estimated_bytes(self._namespace[name]) <= self._max_bytes

    def through(self, name: str) -> set[str]:
        """Return what a function of the notebook reads, and the functions that it calls."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            value = self._namespace.get(waiting.pop())
            if isinstance(value, FunctionType) and value.__globals__ is self._namespace:
                fresh = {n for n in global_reads(value.__code__) if n in self._namespace} - found
                found |= fresh
                waiting += fresh
        return found


class _Search:
    def __init__(self, recipes: Recipes) -> None:
        self._recipes = recipes
        self.places: set[int] = set()
        self.reads: dict[str, str] = {}
        self.made: set[str] = set()

    def make(self, name: str, before: int) -> None:
        """Add the cells that make a name, as it was before a cell."""
        place = self._recipes.maker(name, before)
        if place is None:
            raise NoRecipeError(f"no cell that is still known makes {name}")
        self.made.add(name)
        for each in (place, *self._recipes.changers(name, place, before)):
            self._add(each, name)

    def _add(self, place: int, name: str) -> None:
        if place in self.places:
            return
        self.places.add(place)
        cell, effects = self._recipes.cell(place), self._recipes.effects(place)
        if effects is None:
            raise NoRecipeError(f"{cell.name} cannot be read")
        if effects.obstacle is not None:
            raise NoRecipeError(f"{cell.name} {effects.obstacle}")
        for read in effects.names.reads:
            if read == name and name not in effects.names.stores:
                continue
            self._read(read, place, cell)

    def _read(self, name: str, place: int, cell: Cell) -> None:
        if not self._recipes.is_known(name):
            if hasattr(builtins, name):
                return
            raise NoRecipeError(f"{cell.name} reads {name}, which is gone")
        if self._recipes.is_import(name):
            return
        if name in self.made:
            # As it was before this cell, which is again a matter of cells.
            self.make(name, place)
            return
        if self._recipes.is_random(name):
            raise NoRecipeError(f"{cell.name} reads {name}, which gives other numbers each time")
        for inner in (name, *sorted(self._recipes.through(name))):
            newer = None if self._recipes.is_import(inner) else self._recipes.newer(inner, place)
            if newer is not None and inner not in self.made:
                raise NoRecipeError(
                    f"{cell.name} reads {inner}, which {newer.name} has changed since"
                )
        if self._recipes.can_travel(name):
            self.reads.setdefault(name, cell.name)
        else:
            self.make(name, place)

    def check(self) -> None:
        """Refuse cells that would change in place what travels with the cell.

        Raises
        ------
        NoRecipeError
            One does.
        """
        for place in sorted(self.places):
            effects = self._recipes.effects(place)
            if effects is None:
                continue
            also = sorted(effects.changes - self.made - effects.names.stores)
            also = [n for n in also if self._recipes.is_known(n) and not self._recipes.is_import(n)]
            if also:
                cell = self._recipes.cell(place)
                raise NoRecipeError(f"{cell.name} also changes {', '.join(also)}")
