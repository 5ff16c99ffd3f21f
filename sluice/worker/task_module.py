"""The module `sluice` that code of the cell can import."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Callable

from .hooks import Hooks
from .job import Job
from .spec import Spec
from .time_up import TimeUp


@dataclass(frozen=True)
class Task:
    """Where and as what the code runs."""

    id: str
    target: str
    job_id: str
    attempt: int
    resources: dict[str, Any]


def supply_task_module(
    spec: Spec, job: Job, event: Callable[[str, dict[str, Any]], None], hooks: Hooks
) -> None:
    """Make `import sluice` give what the cell may ask of its task."""
    running = Task(spec.task, spec.target, job.id, job.attempt, dict(spec.resources))

    def task() -> Task:
        """Return the running task."""
        return running

    def path(name: str) -> str:
        """Return the place that this target has for a name."""
        if name not in spec.paths:
            known = ", ".join(sorted(spec.paths)) or "none"
            raise KeyError(
                f"the target {spec.target} has no path {name!r} (it has: {known}); "
                f"add it under [targets.{spec.target}.paths] in the configuration of Sluice"
            )
        return os.path.expanduser(spec.paths[name])  # noqa: PTH111 - the result is text

    def metric(name: str, value: float, step: int | None = None) -> None:
        """Report a number, such as a loss, at a step."""
        number = float(value)
        if not math.isfinite(number):
            # A loss that diverges must not end the training that reports it.
            print(f"sluice: the metric {name} is {number}, left out", file=sys.stderr)
            return
        at = None if step is None else float(step)
        event("metric", {"name": str(name), "value": number, "step": at})

    def on_interrupt(function: Callable[..., Any]) -> Callable[..., Any]:
        """Note a function for when the job is told to end; it may take the seconds left."""
        if not callable(function):
            raise TypeError("on_interrupt() takes a function")
        hooks.add(function)
        return function

    def load_ipython_extension(_shell: Any) -> None:
        """Nothing: a cell may hold `%load_ext sluice`."""

    module: Any = ModuleType("sluice", "What a cell can ask of the task that runs it.")
    for function in (task, path, metric, on_interrupt, load_ipython_extension):
        function.__module__ = "sluice"
        function.__qualname__ = function.__name__
        setattr(module, function.__name__, function)
    module.Task = Task
    module.TimeUp = TimeUp
    module.__all__ = ["Task", "TimeUp", "metric", "on_interrupt", "path", "task"]
    sys.modules["sluice"] = module
