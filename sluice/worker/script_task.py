"""A script: it runs, and its files are told."""

from __future__ import annotations

from types import ModuleType

from .attempt import Attempt
from .ending import Ending
from .script_runner import ScriptRunner
from .spec import Spec
from .work_files import WorkFiles


def run_script(spec: Spec, module: ModuleType, attempt: Attempt, files: WorkFiles) -> Ending:
    """Run a script in the namespace of a module."""
    runner = ScriptRunner(module, attempt.event, spec.arguments)
    path = runner.place(spec.source)
    files.note()
    ending = runner.run(path)
    attempt.leave_if_child(ending)
    files.tell()
    return ending
