"""The task's own working directory, and where its modules are found."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from .copying import copy_private
from .faults import WorkerError
from .inherited import bring_inherited
from .snapshot import check_snapshot
from .spec import Spec

_FILE_MODE, _PROGRAM_MODE = 0o600, 0o700


def prepare(spec: Spec, work: Path) -> None:
    """Make the task's folders, copy its files, enter its own, and put its modules on the path.

    Raises
    ------
    WorkerError
        Something of the snapshot is not as it was sent, or the disk is full.
    """
    snapshot = spec.snapshot
    if snapshot is None and (spec.files or spec.module_paths):
        raise WorkerError("SnapshotError", "files are named, but no snapshot that holds them")
    if snapshot is not None:
        check_snapshot(snapshot)
    try:
        folder = work / spec.cwd
        for each in (folder, *(work / name for name in spec.folders)):
            _make(each)
        for file in spec.files:
            if snapshot is not None:
                _copy(snapshot / file["from"], work / file["to"], file)
        bring_inherited(spec, work, _make)
        os.chdir(folder)
    except OSError as fault:
        raise WorkerError("SnapshotError", f"the working directory cannot be made: {fault}") from (
            fault
        )
    paths = [] if snapshot is None else [snapshot / path for path in spec.module_paths]
    for path in paths:
        if not path.is_dir():
            raise WorkerError("SnapshotError", f"the modules of the notebook are missing: {path}")
    if paths:
        # Other tasks use the same folders; the variable is for the cell's child processes.
        sys.dont_write_bytecode = True
        os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    # The empty entry is the current directory, as in a notebook.
    sys.path[:0] = [*map(str, paths), ""]


def _make(folder: Path) -> None:
    # `parents` of `mkdir` would leave those to the umask.
    if not folder.is_dir():
        _make(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)


def _copy(source: Path, target: Path, file: dict[str, Any]) -> None:
    _make(target.parent)
    copy_private(source, target)
    target.chmod(_PROGRAM_MODE if file.get("mode", 0) & 0o111 else _FILE_MODE)
