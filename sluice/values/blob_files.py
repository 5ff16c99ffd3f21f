"""Blobs as files: hashed, and written so that no reader ever sees half of one."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from typing import IO

from .encoded import PIECE_BYTES, Blob


def digest(blob: Blob) -> str:
    """Return the SHA-256 of a blob's bytes in hexadecimal.

    Parameters
    ----------
    blob
        The blob; its parts are read in place.
    """
    sha256 = hashlib.sha256()
    for piece in blob.pieces():
        sha256.update(piece)
    return sha256.hexdigest()


def write_named(blob: Blob, folder: Path, *, is_durable: bool = True) -> str:
    """Write a blob to a file of a folder that is named by the hash of its bytes; return the hash.

    Exactly the bytes that are written are hashed, also when the value changes meanwhile. A whole
    file of that name stays as it is.

    Parameters
    ----------
    blob
        The blob; its parts are read in place.
    folder
        Where to; it is there.
    is_durable
        Whether to wait until the disk has it. False where readers of this boot are enough: after
        a power failure the file may have its size and not its bytes.

    Raises
    ------
    OSError
        When the disk is full or the folder cannot be written; nothing is left behind then.
    """
    aside = folder / f"{secrets.token_hex(8)}.part"
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            name = _write_hashed(blob, file)
            file.flush()
            if is_durable:
                os.fsync(file.fileno())
        if is_whole(folder / name, blob.size):
            aside.unlink()
        else:
            aside.replace(folder / name)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return name


def _write_hashed(blob: Blob, file: IO[bytes]) -> str:
    sha256 = hashlib.sha256()
    # The only copy, piece by piece: whoever changes the value cannot change this.
    copy = memoryview(bytearray(PIECE_BYTES))
    for piece in blob.pieces():
        settled = copy[: piece.nbytes]
        settled[:] = piece
        sha256.update(settled)
        file.write(settled)
    return sha256.hexdigest()


def is_whole(place: Path, size: int) -> bool:
    """Whether a file is there with all its bytes: what is cut short is no blob."""
    try:
        return place.stat().st_size == size
    except FileNotFoundError:
        return False
