"""The descriptors 1 and 2: what child processes and C code write."""

from __future__ import annotations

import codecs
import os
from os import SEEK_END, lseek
from pathlib import Path

_NAMES = {1: "stdout", 2: "stderr"}
_READ_BYTES = 1024 * 1024


class Descriptors:
    """Turns the descriptors into files and reads what is appended there.

    Files, not pipes: a pipe that is full stops C code that holds the interpreter's lock, and with
    it the thread that would empty the pipe, for ever. Besides, the last words of a process that
    crashes stay on disk.
    """

    def __init__(self, files: dict[int, Path]) -> None:
        self._files = files
        self._before: dict[int, int] = {}
        self._readers: dict[int, _Reader] = {}

    def redirect(self) -> None:
        """Send both descriptors to their files, and standard input to nothing."""
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        for number, path in self._files.items():
            self._before[number] = os.dup(number)
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
            file = os.open(path, flags, 0o600)
            os.dup2(file, number)
            os.close(file)
            self._readers[number] = _Reader(path, _NAMES[number])

    def restore(self) -> None:
        """Point both descriptors to where they pointed before; the files go when they were read."""
        for number, before in self._before.items():
            os.dup2(before, number)
            os.close(before)
        self._before = {}
        for number, reader in self._readers.items():
            if reader.is_at_end():
                self._files[number].unlink(missing_ok=True)

    def pull(self) -> list[tuple[str, str]]:
        """Return what was appended since the last call: (name of the stream, text)."""
        pulled = []
        for reader in self._readers.values():
            # Asked before every piece of text: the one call of the system that it takes.
            if lseek(reader.descriptor, 0, SEEK_END) != reader.at:
                pulled.append((reader.name, reader.read()))
        return pulled


class _Reader:
    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self.at = 0
        self.descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def is_at_end(self) -> bool:
        return self.at >= os.fstat(self.descriptor).st_size

    def read(self) -> str:
        if os.fstat(self.descriptor).st_size < self.at:
            # A child that opens /dev/stdout anew for writing empties the file.
            self.at = 0
        texts: list[str] = []
        while True:
            data = os.pread(self.descriptor, _READ_BYTES, self.at)
            if not data:
                return "".join(texts)
            self.at += len(data)
            texts.append(self._decoder.decode(data))
