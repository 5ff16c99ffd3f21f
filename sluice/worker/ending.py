"""How a task ended, as `end.json` says it."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass

OK = 0
RAISED = 1
CANNOT_WORK = 2
CLAIMED = 3
_MOST_CHARACTERS = 4000
TERMINATED = 128 + signal.SIGTERM


@dataclass(frozen=True)
class Ending:
    """Status and, for a failure, the exception's name and words.

    `exit_code` is what the cell or script said; `process_code` is the worker's own exit status.
    """

    status: str
    exit_code: int
    process_code: int
    ename: str | None = None
    evalue: str | None = None
    signal: int | None = None


def succeeded() -> Ending:
    """Return that the cell ran to its end."""
    return Ending("ok", OK, OK)


def raised(ename: str, evalue: str, exit_code: int = RAISED) -> Ending:
    """Return that the cell raised, or the script ended with an exit code of its own."""
    return Ending("error", exit_code, RAISED, ename, evalue)


def could_not_work(ename: str, evalue: str) -> Ending:
    """Return that the cell was not run, or what it did could not be written down."""
    return Ending("error", CANNOT_WORK, CANNOT_WORK, ename, evalue)


def terminated() -> Ending:
    """Return that the scheduler asked the job to leave."""
    return Ending(
        "terminated",
        TERMINATED,
        TERMINATED,
        "Terminated",
        "the job was asked to end (SIGTERM)",
        int(signal.SIGTERM),
    )


def end_record(ending: Ending, last_seq: int, started_at: float, ended_at: float) -> str:
    """Return the text of `end.json`."""
    record = {
        "version": 1,
        "status": ending.status,
        "exitCode": ending.exit_code,
        "signal": ending.signal,
        "ename": ending.ename,
        "evalue": None if ending.evalue is None else ending.evalue[:_MOST_CHARACTERS],
        "lastSeq": last_seq,
        "startedAt": started_at,
        "endedAt": ended_at,
    }
    return json.dumps(record) + "\n"
