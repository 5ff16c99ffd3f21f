"""Whether two pieces of compiled code do the same, wherever their lines are."""

from __future__ import annotations

import inspect
from types import CodeType
from typing import Any

_ATTRIBUTES = (
    *("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_flags"),
    *("co_argcount", "co_posonlyargcount", "co_kwonlyargcount"),
)


def code_key(code: CodeType, *, with_inner: bool = True) -> Any:
    """Return what is equal for code that does the same; without inner functions on demand."""
    inner = [_key(const, with_inner=with_inner) for const in code.co_consts]
    return (*(getattr(code, name) for name in _ATTRIBUTES), tuple(inner))


def definitions_in(code: CodeType, prefix: str = "") -> dict[str, list[CodeType]]:
    """Return the code of functions and methods by qualified name; classes are passed through."""
    found: dict[str, list[CodeType]] = {}
    for const in code.co_consts:
        if not isinstance(const, CodeType):
            continue
        name = f"{prefix}{const.co_name}"
        if _is_function(const):
            found.setdefault(name, []).append(const)
        else:
            for inner, codes in definitions_in(const, f"{name}.").items():
                found.setdefault(inner, []).extend(codes)
    return found


def _key(const: Any, *, with_inner: bool) -> Any:
    if isinstance(const, CodeType):
        if not with_inner and _is_function(const) and not const.co_name.startswith("<"):
            return const.co_name
        return code_key(const, with_inner=with_inner)
    if isinstance(const, tuple):
        return ("tuple", *(_key(each, with_inner=with_inner) for each in const))
    if isinstance(const, frozenset):
        return frozenset(_key(each, with_inner=with_inner) for each in const)
    # 1, 1.0 and True are equal; so are 0.0 and -0.0.
    return type(const).__name__, repr(const)


def _is_function(code: CodeType) -> bool:
    # The bodies of classes have no fast locals.
    return bool(code.co_flags & inspect.CO_OPTIMIZED)
