from __future__ import annotations

from typing import Any

from sluice.magics.commands import Commands
from sluice.magics.words import duration_words, size_words, table
from sluice.tests.magics.conftest import Run, Story

TARGETS = {
    "default": "here",
    "targets": [
        {"name": "here", "scheduler": "process", "host": None, "trust": "pickles", "source": "x"},
        {"name": "moon", "scheduler": "slurm", "host": "m", "trust": "none", "source": "/c.toml"},
    ],
}


class Answers:
    """Stands for a client with fixed answers."""

    def __init__(self, *tasks: dict[str, Any]) -> None:
        self._tasks = tasks

    def tasks(self) -> Any:
        return self._tasks

    def targets(self) -> Any:
        return TARGETS

    def health(self) -> Any:
        return {"version": "1", "pid": 3, "logPath": "/log", "configPath": "/c.toml"}


def output(client: Any, command: str, argument: str | None = None) -> str:
    return "".join(Commands(client, clock=lambda: 4000.0).run(command, argument))


def task(**more: Any) -> dict[str, Any]:
    return {
        "id": "sl-1",
        "phase": "running",
        "uncertain": False,
        "reason": None,
        "target": "moon",
        "jobId": "17",
        "submittedAt": 1,
        "startedAt": 325_000,
        "endedAt": None,
        "title": "train()",
        **more,
    }


def test_jobs_come_newest_first_with_their_clock() -> None:
    older = task(id="sl-0", phase="unknown", uncertain=True, submittedAt=0, startedAt=None)
    assert output(Answers(older, task()), "jobs") == (
        "TASK  PHASE                TARGET  JOB  ELAPSED  CELL\n"
        "sl-1  running              moon    17   1:01:15  train()\n"
        "sl-0  unknown (uncertain)  moon    17            train()\n"
    )


def test_jobs_say_that_they_need_a_login() -> None:
    waiting = task(reason={"code": "needs-login", "message": "It asks.", "hint": "Log in."})
    assert "running, needs login  moon" in output(Answers(waiting), "jobs")


def test_no_jobs_is_said() -> None:
    assert output(Answers(), "jobs") == "There are no tasks yet.\n"


def test_targets_mark_the_default() -> None:
    lines = output(Answers(), "targets").splitlines()
    assert lines[1].startswith("here (default)  process    this machine")
    assert lines[2].endswith("none     /c.toml")


def test_words() -> None:
    assert [size_words(size) for size in (0, 999, 1000, 2.5e9, 3e15)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "2.5 GB",
        "3000.0 TB",
    ]
    assert duration_words(3661.9) == "1:01:01"
    assert table(("A", "B"), [("x\ny", "")]) == "A    B\nx y\n"


def test_the_line_magic_prints_them(story: Story, run: Run) -> None:
    story(targets=TARGETS)
    jobs, logs, cancel = run("%sluice jobs", "%sluice logs sl-fake", "%sluice cancel sl-fake")
    assert "sl-fake" in jobs[0]["text"]
    assert logs[0]["text"] == "all that it printed\n"
    assert cancel[0]["text"] == "Task sl-fake was asked to end; it is canceled now.\n"
