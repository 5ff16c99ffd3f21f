"""The scripts that `%run` names."""

from __future__ import annotations

import ast
import getopt
import io
import json
import shlex
import tokenize
from dataclasses import dataclass
from pathlib import Path

from .cell import CellSyntaxError, parse_cell

_OPTIONS = "nidtN:b:pD:l:rs:T:em:G"
_MOST_BYTES = 5_000_000
_NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class ScriptRun:
    """What a `%run` runs: a file or a module; `is_shared`: in the notebook's own names."""

    path: str | None
    module: str | None
    is_shared: bool


@dataclass(frozen=True)
class Script:
    """A script as it lies on disk; `problem`: why it cannot be read or understood."""

    path: str
    source: str
    problem: str | None
    tree: ast.Module | None = None


def parse_run(line: str) -> ScriptRun | None:
    """Understand the line of a `%run`; None: IPython would refuse it too."""
    try:
        words = shlex.split(line)
        # What follows a module is its own.
        end = words.index("-m") + 2 if "-m" in words else len(words)
        options, rest = getopt.getopt(words[:end], _OPTIONS)
    except (ValueError, getopt.GetoptError):
        return None
    given = dict(options)
    module = given.get("-m")
    if module is not None:
        return ScriptRun(None, module, "-i" in given)
    if not rest:
        return None
    # IPython runs its own kinds of scripts in the notebook's names, whatever was asked.
    is_cells = rest[0].lower().endswith((".ipy", _NOTEBOOK))
    return ScriptRun(rest[0], None, is_cells or "-i" in given)


def read_script(path: str, cwd: str) -> Script:
    """Read and parse a script as `%run` does: seen from `cwd`, `.py` may be left off."""
    try:
        place = (Path(cwd) / Path(path).expanduser()).resolve()
        if not place.is_file() and place.with_name(f"{place.name}.py").is_file():
            place = place.with_name(f"{place.name}.py")
        if place.stat().st_size > _MOST_BYTES:
            return Script(path, "", "it is too large to be looked through")
        source = _text_of(place)
    except (OSError, ValueError, SyntaxError, RuntimeError) as fault:
        problem = getattr(fault, "strerror", None) or str(fault)
        return Script(path, "", f"it cannot be read: {problem}")
    try:
        return Script(path, source, None, _parse(source, place.suffix.lower()))
    except CellSyntaxError as fault:
        return Script(path, source, f"line {fault.line} is no Python: {fault.problem}")


def _text_of(place: Path) -> str:
    data = place.read_bytes()
    if place.suffix.lower() == _NOTEBOOK:
        return _code_cells(data)
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return io.TextIOWrapper(io.BytesIO(data), encoding).read()


def _code_cells(data: bytes) -> str:
    notebook = json.loads(data)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it is no notebook of format 4")
    sources = [
        cell.get("source") or ""
        for cell in cells
        if isinstance(cell, dict) and cell.get("cell_type") == "code"
    ]
    return "\n".join("".join(source) + "\n" for source in sources)


def _parse(source: str, suffix: str) -> ast.Module:
    return parse_cell(source, is_cell=suffix in (".ipy", _NOTEBOOK))
