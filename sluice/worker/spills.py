"""Representations that are too large for an event: files beside `events.jsonl`."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from pathlib import Path
from typing import Any

from .json_lines import plain
from .words import size_words

# Beyond so much in one attempt they are left out.
_MOST_BYTES = 1 << 30
_BINARY = ("image/", "audio/", "video/", "application/pdf", "application/octet-stream")
_TEXTUAL = ("image/svg+xml",)


class Spills:
    """Writes `outputs/<sha256>`; a disk that takes no more is kept in `fault`."""

    def __init__(self, folder: Path, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = folder
        self._left = most_bytes
        self.fault: OSError | None = None

    def put(self, mime: str, value: Any) -> tuple[dict[str, Any] | None, str]:
        """Write a representation; return what the event says of it, and words for a person."""
        form, data = _content(mime, value)
        size = size_words(len(data))
        if len(data) > self._left:
            return None, f"{mime} ({size}) is left out: the outputs of this task are too large"
        sha256 = hashlib.sha256(data).hexdigest()
        try:
            if self._write(sha256, data):
                self._left -= len(data)
        except OSError as fault:
            self.fault = self.fault or fault
            return None, f"{mime} ({size}) is lost: it cannot be written, {fault.strerror}"
        told = {"mime": mime, "sha256": sha256, "bytes": len(data), "form": form}
        return told, f"{mime} ({size}) is too large to be shown here; it is kept as a file"

    def _write(self, sha256: str, data: bytes) -> bool:
        path = self._folder / sha256
        if path.exists():
            return False
        self._folder.mkdir(mode=0o700, exist_ok=True)
        aside = self._folder / f"{sha256}.{os.getpid()}.part"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(path)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        return True


def _content(mime: str, value: Any) -> tuple[str, bytes]:
    """Return what the bytes of a representation are, and the bytes."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return "base64", bytes(value)
    if isinstance(value, str):
        if mime.startswith(_BINARY) and mime not in _TEXTUAL:
            try:
                return "base64", base64.b64decode(value, validate=True)
            except (binascii.Error, ValueError):
                # Some cut it into lines; as text it is what it was.
                pass
        return "text", value.encode("utf-8", "replace")
    return "json", json.dumps(plain(value), ensure_ascii=False).encode("utf-8", "replace")
