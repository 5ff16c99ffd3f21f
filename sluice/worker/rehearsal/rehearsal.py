"""One rehearsal: what looks on while the task runs, and what it says in the end."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, Callable

from ..attempt import Attempt
from ..ending import Ending, succeeded
from ..faults import WorkerError
from ..layout import RunLayout
from ..spec import Spec
from ..words import exception_words
from .audit import Audit
from .cell_lines import CellLines, Where
from .findings import Finding, Findings
from .local_modules import local_module
from .order import Order, order_of
from .places import Own, Places
from .stops import Stop, stop_of
from .time_limit import TimeLimit
from .verdict import Course, verdict_of
from .watched import IWatched


class Rehearsal:
    """Looks on from before the first import of the task to its end."""

    def __init__(
        self,
        order: Order,
        spec: Spec,
        run: RunLayout,
        attempt: Attempt,
        namespace: dict[str, Any],
    ) -> None:
        self._order = order
        self._attempt = attempt
        self._snapshot = spec.snapshot
        self._module_paths = spec.module_paths
        own = Own(_own_folders(spec, run), attempt.layout.work, spec.snapshot)
        self._places = Places(order, own, spec.cwd, attempt.started_at)
        self._lines = CellLines(namespace, spec.snapshot, spec.source)
        self._findings = Findings()
        self._audit = Audit(self._places, self._lines, self._findings)
        self._limit = TimeLimit(order.limit_seconds, self._note_time, self._leave)
        self._watched: IWatched | None = None
        self._obstacle: BaseException | None = None
        self._has_begun = False
        self._began = time.monotonic()
        self._interrupted_at = Where(None, None)

    def begin(self) -> None:
        """Look on from now; call it before anything of the task is imported."""
        if self._order.is_here:
            drop_inherited_path(self._places)
        self._audit.install()
        self._attempt.last_words = self._conclude

    def event(self, type: str, data: dict[str, Any]) -> None:
        """Write an event of the task, but for the interrupt that is ours."""
        if not (type == "error" and self._limit.has_passed):
            self._attempt.event(type, data)

    def note_obstacle(self, obstacle: BaseException) -> None:
        """Note what kept the task's own code from being run at all."""
        self._obstacle = obstacle.__cause__ or obstacle

    def note_first_line(self) -> None:
        """Note that what comes now is the task's own code."""
        self._has_begun = True

    def watch(self, watched: IWatched, run: Callable[[], Ending]) -> Ending:
        """Run the task's own code, and what that needs before it, under the limit of time."""
        self._watched = watched
        self._lines.watch(watched)
        self._began = time.monotonic()
        self._limit.start()
        try:
            ending = run()
            self._limit.end()
        except BaseException as fault:
            self._limit.end()
            if not (isinstance(fault, KeyboardInterrupt) and self._limit.has_passed):
                raise
            ending = succeeded()
        return succeeded() if self._limit.has_passed else ending

    def _note_time(self) -> None:
        self._interrupted_at = self._lines.now()

    def _leave(self) -> int:
        return self._attempt.finish(succeeded())

    def _conclude(self, ending: Ending) -> None:
        """Write what was found out."""
        seconds = time.monotonic() - self._began
        self._audit.is_on = False
        fault = self._obstacle or (None if self._watched is None else self._watched.fault)
        stopped, where, what = self._course(ending, fault)
        self._note_modules()
        findings = self._findings.all()
        if stopped == "exception" and self._ended_by(findings, where, fault):
            stopped = "missing"
        course = Course(
            seconds=seconds,
            stopped=stopped,
            where=where,
            total_lines=self._lines.total,
            what=what,
            dropped=self._findings.dropped,
            fault=self._audit.fault,
            has_begun=self._has_begun,
        )
        self._attempt.event("rehearsal", verdict_of(self._order, course, findings))

    def _course(self, ending: Ending, fault: BaseException | None) -> tuple[str | None, Where, str]:
        if self._limit.has_passed:
            return "time", self._interrupted_at, ""
        if ending.status == "time-up":
            return "time", self._lines.now(), ""
        if ending.status == "terminated":
            return "canceled", self._lines.now(), ""
        if fault is not None:
            where = self._lines.of_fault(fault)
            stop = stop_of(fault, self._places, is_here=self._order.is_here)
            self._note_missing(stop, where)
            return stop.reason, where, _words(stop, self._places) or _said(fault)
        if ending.status == "ok":
            return None, Where(None, None), ""
        # What the cell reads could not be given to it.
        words = ending.evalue or ending.ename or ""
        if ending.ename in ("ModuleNotFoundError", "ImportError", "SnapshotError"):
            return "missing", Where(None, None), words
        return "exception", Where(None, None), words

    def _note_missing(self, stop: Stop, where: Where) -> None:
        if stop.kind is None or stop.name is None or stop.reason == "cluster-path":
            return
        if stop.kind == "module":
            known = self._audit.imported.get(stop.name)
            where = known if known is not None and known.line is not None else where
            text = self._module_words(stop.name, where)
        else:
            text = f"{_words(stop, self._places)}{where.words()}"
        self._findings.add(Finding(stop.kind, stop.name, where.line, text, is_absent=True))

    def _note_modules(self) -> None:
        """Tell the modules that came from places that stay behind, or that stayed there."""
        if not self._order.is_here:
            return
        for name, where in list(self._audit.imported.items()):
            module = sys.modules.get(name)
            if module is None:
                if self._is_left_here(name):
                    text = self._module_words(name, where)
                    self._findings.add(Finding("module", name, where.line, text, is_absent=True))
                continue
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and self._places.stays_behind(os.path.abspath(file)):
                text = f"{name} is imported from {file}{where.words()}, which does not travel"
                self._findings.add(Finding("module", name, where.line, text))

    def _is_left_here(self, name: str) -> bool:
        order = self._order
        if local_module(name, order.sys_path, order.installed_roots) is None:
            return False
        captured = [] if self._snapshot is None else self._module_paths
        return local_module(name, [f"{self._snapshot}/{path}" for path in captured], []) is None

    def _module_words(self, name: str, where: Where) -> str:
        order = self._order
        file = local_module(name, order.sys_path, order.installed_roots)
        if file is None:
            return (
                f"{name} is imported{where.words()}, and is not in this Python ({sys.executable})"
            )
        return (
            f"{name} is imported{where.words()}, and {file} was not captured: "
            "import it by its name in the cell, so that it is followed"
        )

    def _ended_by(self, findings: list[Finding], where: Where, fault: BaseException | None) -> bool:
        """Whether something that is absent was asked for by the very line that failed."""
        near = [one for one in findings if one.is_absent and one.line == where.line]
        if isinstance(fault, ImportError):
            return any(one.kind == "module" for one in near)
        return where.line is not None and any(one.kind == "file" for one in near)


def rehearsal_of(
    spec: Spec, run: RunLayout, attempt: Attempt, namespace: dict[str, Any]
) -> Rehearsal:
    """Return the rehearsal that a specification asks for.

    Raises
    ------
    WorkerError
        What it says of the rehearsal is not complete.
    """
    try:
        order = order_of(spec.rehearsal or {})
    except (KeyError, TypeError, ValueError) as fault:
        raise WorkerError("SpecError", f"the rehearsal is not complete: {fault!r}") from fault
    return Rehearsal(order, spec, run, attempt, namespace)


def drop_inherited_path(places: Places) -> None:
    """Take what the service inherited as PYTHONPATH off the path: it would not be there."""
    inherited = os.environ.pop("PYTHONPATH", "")
    entries = {os.path.abspath(entry) for entry in inherited.split(os.pathsep) if entry}
    sys.path[:] = [
        entry
        for entry in sys.path
        if entry == ""
        or os.path.abspath(entry) not in entries
        or places.is_machines(entry, os.path.realpath(entry))
        or places.is_own(os.path.realpath(entry))
    ]


def _own_folders(spec: Spec, run: RunLayout) -> list[Path]:
    folders = [run.directory, spec.root / "blobs", Path(__file__).parents[3]]
    return folders if spec.snapshot is None else [*folders, spec.snapshot]


def _words(stop: Stop, places: Places) -> str:
    name = stop.name
    if name is None:
        return ""
    if stop.reason == "cluster-path":
        return name
    if stop.kind == "module":
        return f"the module {name} is missing"
    if places.is_there(name):
        return f"{name} was not captured"
    beside = ", and neither is it here" if places.is_here else ""
    return f"{name} is not there{beside}"


def _said(fault: BaseException) -> str:
    said = exception_words(fault)
    name = type(fault).__name__
    return f"{name}: {said}" if said else name
