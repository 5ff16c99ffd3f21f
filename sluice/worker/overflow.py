"""Text beyond what is told as events: a file of its own, and its last words at the end."""

from __future__ import annotations

import os
from collections import deque
from pathlib import Path

Text = tuple[str, str]

_LAST_BYTES = 16 * 1024


class Overflow:
    """Divides text into what is told and what goes to the file alone.

    A disk that takes no more is kept in `fault`, and raises nothing in the cell.
    """

    def __init__(self, path: Path, told_bytes: int, last_bytes: int = _LAST_BYTES) -> None:
        self._path = path
        self.told_bytes = told_bytes
        self._last_bytes = last_bytes
        self._told = 0
        self._descriptor: int | None = None
        self._last: deque[Text] = deque()
        self._last_size = 0
        self.size = 0
        self.fault: OSError | None = None

    @property
    def name(self) -> str:
        """The file's name beside the events."""
        return self._path.name

    @property
    def has_begun(self) -> bool:
        """Whether there is more text than is told."""
        return self._descriptor is not None or self.fault is not None

    def divide(self, texts: list[Text]) -> list[Text]:
        """Return the texts that are still to be told; the rest is written."""
        told: list[Text] = []
        for name, text in texts:
            size = len(text) if text.isascii() else len(text.encode("utf-8", "replace"))
            room = self.told_bytes - self._told
            if not self.has_begun and size <= room:
                self._told += size
                told.append((name, text))
                continue
            if not self.has_begun:
                first, text = _cut(text, room)
                if first:
                    told.append((name, first))
                self._told = self.told_bytes
            self._keep(name, text)
        return told

    def last(self) -> list[Text]:
        """Return the last words of the file, each with its stream."""
        texts: list[Text] = []
        for name, text in self._last:
            if texts and texts[-1][0] == name:
                texts[-1] = (name, texts[-1][1] + text)
            else:
                texts.append((name, text))
        excess = self._last_size - self._last_bytes
        while excess > 0 and texts:
            name, text = texts.pop(0)
            data = text.encode("utf-8", "replace")
            if len(data) > excess:
                texts.insert(0, (name, data[excess:].decode("utf-8", "ignore")))
            excess -= len(data)
        return texts

    def sync(self) -> None:
        """Bring the file to the disk."""
        if self._descriptor is not None:
            try:
                os.fsync(self._descriptor)
            except OSError as fault:
                self.fault = self.fault or fault

    def _keep(self, name: str, text: str) -> None:
        data = text.encode("utf-8", "replace")
        self._append(data)
        if len(data) > self._last_bytes:
            data = data[-self._last_bytes :]
            text = data.decode("utf-8", "ignore")
        self._last.append((name, text))
        self._last_size += len(data)
        while self._last_size - len(self._last[0][1].encode("utf-8", "replace")) > self._last_bytes:
            _, oldest = self._last.popleft()
            self._last_size -= len(oldest.encode("utf-8", "replace"))

    def _append(self, data: bytes) -> None:
        try:
            if self._descriptor is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
                self._descriptor = os.open(self._path, flags, 0o600)
            view = memoryview(data)
            while view:
                written = os.write(self._descriptor, view)
                self.size += written
                view = view[written:]
        except OSError as fault:
            self.fault = self.fault or fault


def _cut(text: str, size: int) -> tuple[str, str]:
    """Cut a text after so many bytes at most, never within a character."""
    first = text.encode("utf-8", "replace")[: max(0, size)].decode("utf-8", "ignore")
    return first, text[len(first) :]
