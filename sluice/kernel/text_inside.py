"""What the inside of a definition reads through text; in which order cannot be known."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, Union

from .text_names import HIDING, TextNames
from .text_reads import AT_RUN_TIME, TextReads

_Function = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_Scope = Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda]


def text_inside(node: ast.AST, names: TextNames) -> TextReads:
    """Gather the text reads of a whole tree, without what is local where the text stands."""
    everything = TextReads()
    for scope in ast.walk(node):
        if scope is node or isinstance(scope, _Function):
            reads = _own_text(scope, names)
            local = _local_names(scope) if isinstance(scope, _Function) else set()
            _add(everything, reads, local)
    return everything


def _own_text(scope: ast.AST, names: TextNames) -> TextReads:
    found = TextReads()
    covered: set[int] = set()
    # From the outside in, so that what covers a part is met before the part.
    for part in _own_nodes(scope):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            covered.add(id(part.func))
        reads = None if id(part) in covered else names.of(part)
        if reads is not None:
            covered.update(map(id, reads.covered))
            _add(found, reads, set())
        elif isinstance(part, ast.Name) and id(part) not in covered and _gives_away(part, names):
            found.cannot_know.setdefault(part.id, AT_RUN_TIME)
    return found


def _own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a scope, from the outside in, without those of functions inside it."""
    pending: list[ast.AST] = [scope]
    for part in pending:
        yield part
        if part is scope or not isinstance(part, _Function):
            pending += ast.iter_child_nodes(part)


def _local_names(function: _Scope) -> set[str]:
    """Return what a function binds itself, and the variables around it that it spells out."""
    arguments: Any = function.args
    given = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    given += [each for each in (arguments.vararg, arguments.kwarg) if each is not None]
    local = {argument.arg for argument in given}
    elsewhere: set[str] = set()
    for part in _own_nodes(function):
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            local.add(part.id)
        elif isinstance(part, ast.Global):
            elsewhere.update(part.names)
        elif isinstance(part, ast.Nonlocal):
            local.update(part.names)
        elif part is not function and isinstance(part, (*_Function[:2], ast.ClassDef)):
            local.add(part.name)
        elif isinstance(part, ast.alias):
            local.add(part.asname or part.name.partition(".")[0])
        else:
            bound = getattr(part, "name", None) or getattr(part, "rest", None)
            local |= {bound} if isinstance(bound, str) and part is not function else set()
    return local - elsewhere


def _names_of(reads: TextReads) -> set[str]:
    code = [*reads.code, *reads.own_code, *reads.maybe_code]
    inside = {n.id for part in code for n in ast.walk(part) if isinstance(n, ast.Name)}
    return {*reads.names} | inside


def _gives_away(name: ast.Name, names: TextNames) -> bool:
    return name.id in HIDING and isinstance(name.ctx, ast.Load) and not names.is_hidden(name.id)


def _add(everything: TextReads, reads: TextReads, local: set[str]) -> None:
    everything.names += sorted(_names_of(reads) - local)
    everything.maybe += sorted({*reads.maybe} - local)
    everything.stores += reads.stores
    everything.runs += reads.runs
    everything.cannot_know.update(reads.cannot_know)
