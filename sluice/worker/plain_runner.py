"""Runs cells where there is no IPython."""

from __future__ import annotations

import ast
import asyncio
import inspect
import linecache
import sys
from types import CodeType, ModuleType
from typing import Any, Callable

from .ending import Ending, raised, succeeded
from .figures import Figures
from .plain_display import Display
from .plain_traceback import plain_traceback
from .words import exception_words

Event = Callable[[str, dict[str, Any]], None]

_FILE = "<cell>"


class PlainRunner:
    """Runs cells in the namespace of a module; the last expression is shown."""

    def __init__(self, module: ModuleType, event: Event) -> None:
        self._module = module
        self._event = event
        self.fault: BaseException | None = None
        self.skipped_lines = 0
        self._display = Display(event)
        self._display.install()
        self._figures = Figures(lambda figure: self._display.show(figure, None, False))
        self._figures.install()

    def python_of(self, source: str) -> str:
        """Return the cell as it is: there are no magics."""
        return source

    def run(self, source: str) -> Ending:
        """Run a cell to its end; what it shows and raises is written as events."""
        self.fault = None
        linecache.cache[_FILE] = (len(source), None, source.splitlines(keepends=True), _FILE)
        try:
            try:
                self._execute(source)
            finally:
                self._figures.flush()
        except BaseException as fault:  # noqa: BLE001 - the cell may raise anything
            self.fault = fault
            if isinstance(fault, SyntaxError):
                _explain_magic(fault)
            ename, evalue = type(fault).__name__, exception_words(fault)
            traceback = plain_traceback(fault, _FILE)
            self._event("error", {"ename": ename, "evalue": evalue, "traceback": traceback})
            return raised(ename, evalue)
        return succeeded()

    def is_own(self, filename: str) -> bool:
        """Whether the cell was compiled under this name."""
        return filename == _FILE

    def _execute(self, source: str) -> None:
        tree = ast.parse(source, _FILE)
        shown = None
        last = tree.body[-1] if tree.body else None
        if isinstance(last, ast.Expr) and not _is_silent(source):
            tree.body.pop()
            shown = ast.Expression(last.value)
        self._evaluate(_compiled(tree, "exec"))
        if shown is not None:
            value = self._evaluate(_compiled(shown, "eval"))
            if value is not None:
                self._display.result(value)

    def _evaluate(self, code: CodeType) -> Any:
        value = eval(code, self._module.__dict__)  # noqa: S307 - running the cell is the job
        if code.co_flags & inspect.CO_COROUTINE:
            return asyncio.run(value)
        return value


def _compiled(tree: ast.Module | ast.Expression, mode: str) -> CodeType:
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    code: CodeType = compile(tree, _FILE, mode, flags=flags, dont_inherit=True)
    return code


def _is_silent(source: str) -> bool:
    """Whether the cell ends with a semicolon: its last value is not shown then."""
    text = source.rstrip()
    last = text.splitlines()[-1] if text else ""
    return last.split("#", maxsplit=1)[0].rstrip().endswith(";")


def _explain_magic(fault: SyntaxError) -> None:
    if (fault.text or "").lstrip().startswith(("%", "!")):
        fault.msg = (
            f"{fault.msg}: magics and shell lines need IPython, which is not in Python "
            f"{sys.version.split()[0]} ({sys.executable})"
        )
