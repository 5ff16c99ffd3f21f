"""The list of what was needed and does not travel."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

MOST = 1000
_NAME_CHARACTERS = 400
_TEXT_CHARACTERS = 600


@dataclass(frozen=True)
class Finding:
    """One thing; `is_absent` says that the code was told so, and did not get it from elsewhere."""

    kind: str
    name: str
    line: int | None
    text: str
    is_absent: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return it as the wire wants it."""
        return {
            "kind": self.kind,
            "name": _cut(self.name, _NAME_CHARACTERS),
            "line": self.line,
            "text": _cut(self.text, _TEXT_CHARACTERS),
        }


class Findings:
    """Each thing once, as it was met first; for any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._found: dict[tuple[str, str], Finding] = {}
        self.dropped = 0

    def add(self, finding: Finding) -> None:
        """Note a thing, unless it is known."""
        with self._lock:
            key = (finding.kind, finding.name)
            if key in self._found:
                return
            if len(self._found) >= MOST:
                self.dropped += 1
            else:
                self._found[key] = finding

    def all(self) -> list[Finding]:
        """Return what was noted, in the order of the lines."""
        with self._lock:
            found = list(self._found.values())
        return sorted(found, key=lambda one: (one.line is None, one.line or 0))


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
