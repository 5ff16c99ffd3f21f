"""What the inside of a definition reads through text; in which order cannot be known."""

from __future__ import annotations

import ast

from .text_names import HIDING, TextNames
from .text_reads import AT_RUN_TIME, TextReads


def text_inside(node: ast.AST, names: TextNames) -> TextReads:
    """Gather the text reads of a whole tree."""
    everything = TextReads()
    covered: set[int] = set()
    # From the outside in, so that what covers a part is met before the part.
    for part in ast.walk(node):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
            covered.add(id(part.func))
        reads = None if id(part) in covered else names.of(part)
        if reads is not None:
            covered.update(map(id, reads.covered))
            _add(everything, reads)
        elif isinstance(part, ast.Name) and id(part) not in covered and _gives_away(part, names):
            everything.cannot_know.setdefault(part.id, AT_RUN_TIME)
    return everything


def names_in(reads: TextReads) -> set[str]:
    """Return the names that gathered text reads."""
    code = [*reads.code, *reads.own_code, *reads.maybe_code]
    inside = {n.id for part in code for n in ast.walk(part) if isinstance(n, ast.Name)}
    return {*reads.names} | inside


def _gives_away(name: ast.Name, names: TextNames) -> bool:
    return name.id in HIDING and isinstance(name.ctx, ast.Load) and not names.is_hidden(name.id)


def _add(everything: TextReads, reads: TextReads) -> None:
    everything.names += reads.names
    everything.maybe += reads.maybe
    everything.stores += reads.stores
    everything.code += reads.code
    everything.own_code += reads.own_code
    everything.maybe_code += reads.maybe_code
    everything.runs += reads.runs
    everything.cannot_know.update(reads.cannot_know)
