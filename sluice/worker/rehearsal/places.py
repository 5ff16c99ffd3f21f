"""Whether a path is there too when the task runs on its target."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from .installed import (
    SYSTEM_PLACES,
    caches,
    common_folders,
    downloads,
    is_below,
    python_places,
    with_resolved,
)
from .order import Order

_MOST_LEVELS_UP = 3


@dataclass(frozen=True)
class Own:
    """Folders that the task has on any machine; `work` and `snapshot` are among them."""

    folders: list[Path]
    work: Path
    snapshot: Path | None


class Places:
    """Tells the task's own places from the machine's and from those that stay behind.

    `cwd` is the notebook's own folder below `work/`. `since` is a time of the clock before the
    task's first line: what was made later, the task has made.
    """

    def __init__(self, order: Order, own: Own, cwd: str, since: float) -> None:
        self._own = with_resolved([str(place) for place in own.folders])
        self._since = since
        self.is_here = order.is_here
        self._folder = None if order.folder is None else os.path.normpath(order.folder)
        self._root = None if self._folder is None else _above(self._folder, cwd)
        self._twins = _twins(own, self._root, order.module_roots)
        self._python = python_places(order)
        self._caches = caches()
        self._system = with_resolved(list(SYSTEM_PLACES))
        self._downloads = downloads()
        self._common = common_folders()
        self._made: set[str] = set()

    def note_made(self, path: str) -> None:
        """Note a file that the task writes."""
        self._made.add(path)

    def stays_behind(self, path: str) -> bool:
        """Whether an absolute path is here now, and will not be there."""
        real = os.path.realpath(path)
        if not self.is_here or self.is_own(real) or not os.path.exists(real):
            return False
        return not (self.is_machines(path, real) or self._is_made(path, real))

    def is_own(self, real: str) -> bool:
        """Whether a path without links lies in a folder of the task."""
        return any(is_below(real, place) for place in self._own)

    def is_machines(self, path: str, real: str) -> bool:
        """Whether a path belongs to the machine or its Python."""
        known = (*self._caches, *self._python)
        if any(is_below(one, place) for one in (path, real) for place in known):
            return True
        if real in self._common:
            return True
        root = self._root
        if root is not None and root != "/" and (is_below(path, root) or is_below(real, root)):
            return False
        return any(is_below(real, place) for place in self._system)

    def twin(self, path: str) -> str | None:
        """Return what a path below `work/` that is not there stands for, where that exists."""
        place = self.place_here(path)
        return place if place is not None and os.path.exists(place) else None

    def place_here(self, path: str) -> str | None:
        """Return the place here that a path of the task's own, not there, stands for."""
        return None if os.path.lexists(path) else self._counterpart(path)

    def left_out_of(self, path: str) -> tuple[str, list[str]] | None:
        """Return the folder here that a folder in `work/` stands for, and its files that stay here.

        Not of the working directory and what holds it: more than data lies there.
        """
        folder = self._counterpart(path)
        if folder is None or self._folder is None or is_below(self._folder, folder):
            return None
        if not (os.path.isdir(path) and os.path.isdir(folder)):
            return None
        with os.scandir(folder) as entries:
            names = [one.name for one in entries if one.is_file() and one.name[0] != "."]
        return folder, sorted(set(names) - set(os.listdir(path)))

    def folder_here(self, path: str) -> str | None:
        """Return the folder here that a path lacks in the task, so that no file can be made."""
        parent = os.path.dirname(path)
        twin = self.twin(parent)
        return twin if twin is not None and os.path.isdir(twin) else None

    def name(self, here: str) -> str:
        """Return a place here as it is seen from the notebook."""
        return here if self._folder is None else os.path.relpath(here, self._folder)

    def is_there(self, name: str) -> bool:
        """Whether a path, as it is seen from the notebook, exists here."""
        return self._folder is not None and os.path.exists(os.path.join(self._folder, name))

    def is_near(self, path: str) -> bool:
        """Whether a path lies in the notebook's folder, or in the folder of all its data."""
        return self._root is not None and self._root != "/" and is_below(path, self._root)

    def is_download(self, path: str) -> bool:
        """Whether a library has put it there from the network."""
        return any(is_below(path, place) for place in self._downloads)

    def _counterpart(self, path: str) -> str | None:
        real = os.path.realpath(path)
        for own, here in self._twins:
            if is_below(real, own):
                return os.path.normpath(os.path.join(here, os.path.relpath(real, own)))
        return None

    def _is_made(self, path: str, real: str) -> bool:
        if path in self._made or real in self._made:
            return True
        try:
            return os.stat(real).st_ctime >= self._since
        except OSError:
            return True


def _above(folder: str, cwd: str) -> str:
    levels = [part for part in cwd.split("/") if part not in ("", ".")]
    return os.path.normpath(os.path.join(folder, *[".."] * len(levels)))


def _twins(own: Own, root: str | None, module_roots: list[str]) -> list[tuple[str, str]]:
    """Return pairs of a folder of the task and the folder here that it stands for."""
    pairs: list[tuple[str, str]] = []
    if root is not None:
        # `../shared` of the notebook's folder leads out of `work/`, too.
        places = [Path(os.path.realpath(own.work)), Path(root)]
        for _ in range(_MOST_LEVELS_UP + 1):
            pairs.append((str(places[0]), str(places[1])))
            places = [place.parent for place in places]
    if own.snapshot is not None:
        modules = os.path.realpath(own.snapshot / "modules")
        pairs += [(f"{modules}/{n}", here) for n, here in enumerate(module_roots)]
    return pairs
