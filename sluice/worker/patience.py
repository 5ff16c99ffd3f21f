"""Waiting for files that another machine wrote: they can be invisible here for a while (NFS)."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Callable

_SECONDS = 20.0
_PAUSE_SECONDS = 0.5


def lasting_problem(folder: Path, problem: Callable[[], str | None]) -> str | None:
    """Return a problem that does not go away within some seconds, or None as soon as it has gone.

    Parameters
    ----------
    folder
        Listed before each new look, which makes some file systems ask the server again.
    problem
        Says what is wrong now, if anything.
    """
    deadline = time.monotonic() + _SECONDS
    while True:
        found = problem()
        if found is None or time.monotonic() > deadline:
            return found
        time.sleep(_PAUSE_SECONDS)
        if folder.is_dir():
            for _ in folder.iterdir():
                break
