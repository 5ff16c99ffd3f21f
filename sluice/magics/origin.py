"""Where a cell comes from: its notebook, its kernel, its id."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from IPython.core.interactiveshell import InteractiveShell


def find_origin(
    shell: InteractiveShell, environ: Mapping[str, str] = os.environ
) -> dict[str, str | None]:
    """Tell the origin as far as this kernel knows it."""
    return {
        "notebookPath": _notebook_path(environ),
        "cellId": _cell_id(shell),
        "kernelId": _kernel_id(),
    }


def find_project_dir(environ: Mapping[str, str] = os.environ) -> str | None:
    """Tell where the project of this notebook begins to be looked for."""
    notebook = _notebook_path(environ)
    if notebook is not None and Path(notebook).parent.is_dir():
        return str(Path(notebook).parent)
    try:
        return str(Path.cwd())
    except FileNotFoundError:
        # The working directory was removed under the kernel.
        return None


def lines_above(shell: InteractiveShell, source: str) -> int:
    """Count the lines of the typed cell that stand above a cell magic's body."""
    parent = _parent(shell)
    content = parent.get("content")
    typed = content.get("code") if isinstance(content, dict) else None
    # The shell ends the body with a newline where the cell has none.
    place = typed.rstrip().rfind(source.rstrip()) if isinstance(typed, str) else -1
    # A terminal keeps no cell: then the magic's own line is above, as a rule.
    return typed.count("\n", 0, place) if isinstance(typed, str) and place > 0 else 1


def _notebook_path(environ: Mapping[str, str]) -> str | None:
    path = environ.get("JPY_SESSION_NAME", "")
    # A console has a bare name there, which is no notebook's.
    return path if Path(path).is_absolute() else None


def _cell_id(shell: InteractiveShell) -> str | None:
    metadata = _parent(shell).get("metadata")
    cell_id = metadata.get("cellId") if isinstance(metadata, dict) else None
    return cell_id if isinstance(cell_id, str) else None


def _parent(shell: InteractiveShell) -> dict[str, Any]:
    """Give the message that asked for this cell."""
    parent: Any = shell.get_parent() if hasattr(shell, "get_parent") else None
    return parent if isinstance(parent, dict) else {}


def _kernel_id() -> str | None:
    # Not imported for this: in a terminal there is no kernel to ask.
    kernel_app = sys.modules.get("ipykernel.kernelapp")
    if kernel_app is None or not kernel_app.IPKernelApp.initialized():
        return None
    name = Path(kernel_app.IPKernelApp.instance().connection_file).name
    match = re.fullmatch(r"kernel-(.+)\.json", name)
    return match.group(1) if match else None
