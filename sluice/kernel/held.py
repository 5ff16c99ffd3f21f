"""What each name of a cell held when the cell was captured: which object, and what was in it."""

from __future__ import annotations

import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .prints import Print, is_changed

# Objects that cannot be referred to weakly are kept alive by the table, so it stays short.
_MOST_SOURCES = 32


@dataclass
class _Held:
    objects: dict[str, Callable[[], Any]]
    prints: dict[str, Print]
    #: Names that the cell binds, whether or not they held anything.
    binds: frozenset[str] = field(default_factory=frozenset)


_table: OrderedDict[str, _Held] = OrderedDict()


def source_key(source: str) -> str:
    """Return the key of a cell's source: the SHA-256 of its text."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def note_held(
    source: str,
    names: Iterable[str],
    namespace: Mapping[str, Any],
    *,
    binds: Iterable[str] = (),
    prints: Mapping[str, Print] | None = None,
) -> None:
    """Remember what each of the names holds now.

    Parameters
    ----------
    source
        The cell.
    names
        Names that it may read or bind.
    namespace
        The notebook's names.
    binds
        Those that it binds.
    prints
        What was in the values that can be told.
    """
    key = source_key(source)
    _table.pop(key, None)
    objects = {name: _reference(namespace[name]) for name in names if name in namespace}
    _table[key] = _Held(objects, dict(prints or {}), frozenset(binds))
    while len(_table) > _MOST_SOURCES:
        _table.popitem(last=False)


def note_bound(key: str, name: str, value: Any) -> None:
    """Remember that a result was bound, so that a later result of the same cell replaces it."""
    if key in _table:
        _table[key].objects[name] = _reference(value)
        _table[key].prints.pop(name, None)


def still_holds(key: str, name: str, namespace: dict[str, Any]) -> bool:
    """Whether the name holds the very object of when the cell was captured, unchanged.

    Parameters
    ----------
    key
        The cell's, of `source_key`.
    name
        A name of the namespace.
    namespace
        The notebook's names.
    """
    held = _table.get(key)
    reference = None if held is None else held.objects.get(name)
    if held is None or reference is None or reference() is not namespace[name]:
        return False
    noted = held.prints.get(name)
    return noted is None or not is_changed(namespace[name], noted, namespace)


def binds(key: str, name: str) -> bool:
    """Whether the cell itself binds the name."""
    return key in _table and name in _table[key].binds


def _reference(value: Any) -> Callable[[], Any]:
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: value
