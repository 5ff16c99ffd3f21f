"""What compiled code reads by name from its globals, and what it imports."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Optional

# Class bodies inside a function read with LOAD_NAME, since 3.12 also with the last one. Whoever
# deletes a name needs it there as well.
_READS = frozenset(["LOAD_GLOBAL", "LOAD_NAME", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"])

_STORES = frozenset(["STORE_GLOBAL", "DELETE_GLOBAL"])


# The same functions are captured again and again.
_MOST_KEPT = 1024

Import = tuple[str, Optional[str]]


@dataclass(frozen=True)
class _Facts:
    reads: tuple[str, ...]
    stores: tuple[str, ...]
    imports: tuple[Import, ...]


def global_reads(code: CodeType) -> tuple[str, ...]:
    """Return the global names that code reads, that of inner functions and classes included.

    Names that a class body sets itself may be among them.
    """
    return _facts(code).reads


def global_stores(code: CodeType) -> tuple[str, ...]:
    """Return the global names that code binds or deletes, that of inner functions included."""
    return _facts(code).stores


def imports(code: CodeType) -> tuple[Import, ...]:
    """Return the absolute imports in code: (module, None) or (module, name taken from it)."""
    return _facts(code).imports


@lru_cache(maxsize=_MOST_KEPT)
def _facts(code: CodeType) -> _Facts:
    reads: list[str] = []
    stores: list[str] = []
    imported: list[Import] = []
    for inner in _with_inner(code):
        # The level and the list of names are the two constants loaded just before.
        constants: list[object] = [0, None]
        for instruction in dis.get_instructions(inner):
            operation, argument = instruction.opname, instruction.argval
            if operation in _READS:
                reads.append(argument)
            if operation in _STORES:
                stores.append(argument)
            elif operation == "IMPORT_NAME":
                imported += _imports_of(argument, constants[-2:])
            elif operation.startswith("LOAD_"):
                constants.append(argument)
    return _Facts(tuple(reads), tuple(stores), tuple(imported))


def _imports_of(module: str, constants: list[object]) -> Iterator[Import]:
    level, names = constants
    if level == 0:
        yield module, None
        for name in names if isinstance(names, tuple) else ():
            if name != "*":
                yield module, name


def _with_inner(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_inner(constant)
