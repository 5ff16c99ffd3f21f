"""What a cell does to the names of the notebook, as far as its text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from .cell import CellSyntaxError, parse_cell
from .cell_names import CellNames
from .names import cell_names

# Magics that change nothing but how things look or are loaded.
_HARMLESS_MAGICS = frozenset(
    [
        "matplotlib",
        "time",
        "capture",
        "load_ext",
        "autoreload",
        "config",
        "precision",
        "pdb",
        "xmode",
    ]
)
_CHANGING_METHODS = frozenset(
    [
        *("append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse", "update"),
        *("setdefault", "popitem", "add", "discard", "appendleft", "popleft", "extendleft"),
        *("rotate", "fill", "put", "resize", "itemset", "partition", "setflags", "partial_fit"),
        *("fit", "fit_transform", "train", "load_state_dict", "zero_grad", "step"),
        *("difference_update", "intersection_update", "symmetric_difference_update", "shuffle"),
    ]
)
_MOST_CHARACTERS = 1_000_000
_SHELL_CALLS = frozenset(["system", "getoutput", "getoutputs", "run_cell", "ex", "safe_execfile"])


@dataclass(frozen=True)
class Effects:
    """The names that a cell reads, binds and changes in place; `obstacle`: why not to rerun it."""

    names: CellNames
    changes: frozenset[str]
    obstacle: str | None


def effects_of(source: str) -> Effects | None:
    """Return what a cell does; None for one that could never run, or is too long to look at."""
    if len(source) > _MOST_CHARACTERS:
        return None
    try:
        tree = parse_cell(source)
    except CellSyntaxError:
        return None
    names = cell_names(tree)
    return Effects(names, frozenset(_changed(tree)), _obstacle(tree, source, names))


def _changed(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load):
            yield from _root(node)
        elif isinstance(node, ast.Call):
            yield from _changed_by(node)


def _changed_by(call: ast.Call) -> Iterator[str]:
    in_place = any(
        keyword.arg == "inplace"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in call.keywords
    )
    if isinstance(call.func, ast.Attribute) and (in_place or call.func.attr in _CHANGING_METHODS):
        yield from _root(call.func.value)
        if call.func.attr == "shuffle" and call.args:
            yield from _root(call.args[0])
    for keyword in call.keywords:
        if keyword.arg == "out":
            yield from _root(keyword.value)


def _root(node: ast.expr) -> Iterator[str]:
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _obstacle(tree: ast.Module, source: str, names: CellNames) -> str | None:
    if source.lstrip().startswith("%%slurm"):
        return "ran on a cluster itself"
    for node in ast.walk(tree):
        if isinstance(node, ast.Await):
            return "waits with `await`"
        magic = _magic(node)
        if magic is not None:
            return f"runs `{magic}`, which may do more than bind names"
    unknown = next(iter(names.cannot_know), None)
    return (
        None if unknown is None else f"runs `{unknown}`, of which only running it tells the names"
    )


def _magic(node: ast.AST) -> str | None:
    """Return what a person typed for a magic or shell line that is not harmless."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return None
    holder = node.func.value
    if not (isinstance(holder, ast.Call) and isinstance(holder.func, ast.Name)):
        return None
    if holder.func.id != "get_ipython":
        return None
    first = node.args[0] if node.args else None
    text = str(first.value) if isinstance(first, ast.Constant) else "…"
    if node.func.attr in _SHELL_CALLS:
        return f"!{text}"
    if node.func.attr in ("run_line_magic", "run_cell_magic", "magic"):
        name = text.split(" ", maxsplit=1)[0]
        return None if name in _HARMLESS_MAGICS else f"%{name}"
    return None
