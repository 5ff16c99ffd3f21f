"""The worker's road from claim to end record."""

from __future__ import annotations

import os
import sys
import time
import traceback
from types import ModuleType

from .attempt import Attempt
from .claim import ClaimedError, claim
from .ending import CANNOT_WORK, CLAIMED, Ending, could_not_work, terminated
from .faults import WorkerError
from .job import Job, job_of
from .layout import RunLayout
from .termination import ignore_interrupts, take_interrupts, watch_for_termination
from .work_files import WorkFiles

# Of the time that a scheduler gives a job to leave.
_LAST_LOOK_SECONDS = 5.0


def main(run_directory: str) -> int:
    """Run the task of a folder; return the exit status.

    Parameters
    ----------
    run_directory
        `<root>/runs/<task>`.
    """
    job = job_of(os.environ)
    run = RunLayout(os.path.abspath(run_directory))  # noqa: PTH100 - links stay as they are
    try:
        claim(run, job)
        layout = run.attempt(job.attempt)
        layout.create()
        attempt = Attempt(layout, job)
        attempt.begin()
    except ClaimedError as refusal:
        print(f"sluice: nothing to do: {refusal}", file=sys.stderr)
        return CLAIMED
    except OSError as fault:
        print(f"sluice: the run cannot be started: {fault}", file=sys.stderr)
        return CANNOT_WORK
    files = WorkFiles(layout.work, layout.directory, attempt.event)

    def leave() -> int:
        files.tell(time.monotonic() + _LAST_LOOK_SECONDS)
        return attempt.finish(terminated())

    watch_for_termination(leave)
    take_interrupts(attempt.outputs.interrupts)
    ending = _ending_of(run, job, attempt, files)
    # Where something came between, they were not told yet.
    files.tell()
    ignore_interrupts(attempt.outputs.interrupts)
    return attempt.finish(ending)


def _ending_of(run: RunLayout, job: Job, attempt: Attempt, files: WorkFiles) -> Ending:
    try:
        return _run_task(run, job, attempt, files)
    except WorkerError as fault:
        attempt.error(fault.name, str(fault), [f"{fault.name}: {fault}"])
        return could_not_work(fault.name, str(fault))
    except BaseException as fault:  # noqa: BLE001 - see below
        # A mistake of ours, or an interrupt outside the cell: whoever waits shall hear of it.
        ename, evalue = type(fault).__name__, str(fault)
        lines = traceback.format_exc().rstrip("\n").split("\n")
        attempt.error(ename, evalue, lines)
        return could_not_work(ename, evalue)


def _run_task(run: RunLayout, job: Job, attempt: Attempt, files: WorkFiles) -> Ending:
    from .refuse_input import refuse_input
    from .spec import read_spec
    from .task_module import supply_task_module
    from .workspace import prepare

    spec = read_spec(run.spec)
    attempt.outputs.event_bytes = spec.event_bytes
    prepare(spec, attempt.layout.work)
    refuse_input()
    supply_task_module(spec, job, attempt.event)
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

        return run_script(spec, module, attempt, files, rehearsal)
    from .cell_task import run_cell

    return run_cell(spec, module, attempt, files, rehearsal)
