"""What a child that the cell forked can show: text, by the descriptors.

The lock and the threads of the parent are not in the child, and the event file has one writer.
"""

from __future__ import annotations

import os
from typing import Any


class _Process:
    """Whether this process is a child that the cell forked."""

    def __init__(self) -> None:
        self.is_child = False
        os.register_at_fork(after_in_child=self._note)

    def _note(self) -> None:
        self.is_child = True


process = _Process()


def write_from_child(type: str, data: dict[str, Any]) -> None:
    """Write the text of an event to the descriptor where a program would write it."""
    if type == "error":
        write_text(2, "\n".join(data["traceback"]) + "\n")
    elif type in ("display_data", "update_display_data", "execute_result"):
        write_text(1, f"{data['data'].get('text/plain', '')}\n")


def write_text(descriptor: int, text: str) -> None:
    """Write all of a text."""
    data = text.encode("utf-8", "replace")
    while data:
        data = data[os.write(descriptor, data) :]
