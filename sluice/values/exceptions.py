"""Exceptions with an `__init__` of their own, which would want other arguments than it kept."""

from __future__ import annotations

from types import FunctionType
from typing import Any

_HEAP_TYPE = 1 << 9


def reduced_exception(value: Any) -> Any:
    """Return how an exception is made again without its `__init__`; None where that is no matter.

    By itself Python calls the class with `args`: what was given to `Exception.__init__`, and not
    what the class's own `__init__` wants.
    """
    kind = type(value)
    if not issubclass(kind, BaseException) or type(kind.__init__) is not FunctionType:
        return None
    if kind.__reduce__ is not BaseException.__reduce__:
        return None
    if kind.__reduce_ex__ is not object.__reduce_ex__:
        return None
    # Others keep more than `args` in places of their own, and their `__init__` fills them.
    built_in = next(each for each in kind.__mro__ if not each.__flags__ & _HEAP_TYPE)
    if built_in.__basicsize__ != BaseException.__basicsize__:
        return None
    return rebuild_exception, (kind, value.args), dict(vars(value)) or None


def rebuild_exception(kind: Any, arguments: tuple[Any, ...]) -> Any:
    """Give back an exception with its `args`."""
    return BaseException.__new__(kind, *arguments)
