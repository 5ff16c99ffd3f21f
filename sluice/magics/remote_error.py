"""Errors that a cell raised elsewhere, shown as if raised here."""

from __future__ import annotations

from typing import Any


class RemoteError(Exception):
    """An exception of a cell on its target: its words and traceback, and no frames of ours."""

    def __init__(self, evalue: str, traceback: list[str]) -> None:
        super().__init__(evalue)
        self.traceback = traceback

    def _render_traceback_(self) -> list[str]:
        return self.traceback


class CellInterruptedError(KeyboardInterrupt):
    """The person interrupted a cell; says what became of its task."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words

    def _render_traceback_(self) -> list[str]:
        return [f"\x1b[0;31mKeyboardInterrupt\x1b[0m: {self.words}"]


# Front ends show the class's name: it shall be the one that a person knows.
CellInterruptedError.__name__ = "KeyboardInterrupt"


def make_remote_error(data: dict[str, Any]) -> RemoteError:
    """Make the exception for an `error` event: its class has the remote one's name."""
    name = str(data["ename"]).replace("\0", "") or "Exception"
    made = type(name, (RemoteError,), {"__module__": __name__})(data["evalue"], data["traceback"])
    assert isinstance(made, RemoteError)  # noqa: S101 (for the type checker)
    return made
