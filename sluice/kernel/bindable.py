"""Which names results may be bound to: whoever writes results must not reach the kernel's own."""

from __future__ import annotations

import builtins
import keyword
import re

#: What IPython itself binds and reads.
_SHELL = frozenset(["In", "Out", "exit", "quit", "get_ipython", "open", "display"])
# Its history: `_`, `__`, `_i`, `_ii`, `_12`, `_i12`, `_oh` and the like.
_HISTORY = re.compile(r"_{1,3}|_i{1,3}|_i?\d+|_[idos]h|_exit_code")
_MOST_LETTERS = 500


def name_problem(name: str) -> str | None:
    """Say why a result may not have this name; None: it may.

    Parameters
    ----------
    name
        As the worker told it.
    """
    if len(name) > _MOST_LETTERS or not name.isidentifier() or keyword.iskeyword(name):
        return "it is no name of a variable"
    if name.startswith("__") and name.endswith("__"):
        return "it is a name of Python's own"
    if _HISTORY.fullmatch(name) is not None:
        return "it is a name of IPython's own"
    return None


def is_taken(name: str) -> bool:
    """Whether a name means something unbound: only a cell that binds it gives it another value.

    Parameters
    ----------
    name
        A name that has no problem.
    """
    return name in _SHELL or hasattr(builtins, name)
