from __future__ import annotations

import platform
from typing import Any

import pytest

from sluice.magics.commands import Commands


def step(name: str, state: str, found: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": name.title(),
        "state": state,
        "found": found,
        "details": [],
        "problem": None,
        **more,
    }


def report(state: str, *steps: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "r 1",
        "target": "moon",
        "state": state,
        "version": 1,
        "steps": list(steps),
        "proposal": None,
        **more,
    }


class Doctor:
    """Stands for a service whose report grows with each question."""

    def __init__(self, *reports: dict[str, Any]) -> None:
        self._reports = list(reports)
        self.requests: list[Any] = []

    def call(self, request: Any) -> Any:
        self.requests.append(request)
        if request.path.endswith("/cancel"):
            return report("canceled")
        if not self._reports:
            raise KeyboardInterrupt
        return self._reports.pop(0)


NO_JOB = {"message": "It did not run.", "hint": "Ask for less.", "code": "trial-failed"}


def test_each_step_is_said_once_when_it_has_ended() -> None:
    found = step("slurm", "passed", "Slurm 23.11", details=["up\x1b[2J"])
    running = step("job", "running", "waits")
    failed = step("job", "failed", "job 3", problem=NO_JOB)
    doctor = Doctor(
        report("running", found, running),
        report("failed", found, failed, step("tools", "skipped", "needs “Shell”")),
    )
    assert "".join(Commands(doctor, clock=lambda: 0.0).run("doctor", "moon")) == (  # type: ignore[arg-type]
        "✓ ok      Slurm            Slurm 23.11\n"
        "          up [2J\n"
        "✗ failed  Job              job 3\n"
        "          It did not run.\n"
        "          What to do: Ask for less.\n"
        "\N{EN DASH} skipped Tools            needs “Shell”\n"
        "\n"
        "moon: not usable yet; the first thing to mend is “Job”.\n"
    )
    begun, waited = doctor.requests
    assert begun.body["pythonVersion"] == platform.python_version()
    assert waited.path == "/api/doctor/r%201?after=1&waitMs=20000"


def test_a_proposal_is_shown_with_its_reasons() -> None:
    proposal = {"toml": '[targets.moon]\nroot = "/s"\n', "path": "/c.toml", "reasons": ["root: x"]}
    doctor = Doctor(report("passed", step("disk", "warning", "small"), proposal=proposal))
    text = "".join(Commands(doctor).run("doctor", "moon"))  # type: ignore[arg-type]
    assert "moon: usable, with 1 warning.\n" in text
    assert 'Proposed for /c.toml:\n  [targets.moon]\n  root = "/s"\n  root: x\n' in text


def test_an_interrupt_ends_the_run() -> None:
    doctor = Doctor(report("running", step("job", "running", "waits")))
    with pytest.raises(KeyboardInterrupt):
        list(Commands(doctor).run("doctor", "moon"))  # type: ignore[arg-type]
    assert doctor.requests[-1].path == "/api/doctor/r%201/cancel"
