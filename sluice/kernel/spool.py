"""The blobs of values in the spool, named by the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

from ..values import Blob, Encoded, digest, is_whole, write_named

# To hash smaller ones twice costs nothing.
_LARGE_BYTES = 1_000_000


class SpoolError(Exception):
    """The spool cannot be written."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


class Spool:
    """Writes blobs into `<spool>/blobs/`."""

    def __init__(self, directory: str) -> None:
        self._blobs = Path(directory) / "blobs"

    def write(self, encoded: Encoded) -> list[dict[str, Any]]:
        """Write each blob that is not there yet; return `{role, sha256, bytes}` for each.

        Raises
        ------
        SpoolError
            When the disk refuses.
        """
        return [self._write_one(blob) for blob in encoded.blobs]

    def place_of(self, sha256: str) -> Path:
        """Return where the blob of some hash lies."""
        return self._blobs / sha256

    def _write_one(self, blob: Blob) -> dict[str, Any]:
        try:
            name = self._stored_name(blob) or self._write_new(blob)
        except OSError as fault:
            raise SpoolError(str(self._blobs), fault.strerror or str(fault)) from fault
        return {"role": blob.role, "sha256": name, "bytes": blob.size}

    def _stored_name(self, blob: Blob) -> str | None:
        """Return the name of a blob that is there already: one hash and no write."""
        if blob.size >= _LARGE_BYTES and not self._may_be_stored(blob):
            # Hashed while it is written, once instead of twice.
            return None
        name = digest(blob)
        place = self._blobs / name
        if not is_whole(place, blob.size):
            return None
        if blob.size < _LARGE_BYTES and not _has_name(place):
            # Torn by a power failure, since nobody waited for the disk.
            place.unlink(missing_ok=True)
            return None
        return name

    def _write_new(self, blob: Blob) -> str:
        self._blobs.mkdir(mode=0o700, parents=True, exist_ok=True)
        # To wait for the disk takes milliseconds, and a cell may read thousands of small values.
        return write_named(blob, self._blobs, is_durable=blob.size >= _LARGE_BYTES)

    def _may_be_stored(self, blob: Blob) -> bool:
        """Whether some file has the size of a blob, and its bytes at a few places."""
        try:
            with os.scandir(self._blobs) as entries:
                found = [entry.path for entry in entries if _size_of(entry) == blob.size]
        except FileNotFoundError:
            return False
        samples = blob.samples() if found else []
        return any(_has_samples(path, samples) for path in found)


def _has_name(place: Path) -> bool:
    """Whether the bytes of a small file are those that its name tells."""
    try:
        return hashlib.sha256(place.read_bytes()).hexdigest() == place.name
    except FileNotFoundError:
        return False


def _size_of(entry: os.DirEntry[str]) -> int | None:
    try:
        return entry.stat().st_size
    except FileNotFoundError:
        # Another kernel has just given it its name.
        return None


def _has_samples(path: str, samples: list[tuple[int, bytes]]) -> bool:
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - a path of scandir
            return all(
                os.pread(file.fileno(), len(wanted), start) == wanted for start, wanted in samples
            )
    except FileNotFoundError:
        return False
