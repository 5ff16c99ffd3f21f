"""What one expression reads of the notebook through text."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

AT_RUN_TIME = "which names it reads is known only when it runs; name them with -i"


@dataclass
class TextReads:
    """What an expression does to the notebook's names by naming them in text.

    Attributes
    ----------
    names, maybe
        Read for sure; read if the notebook has them.
    stores
        Bound.
    code, own_code, maybe_code
        Runs as Python in the notebook's namespace; so too, but what it binds stays inside it;
        may be Python at all.
    runs
        Lines of `%run`.
    modules
        Imported by a magic.
    cannot_know
        What hides names, with the reason.
    covered
        Parts of the expression that have had their say in it.
    """

    names: list[str] = field(default_factory=list)
    maybe: list[str] = field(default_factory=list)
    stores: list[str] = field(default_factory=list)
    code: list[ast.stmt] = field(default_factory=list)
    own_code: list[ast.stmt] = field(default_factory=list)
    maybe_code: list[ast.stmt] = field(default_factory=list)
    runs: list[str] = field(default_factory=list)
    modules: list[str] = field(default_factory=list)
    cannot_know: dict[str, str] = field(default_factory=dict)
    covered: list[ast.AST] = field(default_factory=list)


def statements(text: str) -> list[ast.stmt] | None:
    """Return the statements of a piece of Python, or None when it is none."""
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def constant(node: ast.expr | None) -> str | None:
    """Return the text of a string constant."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def shown(node: ast.AST) -> str:
    """Return an expression as a person would write it, cut short."""
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:59]}…"
