"""Files that earlier cells of the notebook wrote on this host: a later one finds its own copies."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Callable

from .spec import Spec

# Linux: let two files share their blocks until one of them is written.
_FICLONE = 0x40049409
_PIECE_BYTES = 1 << 30
_NAMED = 5


def bring_inherited(spec: Spec, work: Path, make: Callable[[Path], None]) -> None:
    """Copy each file to its place below `work/`; what is gone is skipped and named.

    What the snapshot has brought there stays. Copies, never links: the earlier run keeps its own.

    Parameters
    ----------
    make : Callable
        Makes a folder with those above it.
    """
    runs = spec.root / "runs"
    missing: list[str] = []
    for file in spec.inherited:
        source, target = Path(file["from"]), work / file["to"]
        if not _is_below(source, runs):
            missing.append(f"{file['to']} (not a file of a run)")
            continue
        try:
            make(target.parent)
            _copy(source, target)
        except FileExistsError:
            continue
        except OSError as fault:
            if fault.errno in (errno.ENOSPC, errno.EDQUOT):
                target.unlink(missing_ok=True)
                missing.append(f"{file['to']} and all after it ({fault.strerror})")
                break
            missing.append(f"{file['to']} ({fault.strerror})")
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        words = ", ".join(missing[:_NAMED]) + more
        print(f"sluice: of earlier runs could not be brought here: {words}", file=sys.stderr)


def _is_below(path: Path, folder: Path) -> bool:
    return ".." not in PurePosixPath(path).parts and folder in path.parents


def _copy(source: Path, target: Path) -> None:
    with _opened(source, os.O_RDONLY | os.O_NOFOLLOW) as reader:
        found = os.fstat(reader)
        if not stat.S_ISREG(found.st_mode):
            raise OSError(errno.EINVAL, "it is no ordinary file")
        with _opened(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as writer:
            if not _clone(reader, writer) and not _copy_range(reader, writer, found.st_size):
                _copy_bytes(reader, writer)
            os.utime(writer, ns=(found.st_atime_ns, found.st_mtime_ns))


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _clone(reader: int, writer: int) -> bool:
    try:
        import fcntl

        fcntl.ioctl(writer, _FICLONE, reader)
    except (ImportError, OSError):
        # Few file systems can; then the bytes are copied.
        return False
    return True


def _copy_range(reader: int, writer: int, size: int) -> bool:
    """Copy inside the file system where it can; False: nothing was copied."""
    copy = getattr(os, "copy_file_range", None)
    if copy is None:
        return False
    done = 0
    while done < size:
        try:
            count = copy(reader, writer, min(_PIECE_BYTES, size - done), done, done)
        except OSError as fault:
            if done > 0 or fault.errno in (errno.ENOSPC, errno.EDQUOT):
                raise
            return False
        if count == 0:
            return done > 0
        done += count
    return True


def _copy_bytes(reader: int, writer: int) -> None:
    while piece := os.read(reader, 1 << 20):
        view = memoryview(piece)
        while view:
            view = view[os.write(writer, view) :]
