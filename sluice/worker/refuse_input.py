"""A clear answer to code that asks a person."""

from __future__ import annotations

import builtins
from typing import Any


class StdinNotImplementedError(NotImplementedError):
    """Nobody is there to answer."""


_WORDS = (
    "{}() cannot ask anyone: this cell runs as a job on the cluster. Put the answer into a "
    "variable in a cell that runs in the notebook, and read the variable here."
)


def refuse_input() -> None:
    """Make `input` and `getpass` raise instead of waiting for ever."""
    import getpass

    def input(prompt: Any = "", /) -> str:
        raise _error("input")

    def ask_password(prompt: str = "Password: ", stream: Any = None, **_: Any) -> str:
        raise _error("getpass")

    builtins.input = input
    getpass.getpass = ask_password


def _error(function: str) -> Exception:
    return StdinNotImplementedError(_WORDS.format(function))
