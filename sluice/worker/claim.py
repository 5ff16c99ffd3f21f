"""The right to run a task: one job has it, and each of its attempts once."""

from __future__ import annotations

import json
import os
import shutil
import socket
import time
from typing import Any

from .job import Job
from .layout import RunLayout, write_whole


class ClaimedError(Exception):
    """Another process has the right; the message says which."""


def claim(layout: RunLayout, job: Job) -> None:
    """Claim a run for this attempt of this job.

    Raises
    ------
    ClaimedError
        Another job has the run, or another process this attempt. Nothing was changed.
    """
    if _take(layout, job):
        return
    owner = _owner(layout)
    if owner.get("fenced"):
        raise ClaimedError("the run was given up before it began; nothing of it runs any more")
    if (layout.claim / "over").exists():
        raise ClaimedError("the run was canceled; it is not started again")
    if not job.id or owner.get("jobId") != job.id:
        raise ClaimedError(f"the run belongs to job {owner.get('jobId') or '(unknown)'}")
    if job.attempt <= owner.get("attempt", 0):
        raise ClaimedError(f"attempt {job.attempt} of job {job.id} has been started before")
    try:
        # Two processes of one attempt: mkdir lets one through.
        (layout.claim / f"attempt-{job.attempt}").mkdir(mode=0o700)
    except FileExistsError:
        raise ClaimedError(f"attempt {job.attempt} of job {job.id} is running already") from None
    write_whole(layout.owner, _words(job))


def _take(layout: RunLayout, job: Job) -> bool:
    """Make `claim/` with the owner in it, in one step: never is it there without an owner."""
    aside = layout.claim.with_name(f"claim.{socket.gethostname()}.{os.getpid()}")
    words = _words(job)
    aside.mkdir(mode=0o700)
    try:
        # A disk that is full is no claim of another's.
        write_whole(aside / "owner", words)
        try:
            # Refused when the target is a folder that has something in it.
            aside.rename(layout.claim)
        except OSError:
            # On NFS the answer to a rename that succeeded can be lost.
            return layout.owner.exists() and layout.owner.read_text("utf-8") == words
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return True


def _owner(layout: RunLayout) -> dict[str, Any]:
    try:
        owner = json.loads(layout.owner.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise ClaimedError(f"the run is claimed, and by whom cannot be read: {fault}") from fault
    return owner if isinstance(owner, dict) else {}


def _words(job: Job) -> str:
    return json.dumps(
        {
            "version": 1,
            "jobId": job.id,
            "attempt": job.attempt,
            "host": socket.gethostname(),
            "pid": os.getpid(),
            "at": time.time(),
        }
    )
