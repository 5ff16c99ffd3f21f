"""`%%slurm` and `%sluice` for IPython.

Relative imports only: a kernel whose environment lacks the package loads this by its path.
"""

from __future__ import annotations

from IPython.core.interactiveshell import InteractiveShell

from .magic import SluiceMagics

__all__ = ["SluiceMagics", "load_ipython_extension"]


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Register the magics; may be called twice."""
    shell.register_magics(SluiceMagics(shell))
