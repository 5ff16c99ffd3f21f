"""The text of functions and classes that were typed in the notebook."""

from __future__ import annotations

import ast
import linecache
from collections import OrderedDict
from dataclasses import dataclass
from types import FunctionType
from typing import Any

from .cell import running_shell

_MOST_TREES = 200
_Node = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


@dataclass(frozen=True)
class _Parsed:
    """A cell's tree, and its definitions by first line."""

    tree: ast.Module
    by_line: dict[int, list[Any]]


# By their text: the same cells are asked about again and again.
_parsed: OrderedDict[str, _Parsed | None] = OrderedDict()


@dataclass(frozen=True)
class DefinitionSource:
    """Where a definition is in a cell, and its text from the first decorator on."""

    name: str
    file: str
    first: int
    last: int
    text: str
    tree: ast.AST


def source_of(definition: Any) -> DefinitionSource | None:
    """Find the text of a function or class; None: it was not typed where text is kept."""
    if isinstance(definition, FunctionType):
        return _function_source(definition)
    return _class_source(definition)


def _function_source(function: FunctionType) -> DefinitionSource | None:
    code = function.__code__
    text = _text_of_file(code.co_filename)
    parsed = _parse(text)
    if parsed is None:
        return None
    for node in parsed.by_line.get(code.co_firstlineno, ()):
        if getattr(node, "name", "<lambda>") == code.co_name:
            # A decorator's function bears the name of what it wraps.
            name = getattr(code, "co_qualname", code.co_name)
            return _source(name, code.co_filename, text, node)
    return None


def _class_source(kind: type) -> DefinitionSource | None:
    for file, text in _places(kind):
        parsed = _parse(text) if kind.__name__ in text else None
        node = None if parsed is None else _class_node(parsed.tree, kind.__qualname__)
        if node is not None:
            return _source(kind.__qualname__, file, text, node)
    return None


def _places(kind: type) -> list[tuple[str, str]]:
    """Return the texts that may hold a class: those of its methods, else the cells, last first."""
    codes = [getattr(member, "__code__", None) for member in list(vars(kind).values())]
    files = {code.co_filename: None for code in codes if code is not None}
    own = [(file, _text_of_file(file)) for file in files]
    return [place for place in own if place[1]] + list(reversed(_history()))


def _history() -> list[tuple[str, str]]:
    shell = running_shell()
    if shell is None:
        return [
            (file, "".join(entry[2]))
            for file, entry in list(linecache.cache.items())
            if len(entry) > 2 and entry[1] is None
        ]
    cells = list(shell.history_manager.input_hist_parsed)
    return [(f"In[{number}]", text) for number, text in enumerate(cells)]


def _class_node(tree: ast.AST, qualified: str) -> ast.AST | None:
    """Find a class by the way of names to it; of several the last."""
    nodes: list[ast.AST] = [tree]
    for name in qualified.split("."):
        if name == "<locals>":
            continue
        named = [
            inner
            for node in nodes
            for inner in ast.walk(node)
            if inner is not node and getattr(inner, "name", None) == name
        ]
        nodes = [node for node in named if isinstance(node, _Node)]
    classes = [node for node in nodes if isinstance(node, ast.ClassDef)]
    return classes[-1] if classes else None


def _text_of_file(file: str) -> str:
    return "".join(linecache.getlines(file))


def _parse(text: str) -> _Parsed | None:
    if not text:
        return None
    if text not in _parsed:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            # The cell ran, so this is not its text any more.
            _parsed[text] = None
        else:
            _parsed[text] = _Parsed(tree, _by_line(tree))
        while len(_parsed) > _MOST_TREES:
            _parsed.popitem(last=False)
    return _parsed[text]


def _by_line(tree: ast.Module) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for node in ast.walk(tree):
        if isinstance(node, _Node):
            found.setdefault(_first(node), []).append(node)
    return found


def _first(node: Any) -> int:
    decorators = getattr(node, "decorator_list", [])
    return int(min([node.lineno, *(each.lineno for each in decorators)]))


def _source(name: str, file: str, text: str, node: Any) -> DefinitionSource:
    first, last = _first(node), node.end_lineno
    segment = ast.get_source_segment(text, node) if isinstance(node, ast.Lambda) else None
    lines = text.splitlines(keepends=True)[first - 1 : last]
    # Also an indented definition is to be read on its own.
    margin = len(lines[0]) - len(lines[0].lstrip()) if lines else 0
    plain = "".join(line[margin:] if line[:margin].isspace() else line for line in lines)
    shown = name.replace("<locals>.", "")
    return DefinitionSource(shown, file, first, last, segment or plain, node)
