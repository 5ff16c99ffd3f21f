"""Which columns of a data frame a cell names, when those are all that it uses of the frame."""

from __future__ import annotations

import ast
from typing import Any

from ..values.frame_equality import frame_bytes, is_frame

# Attributes of a frame that tell of its rows alone.
_ROWS_ONLY = frozenset(["index"])


class NoSuchColumnsError(Exception):
    """Columns were asked for that the value does not have."""


class _UsesMoreError(Exception):
    """The cell may use any column."""


def named_columns(tree: ast.Module, name: str, frame: Any) -> list[str] | None:
    """Return the columns of a frame that a cell names; None: it may use any of them.

    Parameters
    ----------
    tree
        The cell.
    name
        The frame's name in it.
    frame
        What it holds; nothing of it is copied.
    """
    if not is_frame(frame) or frame.ndim != 2 or frame.columns.nlevels != 1:
        return None
    labels = [label for label in frame.columns if isinstance(label, str)]
    finder = _Finder(name, labels, frozenset(dir(type(frame))))
    try:
        finder.visit(tree)
    except _UsesMoreError:
        return None
    if not finder.found or len(finder.found) == frame.shape[1]:
        return None
    return [label for label in labels if label in finder.found]


def columns_bytes(frame: Any, columns: list[str]) -> int:
    """Return what some columns take, without copying them."""
    return sum(frame_bytes(frame[column]) for column in columns)


def only_columns(value: Any, columns: list[str]) -> Any:
    """Return a frame of some columns.

    Raises
    ------
    NoSuchColumnsError
        The value is no frame, or has no such column.
    """
    if not is_frame(value) or value.ndim != 2:
        raise NoSuchColumnsError("is no data frame, so it has no columns to choose from")
    missing = [column for column in columns if column not in value.columns]
    if missing:
        raise NoSuchColumnsError(f"has no column {', '.join(missing)}")
    return value[columns]


class _Finder(ast.NodeVisitor):
    def __init__(self, name: str, labels: list[str], own: frozenset[str]) -> None:
        self._name = name
        self._labels = labels
        # Methods and the like, which columns of the same name do not hide.
        self._own = own
        self.found: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:
        if node.id == self._name:
            # Bare, or bound anew: whoever gets it may use any column.
            raise _UsesMoreError

    def visit_Call(self, node: ast.Call) -> None:
        is_length = isinstance(node.func, ast.Name) and node.func.id == "len"
        if not (is_length and len(node.args) == 1 and self._is_frame(node.args[0])):
            self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if not self._is_frame(node.value):
            self.generic_visit(node)
        elif not isinstance(node.ctx, ast.Load):
            raise _UsesMoreError
        elif node.attr in self._own:
            if node.attr not in _ROWS_ONLY:
                raise _UsesMoreError
        else:
            self._take(node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Load) and self._is_frame(node.value):
            self._take_key(node.slice)
        elif isinstance(node.ctx, ast.Load) and self._is_located(node.value):
            self._take_cell(node.slice)
        elif isinstance(node.ctx, ast.Load) and (key := self._grouped_by(node.value)) is not None:
            self._take_key(key)
            self._take_key(node.slice)
        else:
            self.generic_visit(node)

    def _is_frame(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self._name

    def _is_located(self, node: ast.expr) -> bool:
        """Whether this is `frame.loc`, before its brackets."""
        return isinstance(node, ast.Attribute) and node.attr == "loc" and self._is_frame(node.value)

    def _grouped_by(self, node: ast.expr) -> ast.expr | None:
        """Return the key of `frame.groupby(key)`, when that is all that is grouped by."""
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            return None
        is_grouping = node.func.attr == "groupby" and self._is_frame(node.func.value)
        if not is_grouping or len(node.args) != 1 or any(k.arg is None for k in node.keywords):
            return None
        for keyword in node.keywords:
            self.visit(keyword.value)
        return node.args[0]

    def _take_cell(self, key: ast.expr) -> None:
        if not isinstance(key, ast.Tuple) or len(key.elts) != 2:
            raise _UsesMoreError
        rows, columns = key.elts
        self.visit(rows)
        self._take_key(columns)

    def _take_key(self, key: ast.expr) -> None:
        labels = key.elts if isinstance(key, ast.List) else [key]
        for label in labels:
            if not isinstance(label, ast.Constant):
                # A mask keeps every column; a name may hold anything.
                raise _UsesMoreError
            self._take(label.value)

    def _take(self, label: object) -> None:
        if not isinstance(label, str) or label not in self._labels:
            raise _UsesMoreError
        self.found.add(label)
