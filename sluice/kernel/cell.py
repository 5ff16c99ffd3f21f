"""From the text of a cell to its syntax tree."""

from __future__ import annotations

import ast
import functools
import keyword
import re
import sys
import warnings
from typing import Any

_FLAGS = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_CELL_MAGIC = re.compile(r"%%(?P<name>[\w.]+)[ \t]*(?P<line>[^\n]*)(\n|$)")

#: A longer text would keep the kernel busy for minutes; data belongs in a file.
MOST_CHARACTERS = 5_000_000
_MOST_KEPT = 100_000

# Cell magics whose body is Python that runs in the notebook's namespace.
PYTHON_CELL_MAGICS = frozenset(
    ["slurm", "time", "timeit", "capture", "prun", "memit", "mprun", "lprun"]
)


class CellSyntaxError(Exception):
    """The cell cannot be parsed; `line` counts from 1 in the cell as it was typed."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


def parse_cell(source: str, *, is_cell: bool = True) -> ast.Module:
    """Parse a cell, magics and shell lines included; where it is no cell, plain Python.

    A cell magic with a Python body is taken off first, so that the tree is that of its body with
    the line numbers of the cell; the names that its own line reads come first.

    Raises
    ------
    CellSyntaxError
        When Python would refuse the cell.

    The tree is kept for the next one who asks: it is for reading only.
    """
    if len(source) > MOST_CHARACTERS:
        raise CellSyntaxError(1, f"it is longer than {MOST_CHARACTERS:,} characters")
    # The page asks about the same cell again and again.
    parse = _parse_again if len(source) <= _MOST_KEPT else _parse
    return parse(source, is_cell)


def _parse(source: str, is_cell: bool) -> ast.Module:
    if not is_cell:
        return _parse_python(source, 0, is_cell=False)
    body, skipped, header = _split_cell_magic(source)
    tree = _parse_python(body, skipped)
    if header is not None:
        call = ast.parse(f"get_ipython().run_cell_magic({header[0]!r}, {header[1]!r}, '')")
        tree.body[:0] = call.body
        tree.body += _captured_output(*header)
    return tree


_parse_again = functools.lru_cache(maxsize=16)(_parse)


def _captured_output(magic: str, line: str) -> list[ast.stmt]:
    """`%%capture out` binds `out` when the body has run."""
    names = [word for word in line.split() if word.isidentifier()]
    if magic != "capture" or not names or keyword.iskeyword(names[0]):
        return []
    return ast.parse(f"{names[0]} = None").body


def _split_cell_magic(source: str) -> tuple[str, int, tuple[str, str] | None]:
    """Body, number of lines before it, and name and line of the magic that was taken off."""
    start = len(source) - len(source.lstrip())
    match = _CELL_MAGIC.match(source, start)
    if match is None or match["name"] not in PYTHON_CELL_MAGICS:
        return source, 0, None
    body, deeper, _ = _split_cell_magic(source[match.end() :])
    skipped = source.count("\n", 0, match.end()) + deeper
    return body, skipped, (match["name"], match["line"])


def _parse_python(source: str, skipped: int, *, is_cell: bool = True) -> ast.Module:
    python = source
    try:
        python = _plain_python(source) if is_cell else source
        with warnings.catch_warnings():
            # Python says its warnings where the cell runs.
            warnings.simplefilter("ignore")
            tree = ast.parse(python)
            _check(tree)
    except SyntaxError as fault:
        line = skipped + _typed_line(source, python, fault.lineno or 1)
        raise CellSyntaxError(line, fault.msg or "invalid syntax") from fault
    except (ValueError, RecursionError, MemoryError) as fault:
        problem = str(fault) or "the cell is nested too deeply"
        raise CellSyntaxError(skipped + 1, problem) from fault
    return tree


def _check(tree: ast.Module) -> None:
    """Have the compiler look, which alone finds `return` outside a function and its like."""
    try:
        compile(tree, "<cell>", "exec", flags=_FLAGS, dont_inherit=True)
    except RecursionError:
        # The kernel, which calls the compiler from less deep, may manage.
        return


def _plain_python(source: str) -> str:
    """Return the source with magics and shell lines turned into calls, as the shell does."""
    shell = running_shell()
    if shell is not None:
        return str(shell.input_transformer_manager.transform_cell(source))
    if not re.search(r"(?m)^\s*[%!?]|[!%?]\s*\w", source):
        return source
    try:
        from IPython.core.inputtransformer2 import TransformerManager
    except ImportError:
        return source
    manager: Any = TransformerManager
    return str(manager().transform_cell(source))


def running_shell() -> Any:
    """Return the IPython shell of this process, or None."""
    core = sys.modules.get("IPython.core.getipython")
    return None if core is None else core.get_ipython()


def _typed_line(source: str, python: str, line: int) -> int:
    """Find the line that was typed for a line of the transformed source.

    The transformation joins continued lines and drops empty ones at the top, so a line can only
    have moved up.
    """
    typed, changed = source.splitlines(), python.splitlines()
    if not 1 <= line <= len(changed):
        return min(line, max(len(typed), 1))
    wanted = changed[line - 1].strip()
    for number in range(line, len(typed) + 1):
        if typed[number - 1].strip() == wanted:
            return number
    leading = len(source) - len(source.lstrip())
    return min(line + source.count("\n", 0, leading), max(len(typed), 1))
