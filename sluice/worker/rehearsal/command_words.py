"""What in a command may be a path."""

from __future__ import annotations

import os
import shlex
from typing import Any


def command_paths(words: list[Any]) -> list[str]:
    """Return the words of a command that may name a file, those of a shell line included.

    Parameters
    ----------
    words
        The program and its arguments, as they were given to it.
    """
    found: list[str] = []
    for word in words:
        if not isinstance(word, (str, bytes, os.PathLike)):
            continue
        text = os.fsdecode(word)
        for piece in [text, *_pieces(text)]:
            found += [piece, piece.partition("=")[2]]
    return [path for path in dict.fromkeys(found) if path and "\0" not in path and path != "."]


def _pieces(text: str) -> list[str]:
    """Cut a shell line; what is no line stays one piece."""
    if not any(mark in text for mark in " \t\n;|&<>"):
        return []
    cutter = shlex.shlex(text, posix=True, punctuation_chars=True)
    cutter.whitespace_split = True
    try:
        return list(cutter)
    except ValueError:
        # An open quote: the shell says so itself.
        return text.split()
