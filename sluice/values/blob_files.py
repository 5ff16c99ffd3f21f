"""Blobs as files: hashed, and written so that no reader ever sees half of one."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from .encoded import Blob

_PIECE_BYTES = 1024 * 1024


def digest(blob: Blob) -> str:
    """Return the SHA-256 of a blob's bytes in hexadecimal.

    Parameters
    ----------
    blob
        The blob; its parts are read in place.
    """
    sha256 = hashlib.sha256()
    for part in blob.parts:
        sha256.update(part)
    return sha256.hexdigest()


def write_named(blob: Blob, folder: Path) -> str:
    """Write a blob to a file of a folder that is named by the hash of its bytes; return the hash.

    Exactly the bytes that are written are hashed, also when the value changes meanwhile.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; nothing is left behind then.
    """
    sha256 = hashlib.sha256()
    aside = folder / f"{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for part in blob.parts:
                view = memoryview(part).cast("B")
                for start in range(0, view.nbytes, _PIECE_BYTES):
                    piece = bytes(view[start : start + _PIECE_BYTES])
                    sha256.update(piece)
                    file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(folder / sha256.hexdigest())
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return sha256.hexdigest()


def write_aside(blob: Blob, path: Path, mode: int = 0o600) -> None:
    """Write a blob to a file beside `path`, then rename it there.

    Parameters
    ----------
    blob
        What to write.
    path
        Where it is in the end; what was there is replaced.
    mode
        Permissions of the file; the umask can only take more away.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; nothing is left behind then.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(6)}.part")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            for part in blob.parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
