"""Names for types that a notebook made, which pickle would look up by name where it loads."""

from __future__ import annotations

import typing
from typing import Any

# By how each is made: what is not here yet in this Python cannot stand in a notebook either.
_MAKERS = {
    kind: name
    for name in ("NewType", "ParamSpec", "TypeVarTuple")
    if isinstance(kind := getattr(typing, name, None), type)
}


def reduced_type_name(value: Any) -> Any:
    """Return how a `NewType` and its like is made again; None for all else."""
    name = _MAKERS.get(type(value))
    if name is None or value.__module__ != "__main__":
        return None
    arguments = (value.__supertype__,) if name == "NewType" else ()
    return rebuild_type_name, (name, value.__name__, arguments)


def rebuild_type_name(kind: str, name: str, arguments: tuple[Any, ...]) -> Any:
    """Give back a name for a type as if the notebook had made it."""
    made = getattr(typing, kind)(name, *arguments)
    made.__module__ = "__main__"
    return made
