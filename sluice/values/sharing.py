"""Which values hold the same objects, so that apart they would become copies of each other."""

from __future__ import annotations

import datetime
import sys
from collections import OrderedDict
from collections.abc import Collection, Hashable, Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any, Callable

from .copy_on_write import column_arrays
from .encoded import Encoded
from .frame_equality import is_frame
from .memory import is_array, memory_groups

# Nobody can tell one of these from its equal, or they come back as themselves.
_FIXED = (
    *(str, bytes, int, float, complex, tuple, frozenset, range, slice),
    *(type(None), type, ModuleType, CodeType),
    *(datetime.date, datetime.time, datetime.timedelta, datetime.tzinfo),
)

_CONTAINERS = (list, tuple, dict, OrderedDict)

Parts = dict[int, Any]
Memo = Mapping[int, tuple[int, Any]]


def pickled_parts(
    memo: Memo, memo_of: Callable[[type], Memo], apart: Collection[int] = ()
) -> Parts:
    """Return by identity the objects of a pickler's memo that could be changed in place.

    They are kept alive with it: an identity is that of one object only as long as it lives.

    Parameters
    ----------
    memo
        What the pickler remembers of a value.
    memo_of
        Gives the same of a class that it pickled by value. What belongs to classes is left out:
        all their instances have it, and it is found again with them.
    apart
        By identity, what is not changed in place although it could be.
    """
    entries = [value for _, value in memo.values()]
    # Looked at once for each type: there may be millions of values.
    kinds = {kind: _is_changeable(kind) for kind in set(map(type, entries))}
    owned = {*apart}
    owned |= {id(each) for kind in kinds for k in kind.__mro__ for each in vars(k).values()}
    for value in entries:
        if issubclass(type(value), type) and value.__module__ == "__main__":
            owned.update(memo_of(value))
    return {
        id(value): value
        for value in entries
        if kinds[type(value)] and id(value) not in owned and not _is_found(value)
    }


def parts_of(value: Any, encoded: Encoded) -> Parts:
    """Return by identity the objects of a value that could be changed in place."""
    if encoded.format == "pickle":
        return encoded.references.parts
    parts: Parts = {}
    _collect(value, parts)
    return parts


def sharing_groups(parts: Mapping[str, Parts]) -> list[list[str]]:
    """Return the names whose values share objects or memory, in the order of the names."""
    group_of: dict[str, list[str]] = {}
    owner: dict[Hashable, str] = {}
    memory = _shared_memory(parts)
    for name, own in parts.items():
        group_of[name] = [name]
        for identity in (*own, *memory.get(name, ())):
            other = group_of[owner.setdefault(identity, name)]
            group = group_of[name]
            if other is not group:
                other += group
                group_of.update(dict.fromkeys(group, other))
    groups: dict[int, list[str]] = {}
    for name in parts:
        groups.setdefault(id(group_of[name]), []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def _is_changeable(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    fixed = _FIXED if numpy is None else (*_FIXED, numpy.dtype)
    return not issubclass(kind, fixed)


def _is_found(value: Any) -> bool:
    """Whether this is a function that its name finds: in its module, or as a method."""
    if type(value) is not FunctionType:
        return callable(value) and _has_qualified_name(value)
    holder = value.__qualname__.rpartition(".")[0]
    return value.__module__ != "__main__" or not (holder == "" or holder.endswith("<locals>"))


def _has_qualified_name(value: Any) -> bool:
    try:
        return isinstance(value.__qualname__, str)
    except Exception:  # noqa: BLE001
        # An object that stands for another may raise anything.
        return False


def _shared_memory(parts: Mapping[str, Parts]) -> dict[str, list[Hashable]]:
    """Return for each name which groups of arrays in the same memory it has a part in."""
    arrays = {i: value for own in parts.values() for i, value in own.items() if is_array(value)}
    found: dict[str, list[Hashable]] = {}
    for number, group in enumerate(memory_groups(arrays.values())):
        members = set(map(id, group))
        for name, own in parts.items():
            if not members.isdisjoint(own):
                found.setdefault(name, []).append(("memory", number))
    return found


def _collect(value: Any, parts: Parts) -> None:
    if id(value) in parts:
        return
    if not issubclass(type(value), _FIXED):
        parts[id(value)] = value
    if is_frame(value):
        for array in column_arrays(value):
            parts[id(array)] = array
    elif type(value) in _CONTAINERS:
        members = value.values() if isinstance(value, dict) else value
        for member in members:
            _collect(member, parts)
