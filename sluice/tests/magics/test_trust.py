"""How far a target is trusted, asked in a real kernel; and values that were kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sluice.connection import Place
from sluice.tests.magics.conftest import Run, Story
from sluice.tests.magics.events import stream
from sluice.tests.magics.test_cell import texts
from sluice.tests.magics.test_prompts import Execute, execute, kernel

__all__ = ["execute", "kernel"]

ASKS = {"target": "moon", "asksTrust": True}


def trusted(place: Place) -> Any:
    return json.loads((place.state / "trust.json").read_text())["trust"]


@pytest.mark.parametrize(
    ("answers", "trust"), [(["outputs"], "outputs"), (["yes", " Pickles "], "pickles")]
)
def test_a_target_is_asked_about_before_the_submit(
    story: Story, execute: Execute, place: Place, answers: list[str], trust: str
) -> None:
    story(stream("ran\n"), moreKit=ASKS)
    told = execute("%%slurm moon\nprint('ran')", *answers)
    assert told.error == ""
    assert "How far do you trust what runs on moon?" in told.asked[0][0]
    assert trusted(place) == trust
    assert f"moon is trusted with “{trust}”" in "".join(told.texts)
    assert (place.state / "submitted.json").exists()


def test_nothing_waits_where_nobody_can_be_asked(
    story: Story, execute: Execute, place: Place
) -> None:
    story(stream("ran\n"), moreKit=ASKS)
    told = execute("%%slurm moon\nprint('ran')", has_front_end=False)
    assert "nobody was asked how far moon is trusted" in "".join(told.texts)
    assert "ran\n" in "".join(told.texts)
    assert not (place.state / "trust.json").exists()


def test_an_interrupt_of_the_question_submits_nothing(
    story: Story, execute: Execute, place: Place
) -> None:
    story(stream("ran\n"), moreKit=ASKS)
    told = execute("%%slurm moon\nprint('ran')")
    assert told.error.startswith("KeyboardInterrupt")
    assert not (place.state / "submitted.json").exists()


def test_a_dry_run_asks_nothing(story: Story, execute: Execute) -> None:
    story(moreKit=ASKS, plan={})
    assert execute("%%slurm moon --dry-run\nx = 1").asked == []


def test_trust_is_told_by_a_command(story: Story, run: Run, place: Place) -> None:
    story()
    outputs, wrong = run("%sluice trust moon outputs", "%sluice trust moon all")
    assert texts(outputs) == [("stdout", "moon is trusted with “outputs” (noted in /c.toml)\n")]
    assert trusted(place) == "outputs"
    assert wrong[0]["ename"] == "SluiceError"


def test_a_kept_value_is_loaded_by_a_command(story: Story, run: Run, place: Place) -> None:
    path = place.state.parent / "value.json"
    path.write_text("[1, 2]")
    files = [{"role": "json", "path": str(path)}]
    here = {"name": "x", "type": "list", "bytes": 6, "format": "json", "files": files}
    story(value={**here, "reason": None, "kept": None})
    loaded, after = run("%sluice load sl-fake x", "print(x)")
    assert texts(loaded) == [("stdout", "x is here (list)\n")]
    assert texts(after) == [("stdout", "[1, 2]\n")]
    asked = json.loads((place.state / "value.json").read_text())
    assert asked == {"name": "x", "load": True}


def test_a_large_one_is_a_handle_that_brings_it(story: Story, run: Run, place: Place) -> None:
    path = place.state.parent / "value.json"
    path.write_text("7")
    files = [{"role": "json", "path": str(path)}]
    large = {"name": "x", "type": "int", "bytes": 3 * 10**9, "format": "json", "files": []}
    source = {"task": "sl-fake", "target": "moon"}
    told = {**large, "reason": "3 GB stays on moon", "kept": "large", "from": source}
    end = {"phase": "completed", "publicPhase": "completed", "variables": [told]}
    story(end=end, value={**large, "files": files, "reason": None, "kept": None})
    cell, shown, fetched, kind = run(
        "%%slurm moon\nx = make()",
        "x",
        "x.fetch() + x",
        "import sluice, sys\nprint(sluice.RemoteValue.__module__)",
    )
    assert texts(cell) == [("stderr", "x (int) stayed on the cluster: 3 GB stays on moon\n")]
    assert "use it in a cell that runs on moon, or `x.fetch()`" in texts(shown)[0][1].lower()
    assert texts(fetched) == [("execute_result", "14")]
    assert texts(kind) == [("stdout", "_sluice.kernel.remote_value\n")]
