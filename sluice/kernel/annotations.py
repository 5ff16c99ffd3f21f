"""Names inside annotations that are written as strings."""

from __future__ import annotations

import ast
from typing import Any

from .text_reads import constant, statements

_MOST_TEXT = 10_000


def annotation_names(node: ast.expr) -> list[str]:
    """Return the names in the strings of an annotation: `x: "Model"`, `x: list["Model"]`."""
    names: list[str] = []
    pending: list[ast.AST] = [node]
    while pending:
        part = pending.pop()
        text = constant(part) if isinstance(part, ast.expr) else None
        if text is not None:
            names += string_names(text)
        elif isinstance(part, ast.Subscript) and _last(part.value) == "Literal":
            # Its strings are values.
            continue
        elif isinstance(part, ast.Subscript) and _last(part.value) == "Annotated":
            inside = part.slice
            pending += inside.elts[:1] if isinstance(inside, ast.Tuple) else [inside]
        else:
            pending += ast.iter_child_nodes(part)
    return names


def string_names(text: Any) -> list[str]:
    """Return the names in an annotation that is a string."""
    if not isinstance(text, str) or len(text) > _MOST_TEXT:
        return []
    body = statements(text.strip()) or []
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        return []
    value = body[0].value
    plain = [n.id for n in ast.walk(value) if isinstance(n, ast.Name)]
    return plain + ([] if constant(value) is not None else annotation_names(value))


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
