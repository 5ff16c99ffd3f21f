"""Sluice: run a notebook cell on a Slurm cluster as if it ran here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._version import __version__
from .local import TimeUp, metric, on_interrupt, path, task

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

__all__ = ["TimeUp", "__version__", "metric", "on_interrupt", "path", "task"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register `%%slurm` and `%sluice`: what `%load_ext sluice` calls."""
    from .magics import load_ipython_extension as load

    load(shell)


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from .server.extension import SluiceServer

    return [{"module": "sluice", "app": SluiceServer}]


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyterlab-sluice"}]


def __getattr__(name: str) -> Any:
    if name != "RemoteValue":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # The very class whose handles a kernel has: the helper is loaded under a name of its own.
    import importlib
    import sys
    from pathlib import Path
    from types import ModuleType

    if "_sluice" not in sys.modules:
        carrier = sys.modules["_sluice"] = ModuleType("_sluice")
        carrier.__path__ = [str(Path(__file__).parent)]
    return importlib.import_module("_sluice.kernel").RemoteValue
