"""Follow a task to its end."""

from __future__ import annotations

import sys
import time
from typing import Any, Callable

from ..connection import Client, SluiceError
from .outputs import OutputWriter
from .phase_line import PhaseLine
from .prompts import Prompts
from .remote_error import CellInterruptedError, make_remote_error
from .task_words import doubt_words

_WAIT_MS = 20_000
_CANCEL_WAIT_MS = 2_000
_CANCEL_TIMEOUT_S = 15.0


class Follower:
    """Writes the events of one task, each once, until the task has ended.

    Parameters
    ----------
    client : Client
        The service.
    writer : OutputWriter
        Takes the events.
    task_id : str
        The task.
    prompts : Prompts
        Asks what its login asks.
    """

    def __init__(
        self, client: Client, writer: OutputWriter, task_id: str, prompts: Prompts
    ) -> None:
        self._client = client
        self._writer = writer
        self._task_id = task_id
        self._after = 0
        self._prompts = prompts
        self._known = 0
        self._has_noted = False
        self._waited_for = ""
        self._doubted = ""
        self._line = PhaseLine()

    def run(self) -> dict[str, Any]:
        """Follow to the end and give the task."""
        while True:
            task, is_done = self._step(_WAIT_MS)
            if is_done:
                return task

    def cancel(self, clock: Callable[[], float] = time.monotonic) -> CellInterruptedError:
        """Ask for the task's end, wait for it a moment, and give the words for it."""
        self._client.cancel(self._task_id)
        deadline = clock() + _CANCEL_TIMEOUT_S
        while True:
            task, is_done = self._step(_CANCEL_WAIT_MS)
            if is_done or clock() > deadline:
                return CellInterruptedError(_words_after_cancel(task, is_done=is_done))

    def _step(self, wait_ms: int) -> tuple[dict[str, Any], bool]:
        batch = self._client.events(self._task_id, self._after, wait_ms, self._known)
        self._line.clear()
        self._note(batch["task"])
        for event in batch["events"]:
            # Before it is written: an interrupt in between must not write it twice.
            self._after = event["index"]
            self._writer.write(event)
        self._writer.pause()
        task: dict[str, Any] = batch["task"]
        self._known = batch.get("revision", 0)
        self._prompts.heed(batch.get("prompts", []), task["target"])
        self._say_login(task)
        self._say_doubt(task)
        if not self._writer.has_output and not has_ended(task):
            self._line.show(task)
        is_complete = self._after >= task["lastIndex"] or not batch["events"]
        return task, has_ended(task) and is_complete

    def _say_login(self, task: dict[str, Any]) -> None:
        """Say once for each time that the task waits for a login, and how to log in."""
        reason = task["reason"] or {}
        words = reason["message"] if reason.get("code") == "needs-login" else ""
        if words and words != self._waited_for:
            text = f"sluice: {words} {reason['hint'] or ''}"
            print(" ".join(text.split()), file=sys.stderr, flush=True)
        self._waited_for = words

    def _say_doubt(self, task: dict[str, Any]) -> None:
        """Say once for each time that the task is unknown, and what may be decided."""
        words = doubt_words(task)
        if words and not self._doubted:
            print(f"sluice: {' '.join(words.split())}", file=sys.stderr, flush=True)
        self._doubted = words

    def _note(self, task: dict[str, Any]) -> None:
        """Say once what was found to be worth a look while the task was prepared."""
        if self._has_noted or task["phase"] == "preparing":
            return
        self._has_noted = True
        for note in task.get("notes", []):
            words = f"sluice: {note['name']}: {note['text']}"
            # The two streams are sent by themselves: what comes next shall not overtake this.
            print(" ".join(words.split()), file=sys.stderr, flush=True)


def has_ended(task: dict[str, Any]) -> bool:
    """Tell whether nothing will happen to the task any more."""
    return task["publicPhase"] in ("completed", "failed", "canceled") and not task["uncertain"]


def error_of(task: dict[str, Any], error: dict[str, Any] | None) -> Exception | None:
    """Give what the cell raises for an ended task: nothing, the cell's own error, or a reason.

    Parameters
    ----------
    task : dict
        The ended task.
    error : dict, optional
        The data of the `error` event that its last attempt sent.
    """
    if task["phase"] == "completed":
        return None
    reason = task["reason"]
    # The cell may have raised and then been ended from outside: then that is what counts.
    if error is not None and task["phase"] == "failed":
        return make_remote_error(error)
    message = reason["message"] if reason else f"The task ended as {task['phase']}."
    hints = [reason["hint"]] if reason and reason["hint"] else []
    if reason and reason["token"]:
        hints.append(f"The scheduler's own word: {reason['token']}")
    if task["lastIndex"] > 0:
        hints.append(f"`%sluice logs {task['id']}` shows what it printed.")
    return SluiceError(reason["code"] if reason else task["phase"], message, "\n".join(hints))


def _words_after_cancel(task: dict[str, Any], *, is_done: bool) -> str:
    name = f"task {task['id']}" + (f" (job {task['jobId']})" if task["jobId"] else "")
    if not is_done:
        return f"{name} was asked to end, but has not ended yet; `%sluice jobs` shows when it has"
    return f"{name} ended as {task['phase']}"
