"""Which names are surely bound at a point of the cell, over branches, loops and exceptions."""

# The names of the visit methods are those of the syntax tree.
# ruff: noqa: D102

from __future__ import annotations

import ast
from typing import Optional

_SWALLOWING_CONTEXTS = frozenset(["suppress", "raises"])

# None: this point is never reached.
Bound = Optional[frozenset[str]]


def meet(*states: Bound) -> Bound:
    """Return what is bound whichever of the ways was taken."""
    reached = [state for state in states if state is not None]
    if not reached:
        return None
    return frozenset.intersection(*reached)


class Loop:
    """The states in which a loop is left early or goes round early."""

    def __init__(self) -> None:
        self.breaks: list[Bound] = []
        self.continues: list[Bound] = []


class Branches(ast.NodeVisitor):
    """The part of the walk that splits and joins ways; the names themselves are its heir's."""

    def __init__(self) -> None:
        self.bound: Bound = frozenset()
        self._loops: list[Loop] = []

    def store(self, name: str) -> None:
        """Bind a name here."""
        raise NotImplementedError

    def block(self, statements: list[ast.stmt]) -> None:
        """Walk statements one after the other."""
        for statement in statements:
            self.visit(statement)

    def visit_If(self, node: ast.If) -> None:
        self.visit(node.test)
        taken = _known_truth(node.test)
        if taken is not None:
            self.block(node.body if taken else node.orelse)
            return
        start = self.bound
        self.block(node.body)
        after_body, self.bound = self.bound, start
        self.block(node.orelse)
        self.bound = meet(after_body, self.bound)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        start = self.bound
        self.visit(node.body)
        after_body, self.bound = self.bound, start
        self.visit(node.orelse)
        self.bound = meet(after_body, self.bound)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        sure = self.bound
        for value in node.values[1:]:
            self.visit(value)
        self.bound = sure

    def visit_While(self, node: ast.While) -> None:
        self.visit(node.test)
        start, loop = self.bound, Loop()
        self._loop_body(loop, node.body)
        self.bound = None if _known_truth(node.test) else start
        self.block(node.orelse)
        self.bound = meet(self.bound, *loop.breaks)

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        start, loop = self.bound, Loop()
        self.visit(node.target)
        self._loop_body(loop, node.body)
        once = meet(self.bound, *loop.continues)
        self.bound = once if _surely_goes_round(node.iter) else start
        self.block(node.orelse)
        self.bound = meet(self.bound, *loop.breaks)

    visit_AsyncFor = visit_For  # noqa: N815

    def _loop_body(self, loop: Loop, body: list[ast.stmt]) -> None:
        self._loops.append(loop)
        self.block(body)
        self._loops.pop()

    def visit_Break(self, _: ast.Break) -> None:
        if self._loops:
            self._loops[-1].breaks.append(self.bound)
        self.bound = None

    def visit_Continue(self, _: ast.Continue) -> None:
        if self._loops:
            self._loops[-1].continues.append(self.bound)
        self.bound = None

    def visit_Raise(self, node: ast.Raise) -> None:
        self.generic_visit(node)
        self.bound = None

    def visit_Try(self, node: ast.Try) -> None:
        start = self.bound
        self.block(node.body)
        self.block(node.orelse)
        ends = [self.bound]
        for handler in node.handlers:
            self.bound = start
            if handler.type is not None:
                self.visit(handler.type)
            if handler.name is not None:
                self.store(handler.name)
            self.block(handler.body)
            ends.append(self.bound)
        self._finally(node.finalbody, start, meet(*ends))

    visit_TryStar = visit_Try  # noqa: N815

    def _finally(self, body: list[ast.stmt], start: Bound, joined: Bound) -> None:
        """Walk `finally`, which also runs after an exception anywhere before it."""
        self.bound = start
        self.block(body)
        if joined is None or self.bound is None:
            self.bound = None
        else:
            self.bound |= joined

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            self.visit(item)
        start = self.bound
        self.block(node.body)
        if any(last_name(i.context_expr) in _SWALLOWING_CONTEXTS for i in node.items):
            self.bound = meet(start, self.bound)

    visit_AsyncWith = visit_With  # noqa: N815

    def visit_Match(self, node: ast.AST) -> None:
        self.visit(node.subject)  # type: ignore[attr-defined]
        start, ends, falls_through = self.bound, [], True
        for case in node.cases:  # type: ignore[attr-defined]
            self.bound = start
            self.visit(case.pattern)
            if case.guard is not None:
                self.visit(case.guard)
            elif getattr(case.pattern, "pattern", case.pattern) is None:
                falls_through = False
            self.block(case.body)
            ends.append(self.bound)
        self.bound = meet(*ends, start) if falls_through else meet(*ends)

    def visit_MatchAs(self, node: ast.AST) -> None:
        self.generic_visit(node)
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name is not None:
            self.store(name)

    visit_MatchStar = visit_MatchMapping = visit_MatchAs  # noqa: N815


def last_name(node: ast.expr) -> str:
    """Return `c` for `a.b.c` and for `a.b.c(…)`."""
    if isinstance(node, ast.Call):
        node = node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _known_truth(test: ast.expr) -> bool | None:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    # A cell runs as `__main__` here and there.
    if isinstance(test, ast.Compare) and ast.unparse(test) == "__name__ == '__main__'":
        return True
    return None


def _surely_goes_round(iterable: ast.expr) -> bool:
    if isinstance(iterable, (ast.List, ast.Tuple, ast.Set)):
        return any(not isinstance(element, ast.Starred) for element in iterable.elts)
    if isinstance(iterable, ast.Constant):
        return isinstance(iterable.value, (str, bytes)) and len(iterable.value) > 0
    is_range = isinstance(iterable, ast.Call) and last_name(iterable) == "range"
    arguments = iterable.args if is_range else []  # type: ignore[attr-defined]
    try:
        return len(range(*map(ast.literal_eval, arguments))) > 0
    except (ValueError, TypeError):
        return False
