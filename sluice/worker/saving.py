"""Which names go home, and how they are saved when there is little time."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Callable

from .spec import Spec
from .words import size_words


@dataclass(frozen=True)
class Changes:
    """The namespace before the cell and now."""

    spec: Spec
    namespace: dict[str, Any]
    before: dict[str, Any]
    python_of: Callable[[str], str]

    def names(self) -> tuple[list[str], list[str]]:
        """Return the names that go home, and those that were asked for and are not there."""
        if self.spec.outputs is not None:
            wanted = list(dict.fromkeys(self.spec.outputs))
            there = [name for name in wanted if name in self.namespace]
            return there, [name for name in wanted if name not in self.namespace]
        from .bound_names import imported_names
        from .changes import changed_names

        imported = imported_names(self.python_of(self.spec.source))
        return changed_names(self.spec, self.namespace, self.before, imported), []


def is_lost(variable: dict[str, Any]) -> bool:
    """Whether a value that was to come home did not get onto the disk."""
    reason = variable["reason"] or ""
    return not variable["files"] and reason.startswith("it could not be written")


def save_hastily(
    spec: Spec,
    changes: Changes,
    folder: Path,
    event: Callable[[str, dict[str, Any]], None],
    deadline: float,
) -> None:
    """Save what the cell has bound while the cell still runs, the smallest first.

    Parameters
    ----------
    event
        Writes the event of each value as soon as it is on the disk.
    deadline
        When to stop, of `time.monotonic`; one value may take longer.
    """
    names, _ = changes.names()
    namespace = changes.namespace
    left, saved = spec.home_bytes, 0
    for name in sorted(names, key=lambda name: _size(namespace.get(name))):
        if time.monotonic() >= deadline or left <= 0:
            break
        variable = _saved(replace(spec, home_bytes=left), name, namespace, folder)
        if variable is not None:
            left -= sum(file["bytes"] for file in variable["files"])
            saved += 1
            event("variable", variable)
    print(
        f"sluice: the cell did not stop when the time of its job was over; of {len(names)} names "
        f"that it has bound by then, {saved} were saved ({size_words(spec.home_bytes - left)})",
        file=sys.stderr,
    )


def _saved(spec: Spec, name: str, namespace: dict[str, Any], folder: Path) -> dict[str, Any] | None:
    from .results import results_of

    try:
        return next(iter(results_of(spec, [name], namespace, folder)))
    except Exception as fault:  # noqa: BLE001 - it may change while it is read, and the next one may not
        print(f"sluice: {name} could not be saved: {fault!r}", file=sys.stderr)
        return None


def _size(value: Any) -> int:
    """Return about how many bytes a value takes, at no cost."""
    size = getattr(value, "nbytes", None)
    try:
        return size if isinstance(size, int) else sys.getsizeof(value, 0)
    except Exception:  # noqa: BLE001 - it is any class's own code
        return 0
