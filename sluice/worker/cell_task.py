"""A cell: its names come in, it runs, what it bound goes out."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, Callable, Protocol

from .attempt import Attempt
from .ending import Ending, could_not_work, raised
from .faults import WorkerError
from .leaving import Leaving
from .loading import load_imports, load_values
from .prelude import run_prelude
from .saving import Changes, is_lost, save_hastily
from .spec import Spec
from .work_files import WorkFiles

if TYPE_CHECKING:
    from .rehearsal.rehearsal import Rehearsal

Event = Callable[[str, dict[str, Any]], None]


class IRunner(Protocol):
    """Runs cells in one namespace. Everything that they show and raise it writes as events."""

    def python_of(self, source: str) -> str:
        """Return a cell as Python alone; what is not Python may stay as it is."""
        ...

    def run(self, source: str) -> Ending:
        """Run a cell to its end; an exception of the cell is in the ending, not raised."""
        ...

    @property
    def fault(self) -> BaseException | None:
        """What ended the last run; None where it came to its end."""
        ...

    @property
    def skipped_lines(self) -> int:
        """How many lines at the beginning of the last run the compiler did not get to see."""
        ...

    def is_own(self, filename: str) -> bool:
        """Whether the last run's code was compiled under this name."""
        ...


def run_cell(
    spec: Spec,
    module: ModuleType,
    attempt: Attempt,
    files: WorkFiles,
    leaving: Leaving,
    rehearsal: Rehearsal | None = None,
) -> Ending:
    """Run a cell in the namespace of a module.

    Raises
    ------
    WorkerError
        What the cell reads cannot be given to it; it was not run.
    """
    namespace = module.__dict__
    if rehearsal is not None:
        return _rehearse(spec, module, attempt, rehearsal)
    runner = _runner(module, attempt, attempt.event)
    _bring_names(spec, namespace, runner)
    files.note(spec.cwd)
    before = dict(namespace)
    changes = Changes(spec, namespace, before, runner.python_of)
    folder = attempt.layout.results
    leaving.save = lambda deadline: save_hastily(spec, changes, folder, attempt.event, deadline)
    ending = leaving.watch(lambda: runner.run(spec.source), lambda: runner.fault)
    attempt.leave_if_child(ending)
    files.tell()
    return _send_home(spec, changes, attempt, ending)


def _rehearse(spec: Spec, module: ModuleType, attempt: Attempt, rehearsal: Rehearsal) -> Ending:
    """Run a cell to see what is missing: nothing of it comes home."""
    namespace = module.__dict__
    runner = _runner(module, attempt, rehearsal.event)

    def run() -> Ending:
        _bring_names(spec, namespace, runner)
        rehearsal.note_first_line()
        return runner.run(spec.source)

    try:
        ending = rehearsal.watch(runner, run)
    except WorkerError as fault:
        rehearsal.note_obstacle(fault)
        raise
    attempt.leave_if_child(ending)
    return ending


def _bring_names(spec: Spec, namespace: dict[str, Any], runner: IRunner) -> None:
    load_imports(spec, namespace)
    load_values(spec, namespace)
    run_prelude(spec, namespace, runner.python_of)


def _runner(module: ModuleType, attempt: Attempt, event: Event) -> IRunner:
    if importlib.util.find_spec("IPython") is not None:
        try:
            from .ipython_runner import IPythonRunner
        except ImportError as fault:
            print(f"sluice: without magics, since IPython is broken: {fault}", file=sys.stderr)
        else:
            return IPythonRunner(module, event, attempt.layout.ipython)
    from .plain_runner import PlainRunner

    return PlainRunner(module, event)


def _send_home(spec: Spec, changes: Changes, attempt: Attempt, ending: Ending) -> Ending:
    names, missing = changes.names()
    lost: list[str] = []
    if names:
        from .results import results_of

        for variable in results_of(spec, names, changes.namespace, attempt.layout.results):
            attempt.event("variable", variable)
            if is_lost(variable):
                lost.append(f"{variable['name']}: {variable['reason']}")
    if lost and ending.status in ("ok", "time-up"):
        words = f"the cell came to its end, but what it made is not all on the disk: {lost[0]}"
        attempt.error("ResultLost", words, [f"ResultLost: {words}"])
        return could_not_work("ResultLost", words)
    if missing and ending.status == "ok":
        words = (
            f"asked for as output, but not there after the cell: {', '.join(missing)}; "
            "check the names after -o"
        )
        attempt.error("NameError", words, [f"NameError: {words}"])
        return raised("NameError", words)
    return ending
