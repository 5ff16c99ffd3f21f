"""Which object each name of a cell held when the cell was captured."""

from __future__ import annotations

import hashlib
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

# Objects that cannot be referred to weakly are kept alive by the table, so it stays short.
_MOST_SOURCES = 32

_table: OrderedDict[str, dict[str, Callable[[], Any]]] = OrderedDict()


def source_key(source: str) -> str:
    """Return the key of a cell's source: the SHA-256 of its text."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def note_held(source: str, names: Iterable[str], namespace: Mapping[str, Any]) -> None:
    """Remember what each of the names holds now."""
    key = source_key(source)
    _table.pop(key, None)
    _table[key] = {name: _reference(namespace[name]) for name in names if name in namespace}
    while len(_table) > _MOST_SOURCES:
        _table.popitem(last=False)


def note_bound(key: str, name: str, value: Any) -> None:
    """Remember that a result was bound, so that a later result of the same cell replaces it."""
    if key in _table:
        _table[key][name] = _reference(value)


def still_holds(key: str, name: str, value: Any) -> bool:
    """Whether the name held this very object when the cell was captured."""
    reference = _table.get(key, {}).get(name)
    return reference is not None and reference() is value


def _reference(value: Any) -> Callable[[], Any]:
    try:
        return weakref.ref(value)
    except TypeError:
        return lambda: value
