"""What compiled code reads by name from its globals, and what it imports."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from types import CodeType

# Class bodies inside a function read with LOAD_NAME, since 3.12 also with the last one. Whoever
# deletes a name needs it there as well.
_READS = frozenset(["LOAD_GLOBAL", "LOAD_NAME", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS"])

_STORES = frozenset(["STORE_GLOBAL", "DELETE_GLOBAL"])


def global_reads(code: CodeType) -> Iterator[str]:
    """Yield the global names that code reads, that of inner functions and classes included.

    Names that a class body sets itself may be among them.
    """
    for inner in _with_inner(code):
        for instruction in dis.get_instructions(inner):
            if instruction.opname in _READS:
                yield instruction.argval


def global_stores(code: CodeType) -> Iterator[str]:
    """Yield the global names that code binds or deletes, that of inner functions included."""
    for inner in _with_inner(code):
        for instruction in dis.get_instructions(inner):
            if instruction.opname in _STORES:
                yield instruction.argval


def imports(code: CodeType) -> Iterator[tuple[str, str | None]]:
    """Yield the absolute imports in code: (module, None) or (module, name taken from it)."""
    for inner in _with_inner(code):
        # The level and the list of names are the two constants loaded just before.
        constants: list[object] = [0, None]
        for instruction in dis.get_instructions(inner):
            if instruction.opname == "IMPORT_NAME":
                level, names = constants[-2:]
                if level == 0:
                    yield instruction.argval, None
                    for name in names if isinstance(names, tuple) else ():
                        if name != "*":
                            yield instruction.argval, name
            elif instruction.opname.startswith("LOAD_"):
                constants.append(instruction.argval)


def _with_inner(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _with_inner(constant)
