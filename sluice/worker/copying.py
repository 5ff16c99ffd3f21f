"""Copies of shared files that a task may change."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

# FICLONE of linux/fs.h: the copy shares the disk's blocks until one of the two is changed.
_CLONE_REQUEST = 0x40049409


def copy_private(source: Path, target: Path) -> None:
    """Copy the bytes of a file, at no cost where the file system can share them.

    Parameters
    ----------
    source
        Stays as it is, whatever becomes of the copy.
    target
        A new file.
    """
    if sys.platform != "linux" or not _clone(source, target):
        shutil.copyfile(source, target)


def _clone(source: Path, target: Path) -> bool:
    import fcntl

    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with source.open("rb") as origin, os.fdopen(descriptor, "wb") as copy:
        try:
            fcntl.ioctl(copy.fileno(), _CLONE_REQUEST, origin.fileno())
        except OSError:
            return _copy_in_kernel(origin.fileno(), copy.fileno())
    return True


def _copy_in_kernel(origin: int, copy: int) -> bool:
    """Let the system, or the file server itself, copy; false where it cannot."""
    # Not in every Python that was built for an old system.
    copy_range = getattr(os, "copy_file_range", None)
    left = os.fstat(origin).st_size
    if copy_range is None:
        return False
    try:
        while left > 0:
            done = copy_range(origin, copy, left)
            if done == 0:
                return False
            left -= done
    except OSError:
        # Whatever is wrong, the ordinary copy that follows says it.
        return False
    return True
