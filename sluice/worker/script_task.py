"""A script: it runs, and its files are told."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from .attempt import Attempt
from .ending import Ending
from .leaving import Leaving
from .script_runner import ScriptRunner
from .spec import Spec
from .work_files import WorkFiles

if TYPE_CHECKING:
    from .rehearsal.rehearsal import Rehearsal


def run_script(
    spec: Spec,
    module: ModuleType,
    attempt: Attempt,
    files: WorkFiles,
    leaving: Leaving,
    rehearsal: Rehearsal | None = None,
) -> Ending:
    """Run a script in the namespace of a module."""
    event = attempt.event if rehearsal is None else rehearsal.event
    runner = ScriptRunner(module, event, spec.arguments)
    path = runner.place(spec.source)
    if rehearsal is not None:
        rehearsal.note_first_line()
        ending = rehearsal.watch(runner, lambda: runner.run(path))
        attempt.leave_if_child(ending)
        return ending
    files.note(spec.cwd)
    ending = leaving.watch(lambda: runner.run(path), lambda: runner.fault)
    attempt.leave_if_child(ending)
    files.tell()
    return ending
