"""How a task ended, as `end.json` says it."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from typing import Any

OK = 0
RAISED = 1
CANNOT_WORK = 2
CLAIMED = 3
_MOST_CHARACTERS = 4000
TERMINATED = 128 + signal.SIGTERM
# As `timeout` of the system has it.
TIME_UP = 124


@dataclass(frozen=True)
class Ending:
    """Status and, for a failure, the exception's name and words.

    `exit_code` is what the cell or script said; `process_code` is the worker's own exit status.
    `cause` is why it left early, as far as that is known: `time-limit`, `asked` or `memory`.
    """

    status: str
    exit_code: int
    process_code: int
    ename: str | None = None
    evalue: str | None = None
    signal: int | None = None
    cause: str | None = None


def succeeded() -> Ending:
    """Return that the cell ran to its end."""
    return Ending("ok", OK, OK)


def raised(ename: str, evalue: str, exit_code: int = RAISED) -> Ending:
    """Return that the cell raised, or the script ended with an exit code of its own."""
    return Ending("error", exit_code, RAISED, ename, evalue)


def could_not_work(ename: str, evalue: str) -> Ending:
    """Return that the cell was not run, or what it did could not be written down."""
    return Ending("error", CANNOT_WORK, CANNOT_WORK, ename, evalue)


def time_up(cause: str | None, words: str) -> Ending:
    """Return that the cell was stopped, since the job has to leave, and what it had was saved."""
    return Ending("time-up", TIME_UP, TIME_UP, "TimeUp", words, None, cause)


def terminated(cause: str | None = "asked") -> Ending:
    """Return that the scheduler asked the job to leave."""
    return Ending(
        "terminated",
        TERMINATED,
        TERMINATED,
        "Terminated",
        "the job was asked to end (SIGTERM)",
        int(signal.SIGTERM),
        cause,
    )


def end_record(
    ending: Ending, last_seq: int, times: tuple[float, float], usage: dict[str, Any]
) -> bytes:
    """Return the text of `end.json` but for its seal; the times are those of start and end."""
    started_at, ended_at = times
    record = {
        "version": 1,
        "status": ending.status,
        "exitCode": ending.exit_code,
        "signal": ending.signal,
        "ename": ending.ename,
        "evalue": None if ending.evalue is None else ending.evalue[:_MOST_CHARACTERS],
        "cause": ending.cause,
        "lastSeq": last_seq,
        "startedAt": started_at,
        "endedAt": ended_at,
        "usage": usage,
    }
    return json.dumps(record).encode() + b"\n"
