"""The global names that the inside of a function or class reads when it runs."""

from __future__ import annotations

import ast
import dis
import inspect
import warnings
from types import CodeType
from typing import Union

_READS = frozenset(
    ["LOAD_GLOBAL", "LOAD_NAME", "DELETE_GLOBAL", "LOAD_FROM_DICT_OR_GLOBALS", "DELETE_NAME"]
)
_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT

Scope = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda]


def scope_codes(node: Scope) -> list[CodeType]:
    """Compile one definition alone and return the code objects inside it.

    The compiler knows every rule of scopes; the definition stands at module level here, so that
    whatever is not its own is global.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if isinstance(node, ast.Lambda):
            code = compile(ast.Expression(body=node), "<cell>", "eval", dont_inherit=True)
        else:
            module = ast.Module(body=[node], type_ignores=[])
            code = compile(module, "<cell>", "exec", flags=_FLAGS, dont_inherit=True)
    return _inner_codes(code)


def _inner_codes(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def globals_read(codes: list[CodeType], *, in_function: bool = False) -> set[str]:
    """Names that the codes read as globals, at any depth.

    The statements of a class body run where they stand, not later, so those outside any function
    are left to the walk of the cell.
    """
    names: set[str] = set()
    for code in codes:
        is_function = bool(code.co_flags & inspect.CO_OPTIMIZED)
        if is_function or in_function:
            names |= _own_reads(code)
        names |= globals_read(_inner_codes(code), in_function=is_function or in_function)
    return names


def _own_reads(code: CodeType) -> set[str]:
    names: set[str] = set()
    stored: set[str] = {"__name__", "__module__", "__qualname__"}
    for step in dis.get_instructions(code):
        if step.opname == "STORE_NAME":
            stored.add(step.argval)
        elif step.opname in _READS and not (step.opname == "LOAD_NAME" and step.argval in stored):
            names.add(step.argval)
    return names


def globals_stored(codes: list[CodeType]) -> set[str]:
    """Names that functions among the codes bind by `global`."""
    names: set[str] = set()
    for code in codes:
        names |= {s.argval for s in dis.get_instructions(code) if s.opname == "STORE_GLOBAL"}
        names |= globals_stored(_inner_codes(code))
    return names


def code_words(codes: list[CodeType]) -> set[str]:
    """Every global and attribute name that the codes spell."""
    words: set[str] = set()
    for code in codes:
        words |= {*code.co_names} | code_words(_inner_codes(code))
    return words
