"""The whole road, nothing faked: a kernel, the service, and jobs on this machine."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from sluice.connection import Client, Launcher, Place, SluiceError
from sluice.connection.health import probe
from sluice.connection.unix_http import Request
from sluice.tests.magics.conftest import Run
from sluice.tests.magics.test_cell import texts
from sluice.tests.until import until


def running_task(place: Place, printed: int) -> Any:
    """The newest task as soon as it has printed something, else None."""
    if probe(place) is None:
        return None
    tasks = Client().tasks()
    return tasks[0] if tasks and tasks[0]["lastIndex"] >= printed else None


def test_a_cell_runs_as_if_it_ran_here(run: Run) -> None:
    prepared = "base = 10\ndef f(a):\n    return [x + base for x in a]\nvalues = [1, 2]"
    cell = (
        "%%slurm here\nimport sys\nprint('out')\nprint('err', file=sys.stderr)\n"
        "display({'text/plain': 'shown'}, raw=True)\nnew = f(values)\nlen(new)"
    )
    _, outputs, after = run(prepared, cell, "print(new)")
    assert texts(outputs) == [
        ("stdout", "out\n"),
        ("stderr", "err\n"),
        ("display_data", "shown"),
        ("execute_result", "2"),
    ]
    assert texts(after) == [("stdout", "[11, 12]\n")]


def test_an_exception_arrives_with_its_line(run: Run) -> None:
    (outputs,) = run("%%slurm here\nprint('before')\nraise KeyError('nothing')")
    assert outputs[0]["text"] == "before\n"
    assert (outputs[1]["ename"], outputs[1]["evalue"]) == ("KeyError", "'nothing'")
    traceback = "\n".join(outputs[1]["traceback"])
    assert "KeyError" in traceback
    assert "sluice/magics" not in traceback


def test_what_cannot_run_says_what_to_do(run: Run) -> None:
    unknown, broken, bad = run(
        "%%slurm moon\n1", "%%slurm here\nprint(", "%%slurm here --time soon\n1"
    )
    assert "Use one of: here" in unknown[0]["evalue"]
    assert "syntax error in line 2" in broken[0]["evalue"]
    assert [output["ename"] for output in (*unknown, *broken, *bad)] == ["SluiceError"] * 3


def test_a_dry_run_lists_what_would_travel(run: Run) -> None:
    _, outputs = run("x = [1]", "%%slurm here --dry-run\ny = x")
    plan = outputs[0]["data"]["application/vnd.sluice.plan+json"]
    assert [variable["name"] for variable in plan["variables"]] == ["x"]


def plan_of(outputs: list[Any]) -> Any:
    return outputs[0]["data"]["application/vnd.sluice.plan+json"]


def plan_schema() -> Any:
    """What the service itself says of its answer to a plan."""
    api = Client().call(Request("GET", "/api/openapi.json"))
    answer = api["paths"]["/api/plan"]["post"]["responses"]["200"]
    return {**answer["content"]["application/json"]["schema"], "components": api["components"]}


def test_a_dry_run_gives_the_documented_json(run: Run, tmp_path: Path) -> None:
    (tmp_path / "helpers.py").write_text("import lazily\ndef go(x):\n    return open('a.csv')\n")
    (tmp_path / "lazily.py").write_text("")
    (tmp_path / "a.csv").write_text("1,2\n")
    (tmp_path / ".env").write_text("TOKEN=1")
    prepared = "import helpers, numpy as np\nbig = np.zeros(1000)\ndef f():\n    return np.abs(big)"
    cell = "%%slurm here --dry-run --cpus 2\nimport json\nhelpers.go(f())\nopen('.env')"
    _, outputs = run(prepared, cell)
    plan = plan_of(outputs)
    jsonschema.validate(plan, plan_schema())
    assert plan["version"] == 1
    assert plan["resources"] == {"cpus": 2}
    assert plan["manifest"].startswith("sha256:")
    assert sorted(module["path"] for module in plan["modules"]) == ["helpers.py", "lazily.py"]
    assert [file["path"] for file in plan["files"]] == ["a.csv"]
    assert sorted(variable["name"] for variable in plan["variables"]) == ["big", "f"]
    assert [package["name"] for package in plan["packages"]] == ["numpy"]
    assert [item["name"] for item in plan["leftOut"]] == [".env"]
    assert plan["transfer"]["bytes"] > 8000
    assert plan["rehearsal"] is None
    assert Client().tasks() == []


def test_a_rehearsal_names_what_is_missing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "hidden.csv").write_text("1\n")
    source = "print('begun')\nname = ''.join(['hid', 'den', '.csv'])\nopen(name).read()"
    (outputs,) = run(f"%%slurm here --rehearse\n{source}")
    plan = plan_of(outputs)
    jsonschema.validate(plan, plan_schema())
    rehearsal = plan["rehearsal"]
    assert rehearsal["ok"] is False
    missing = rehearsal["uncaptured"]
    assert [(item["kind"], item["line"]) for item in missing] == [("file", 3)]
    assert "hidden.csv" in missing[0]["name"]
    assert "| begun" in outputs[0]["data"]["text/plain"]
    assert len(outputs) == 1


def test_an_interrupt_ends_a_rehearsal(run: Run, tmp_path: Path) -> None:
    note, begun = tmp_path / "kernel", tmp_path / "begun"
    remember = f"import os, pathlib\npathlib.Path({str(note)!r}).write_text(str(os.getpid()));"
    forever = f"import pathlib, threading\npathlib.Path({str(begun)!r}).touch()\n"
    cell = f"%%slurm here --rehearse\n{forever}threading.Event().wait()"
    with ThreadPoolExecutor(1) as pool:
        executed = pool.submit(run, remember, cell)
        until(begun.exists)
        os.kill(int(note.read_text()), signal.SIGINT)
        _, outputs = executed.result(120)
    assert outputs[0]["ename"] == "KeyboardInterrupt"
    assert "the rehearsal was ended" in outputs[0]["evalue"]
    until(lambda: all(task["publicPhase"] == "canceled" for task in Client().tasks()))


def test_detached_results_are_fetched_later(run: Run) -> None:
    detach = "%%slurm here --detach\nprint('late')\nfar = 6 * 7"
    fetch = "import sluice.connection as c\nnewest = c.Client().tasks()[0]['id']"
    _, _, fetched, after = run(detach, fetch, "%sluice fetch {newest}", "print(far)")
    assert texts(fetched) == [("stdout", "late\n")]
    assert texts(after) == [("stdout", "42\n")]


Waiting = Callable[[Path, str], str]


@pytest.fixture
def waiting() -> Waiting:
    """Make a cell that prints, waits for a file, and then prints again."""

    def write(flag: Path, name: str) -> str:
        return (
            f"%%slurm here\nimport os, time\nprint('before {name}', flush=True)\n"
            f"while not os.path.exists({str(flag)!r}): time.sleep(0.02)\nprint('after {name}')"
        )

    return write


def test_a_killed_service_costs_no_line(
    run: Run, place: Place, tmp_path: Path, waiting: Waiting
) -> None:
    flag = tmp_path / "go on"
    with ThreadPoolExecutor(1) as pool:
        executed = pool.submit(run, waiting(flag, "kill"))
        try:
            until(lambda: running_task(place, 2))
            health = probe(place)
            assert health is not None
            os.kill(health.pid, signal.SIGKILL)
        finally:
            flag.touch()
        (outputs,) = executed.result(120)
    assert texts(outputs) == [("stdout", "before kill\nafter kill\n")]


def test_an_interrupt_ends_the_job(
    run: Run, place: Place, tmp_path: Path, waiting: Waiting
) -> None:
    note = tmp_path / "kernel"
    remember = f"import os, pathlib\npathlib.Path({str(note)!r}).write_text(str(os.getpid()));"
    with ThreadPoolExecutor(1) as pool:
        executed = pool.submit(run, remember, waiting(tmp_path / "never", "interrupt"))
        try:
            until(lambda: running_task(place, 2))
        finally:
            os.kill(int(note.read_text()), signal.SIGINT)
        _, outputs = executed.result(120)
    assert outputs[0]["text"] == "before interrupt\n"
    assert outputs[1]["ename"] == "KeyboardInterrupt"
    assert "ended as canceled" in outputs[1]["evalue"]
    assert Client().tasks()[0]["phase"] == "canceled"


def test_another_configuration_is_refused_with_both_names(
    run: Run, place: Place, tmp_path: Path
) -> None:
    run("%sluice jobs")
    other = tmp_path / "other.toml"
    with pytest.raises(SluiceError) as caught:
        Client(Launcher(Place(place.state, other))).targets()
    assert caught.value.code == "config-differs"
    assert str(place.config) in caught.value.message
    assert str(other) in caught.value.message
    assert "SLUICE_STATE" in caught.value.hint
