"""What `%sluice` shows, as text."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Callable

from ..connection import Client
from .checkup import checkup
from .files import list_files
from .words import duration_words, table


class Commands:
    """The commands of `%sluice` that only show or order something.

    Parameters
    ----------
    client : Client
        The service.
    clock : Callable
        Seconds since the epoch.
    """

    def __init__(self, client: Client, clock: Callable[[], float] = time.time) -> None:
        self._client = client
        self._clock = clock

    def run(self, command: str, argument: str | None) -> Iterator[str]:
        """Give what the command prints, in pieces."""
        actions: dict[str, Callable[[str], Iterator[str]]] = {
            "jobs": lambda _: self._jobs(),
            "logs": lambda task_id: self._client.logs(task_id),
            "cancel": self._cancel,
            "files": lambda task_id: list_files(self._client, task_id),
            "targets": lambda _: self._targets(),
            "doctor": lambda name: checkup(self._client, name),
        }
        return actions[command](argument or "")

    def _jobs(self) -> Iterator[str]:
        tasks = sorted(self._client.tasks(), key=lambda task: -task["submittedAt"])
        if not tasks:
            yield "There are no tasks yet.\n"
            return
        heads = ("TASK", "PHASE", "TARGET", "JOB", "ELAPSED", "CELL")
        yield table(heads, [self._job_row(task) for task in tasks])

    def _job_row(self, task: dict[str, Any]) -> tuple[str, ...]:
        phase = task["phase"] + (" (uncertain)" if task["uncertain"] else "")
        if (task["reason"] or {}).get("code") == "needs-login":
            phase += ", needs login"
        elapsed = ""
        if task["startedAt"] is not None:
            end_ms = task["endedAt"] if task["endedAt"] is not None else self._clock() * 1000
            elapsed = duration_words((end_ms - task["startedAt"]) / 1000)
        title = task["title"][:60]
        return (task["id"], phase, task["target"], task["jobId"] or "", elapsed, title)

    def _cancel(self, task_id: str) -> Iterator[str]:
        self._client.cancel(task_id)
        task = self._client.task(task_id)
        yield f"Task {task_id} was asked to end; it is {task['phase']} now.\n"

    def _targets(self) -> Iterator[str]:
        answer = self._client.targets()
        rows = [
            (
                target["name"] + (" (default)" if target["name"] == answer["default"] else ""),
                target["scheduler"],
                target["host"] or "this machine",
                target["trust"],
                target["source"],
            )
            for target in answer["targets"]
        ]
        yield table(("TARGET", "SCHEDULER", "HOST", "TRUST", "DEFINED IN"), rows)
