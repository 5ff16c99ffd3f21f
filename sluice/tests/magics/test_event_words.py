"""What a cell says of a task's life beside the outputs of the job itself."""

from __future__ import annotations

from typing import Any

from sluice.magics.phase_line import PhaseLine
from sluice.magics.task_words import doubt_words, end_lines, usage_words
from sluice.tests.magics.conftest import Run, Story
from sluice.tests.magics.events import display, error, result, stream
from sluice.tests.magics.test_cell import texts
from sluice.tests.magics.test_phase_line import Terminal, task

SPILLED = [{"mime": "text/html", "sha256": "a" * 64, "bytes": 2_000_000, "form": "text"}]
USAGE = {
    "elapsedSeconds": 75.2,
    "cpuSeconds": 60,
    "peakBytes": 1_500_000,
    "cpus": 2,
    "memoryBytes": 4e9,
}


def spilled(event: dict[str, Any]) -> dict[str, Any]:
    event["data"]["spilled"] = SPILLED
    return event


def err(outputs: list[Any]) -> str:
    return "".join(output["text"] for output in outputs if output.get("name") == "stderr")


def test_a_large_output_says_how_to_get_it(story: Story, run: Run) -> None:
    story(spilled(result(text_plain="short")), spilled(display("shown")))
    (outputs,) = run("%%slurm\npass")
    words = "sluice: too large to be shown here: text/html (2.0 MB); `sluice fetch sl-"
    assert err(outputs).count(words) == 2
    shown = [output for output in outputs if "data" in output]
    assert [output["data"] for output in shown] == [
        {"text/plain": "short"},
        {"text/plain": "shown"},
    ]
    assert "spilled" not in str(shown)


def test_text_that_stays_and_a_near_end_are_told(story: Story, run: Run) -> None:
    story(
        {"type": "overflow", "data": {"path": "overflow.log", "bytes": None}},
        {"type": "notice", "data": {"cause": "time-limit", "secondsLeft": 20.4}},
        {"type": "overflow", "data": {"path": "overflow.log", "bytes": 3_000_000}},
        stream("the last words\n"),
    )
    (outputs,) = run("%%slurm\npass")
    said = err(outputs).splitlines()
    assert said[0].startswith("sluice: it prints more than is shown here; `%sluice logs sl-")
    assert said[1] == "sluice: the time limit is near: saving what is there (20 s left)"
    assert said[2].startswith("sluice: not shown: 3.0 MB; its last words follow; `%sluice logs")
    assert texts(outputs)[-1] == ("stdout", "the last words\n")


def test_what_bears_no_seal_is_text_alone(story: Story, run: Run) -> None:
    story(
        stream("mine\n"),
        {**stream("fake\x1b[2J\nmore\n"), "unverified": True},
        {**result(text_plain="42", text_html="<script>"), "unverified": True},
        {"type": "clear_output", "data": {"wait": False}, "unverified": True},
        {**error("KeyError", "planted"), "unverified": True},
    )
    outputs, last = run("%%slurm\npass", "print(2 in Out)")
    assert texts(outputs)[0] == ("stdout", "mine\n")
    assert {output["output_type"] for output in outputs} == {"stream"}
    assert err(outputs).splitlines() == [
        "[without a valid seal] fake",
        "[without a valid seal] more",
        "[without a valid seal] 42",
        "[without a valid seal] -----",
        "[without a valid seal] File x.py:1",
        "[without a valid seal] KeyError: planted",
    ]
    assert texts(last) == [("stdout", "False\n")]


def test_an_early_end_says_what_is_there_and_what_it_took(story: Story, run: Run) -> None:
    former = {
        "attempt": 0,
        "node": "node2",
        "startedAt": 1000,
        "endedAt": 13_000,
        "reason": {"message": "A job of higher priority took its place."},
    }
    story(
        stream("epoch 37\n"),
        end={
            "phase": "timed-out",
            "publicPhase": "failed",
            "isPartial": True,
            "usage": USAGE,
            "formerAttempts": [former],
        },
    )
    (outputs,) = run("%%slurm\npass")
    assert err(outputs).splitlines() == [
        "sluice: attempt 1 on node2, 0:00:12: A job of higher priority took its place.",
        "sluice: partial results are here: what the job had when its time was over",
        "sluice: ran 0:01:15, 1.5 MB of 4.0 GB memory, 40 % CPU",
    ]
    assert outputs[-1]["output_type"] == "error"


def test_only_what_is_known_is_told() -> None:
    assert usage_words(None) == ""
    assert usage_words({**USAGE, "memoryBytes": None, "cpuSeconds": None}) == (
        "ran 0:01:15, 1.5 MB memory"
    )
    assert usage_words({**USAGE, "elapsedSeconds": 0, "peakBytes": None}) == "ran 0:00:00"
    assert end_lines({"phase": "completed", "usage": USAGE}) == []


def test_a_task_in_doubt_says_what_may_be_decided() -> None:
    unknown = {"id": "sl-1", "reason": {"message": "Its answer was lost."}}
    assert doubt_words({**unknown, "choices": []}) == ""
    words = doubt_words({**unknown, "choices": ["look", "give-up", "run-again"]})
    assert words.startswith("unknown: Its answer was lost. ")
    assert words.endswith("`sluice resolve sl-1 look|give-up|run-again`")


def test_the_line_tells_when_it_may_start() -> None:
    terminal = Terminal()
    line = PhaseLine(terminal)
    line.show({**task("queued"), "estimatedStart": "2020-02-03T12:00:00.000Z"})
    line.show({**task("running"), "estimatedStart": "2020-02-03T12:00:00.000Z"})
    shown = terminal.getvalue().split("\r\x1b[K")
    assert shown[1].startswith("queued on moon: starts at about 03 Feb ")
    assert shown[2] == "running on moon"
