"""The blobs of values in the spool, named by the hash of their bytes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..values import Blob, Encoded, digest, write_aside


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

    def _write_one(self, blob: Blob) -> dict[str, Any]:
        name = digest(blob)
        place = self._blobs / name
        try:
            if not _is_whole(place, blob.size):
                self._blobs.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_aside(blob, place, 0o600)
        except OSError as fault:
            raise SpoolError(str(place), fault.strerror or str(fault)) from fault
        return {"role": blob.role, "sha256": name, "bytes": blob.size}


def _is_whole(place: Path, size: int) -> bool:
    try:
        return place.stat().st_size == size
    except FileNotFoundError:
        return False
