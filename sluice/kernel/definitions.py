"""The functions and classes of the notebook that travel, and what only their text tells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


class Definitions:
    """Collects definitions, each once."""

    def __init__(self, namespace: dict[str, Any]) -> None:
        self._namespace = namespace
        self._found: dict[int, Any] = {}

    def take(self, definitions: Iterable[Any]) -> set[str]:
        """Note definitions; return the names of the notebook that they read through text."""
        for definition in definitions:
            self._found.setdefault(id(definition), definition)
        return set()
