"""Gives a kernel the magics when it lacks them."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from typing import Any

from .cell import running_shell


def load_magic() -> dict[str, Any]:
    """Register `%%slurm` and `%sluice` unless they are there.

    Returns
    -------
    dict
        `{loaded, problem}`: whether the magics are there now, and if not, why.
    """
    shell = running_shell()
    if shell is None:
        return _answer("this kernel has no IPython, so it has no magics")
    if "slurm" in shell.magics_manager.magics["cell"]:
        return _answer(None)
    try:
        _import_sluice()
        shell.extension_manager.load_extension("sluice")
    except ImportError as fault:
        return _answer(f"{type(fault).__name__}: {fault}")
    if "slurm" in shell.magics_manager.magics["cell"]:
        return _answer(None)
    return _answer("another module named sluice is in the way")


def _answer(problem: str | None) -> dict[str, Any]:
    return {"loaded": problem is None, "problem": problem}


def _import_sluice() -> None:
    """Import the installed package, or the one that this helper belongs to."""
    spec = importlib.util.find_spec("sluice")
    # A mere folder of that name, such as in a project's directory, has no origin.
    if spec is not None and spec.origin is not None:
        importlib.import_module("sluice")
        return
    parent = str(Path(__file__).resolve().parent.parent.parent)
    sys.modules.pop("sluice", None)
    sys.path.insert(0, parent)
    try:
        importlib.import_module("sluice")
    finally:
        sys.path.remove(parent)
