"""The worker's road from claim to end record."""

from __future__ import annotations

import os
import sys
import time
import traceback
from types import ModuleType

from .attempt import Attempt
from .claim import ClaimedError, claim
from .end_time import EndTime, end_time_of
from .ending import CANNOT_WORK, CLAIMED, Ending, could_not_work
from .faults import WorkerError
from .job import Job, job_of
from .layout import RunLayout
from .leaving import OTHER_SECONDS, SLURM_SECONDS, Leaving
from .run_order import RunOrder
from .spec import Spec
from .termination import ignore_interrupts, take_interrupts, watch_for_termination
from .time_up import TimeUp
from .work_files import WorkFiles

# Of the time that a scheduler gives a job to leave.
_LAST_LOOK_SECONDS = 3.0


def main(run_directory: str) -> int:
    """Run the task of a folder; return the exit status.

    Parameters
    ----------
    run_directory
        `<root>/runs/<task>`.
    """
    job = job_of(os.environ)
    run = RunLayout(os.path.abspath(run_directory))  # noqa: PTH100 - links stay as they are
    # Told before there was anybody to hear it; what the cell starts need not know.
    is_told = os.environ.pop("SLUICE_NOTICE", "") != ""
    try:
        claim(run, job)
        layout = run.attempt(job.attempt)
        layout.create()
        order = RunOrder(run, job.attempt)
        attempt = Attempt(layout, job, order.seals, order.limits)
        end = end_time_of(os.environ, order.notice_seconds)
        attempt.begin(end.at)
    except ClaimedError as refusal:
        print(f"sluice: nothing to do: {refusal}", file=sys.stderr)
        return CLAIMED
    except OSError as fault:
        print(f"sluice: the run cannot be started: {fault}", file=sys.stderr)
        return CANNOT_WORK
    files = WorkFiles(layout.work, layout.directory, attempt.event)
    leaving = Leaving(end, _leave_seconds(job), attempt.event)
    interrupts = attempt.outputs.interrupts

    def leave() -> int:
        ending = leaving.leave()
        files.tell(time.monotonic() + _LAST_LOOK_SECONDS)
        return attempt.finish(ending)

    try:
        watch_for_termination(
            leave, leaving, interrupts, is_told=is_told or _is_near(end, time.time())
        )
        take_interrupts(interrupts)
        ending = _ending_of(order, run, job, attempt, files, leaving)
        leaving.end()
    except TimeUp as late:
        ending = leaving.stopped(late)
    # Where something came between, they were not told yet.
    files.tell()
    ignore_interrupts(interrupts)
    return attempt.finish(ending)


def _leave_seconds(job: Job) -> float:
    # An allocation around a job of another scheduler is not its own.
    return SLURM_SECONDS if job.id == os.environ.get("SLURM_JOB_ID") else OTHER_SECONDS


def _is_near(end: EndTime, now: float) -> bool:
    """Whether the notice should have come by now, and may have been lost while Python started."""
    return end.at is not None and end.lead is not None and now >= end.at - end.lead


def _ending_of(
    order: RunOrder,
    run: RunLayout,
    job: Job,
    attempt: Attempt,
    files: WorkFiles,
    leaving: Leaving,
) -> Ending:
    try:
        return _run_task(order.spec(), run, job, attempt, files, leaving)
    except WorkerError as fault:
        attempt.error(fault.name, str(fault), [f"{fault.name}: {fault}"])
        return could_not_work(fault.name, str(fault))
    except TimeUp:
        raise
    except BaseException as fault:  # noqa: BLE001 - see below
        # A mistake of ours, or an interrupt outside the cell: whoever waits shall hear of it.
        ename, evalue = type(fault).__name__, str(fault)
        lines = traceback.format_exc().rstrip("\n").split("\n")
        attempt.error(ename, evalue, lines)
        return could_not_work(ename, evalue)


def _run_task(
    spec: Spec,
    run: RunLayout,
    job: Job,
    attempt: Attempt,
    files: WorkFiles,
    leaving: Leaving,
) -> Ending:
    from .refuse_input import refuse_input
    from .task_module import supply_task_module
    from .workspace import prepare

    prepare(spec, attempt.layout.work)
    refuse_input()
    supply_task_module(spec, job, attempt.event, leaving.hooks)
    module = ModuleType("__main__")
    module.__dict__["__builtins__"] = __import__("builtins")
    sys.modules["__main__"] = module
    sys.argv = [""]
    rehearsal = None
    if spec.rehearsal is not None:
        from .rehearsal.rehearsal import rehearsal_of

        rehearsal = rehearsal_of(spec, run, attempt, module.__dict__)
        rehearsal.begin()
    if spec.kind == "script":
        from .script_task import run_script

        return run_script(spec, module, attempt, files, leaving, rehearsal)
    from .cell_task import run_cell

    return run_cell(spec, module, attempt, files, leaving, rehearsal)
