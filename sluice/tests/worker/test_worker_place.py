from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from .host import Host, seal


@pytest.fixture
def snapshot(tmp_path: Any) -> Any:
    """A snapshot with local modules, some of which have names of our own parts."""
    folder = tmp_path / "snapshot"
    for number, name in enumerate(["worker", "values", "cloudpickle", "local"]):
        modules = folder / "modules" / str(number % 2)
        modules.mkdir(parents=True, exist_ok=True)
        (modules / f"{name}.py").write_text(f"where = {name!r}\n")
    (folder / "modules" / "0" / "twice.py").write_text("n = 0")
    (folder / "modules" / "1" / "twice.py").write_text("n = 1")
    (folder / "files" / "a b").mkdir(parents=True)
    (folder / "files" / "a b" / "data.txt").write_text("42")
    (folder / "files" / "tool.sh").write_text("#!/bin/sh\necho ran\n")
    (folder / "files" / "large.bin").write_bytes(bytes(100_000))
    return seal(folder)


def parts(snapshot: Any, **more: Any) -> Any:
    files = [
        {"from": "files/a b/data.txt", "to": "notes/a b/data.txt", "mode": 0o644},
        {"from": "files/tool.sh", "to": "tool.sh", "mode": 0o755},
    ]
    return {
        "snapshot": str(snapshot),
        "modulePaths": ["modules/0", "modules/1"],
        "files": files,
        **more,
    }


def test_files_are_private_copies_at_their_places(either: Host, snapshot: Any) -> None:
    done = either.run(
        "import os, subprocess\nprint(open('a b/data.txt').read(), os.path.basename(os.getcwd()))\n"
        "subprocess.run(['../tool.sh'])\nopen('a b/data.txt', 'w').write('new!')",
        **parts(snapshot),
    )
    assert done.text() == "42 notes\nran\n"
    assert (snapshot / "files" / "a b" / "data.txt").read_text() == "42"
    assert done.files() == [("a b/data.txt", 4, False)]


def test_folders_are_there_for_the_owner_only(either: Host) -> None:
    done = either.run(
        "import os\nprint(os.listdir('figs'), oct(os.stat('figs').st_mode & 0o777))\n"
        "open('figs/deep/a.png', 'w').close()",
        cwd="notes",
        folders=["notes/figs/deep", "other"],
    )
    assert done.text() == "['deep'] 0o700\n"
    assert done.files() == [("figs/deep/a.png", 0, True)]


def test_local_modules_are_found_in_order_and_ours_are_not(either: Host, snapshot: Any) -> None:
    done = either.run(
        "import worker, values, cloudpickle, local, twice\n"
        "print(worker.where, values.where, cloudpickle.where, local.where, twice.n)",
        **parts(snapshot),
    )
    assert done.text() == "worker values cloudpickle local 0\n"


def test_no_part_of_the_worker_is_found_under_another_name(plain_host: Host) -> None:
    done = plain_host.run(
        "import importlib.util, sys\n"
        "print([n for n in ('worker', 'values', 'launch', 'main', 'kernel')"
        " if importlib.util.find_spec(n)])\n"
        "print(any('v1' in entry for entry in sys.path))"
    )
    assert done.text() == "[]\nFalse\n"


def test_a_module_written_by_the_cell_can_be_imported(either: Host) -> None:
    done = either.run("open('made.py', 'w').write('n = 8')\nimport made\nprint(made.n)")
    assert done.text() == "8\n"
    assert done.files() == [("made.py", 5, True)]


def test_the_namespace_is_that_of_a_notebook(either: Host) -> None:
    done = either.run(
        "import sys, __main__\n"
        "def f(): pass\n"
        "print(__name__, f.__module__, __main__.f is f, '__file__' in globals())\n"
        "class A: pass\nimport pickle\nprint(type(pickle.loads(pickle.dumps(A()))) is A)"
    )
    assert done.text() == "__main__ __main__ True False\nTrue\n"


def test_nothing_is_left_in_the_home(either: Host) -> None:
    done = either.run("x = 1\nx\nimport matplotlib.pyplot as plt; plt.plot([1])")
    assert done.status == 0
    assert list(either.home.iterdir()) == []


def test_the_module_sluice(either: Host) -> None:
    done = either.run(
        "import sluice\n"
        "task = sluice.task()\n"
        "print(task.id, task.target, task.job_id, task.attempt, task.resources)\n"
        "print(sluice.path('data'))\n"
        "for step in ((0.5, 3), (1,), (float('nan'),)): sluice.metric('loss', *step)\n"
        "@sluice.on_interrupt\ndef save(): pass\n"
        "try: sluice.path('none')\nexcept KeyError as fault: print(fault)\n",
        paths={"data": "/scratch/data"},
    )
    first, second, third = done.text().splitlines()
    assert first == "t0 testbed 4711 0 {'cpus': 2}"
    assert second == "/scratch/data"
    assert "it has: data" in third
    assert done.of("metric") == [
        {"name": "loss", "value": 0.5, "step": 3},
        {"name": "loss", "value": 1.0, "step": None},
    ]
    assert "loss is nan" in done.text("stderr")


def test_imports_of_the_notebook_are_bound(either: Host) -> None:
    done = either.run(
        "print(m.pi > 3, root(9), p.sep)",
        imports=[
            {"name": "m", "module": "math", "attribute": None},
            {"name": "root", "module": "math", "attribute": "sqrt"},
            {"name": "p", "module": "os.path", "attribute": None},
        ],
    )
    assert done.text() == "True 3.0 /\n"


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            {"name": "np", "module": "not_there.sub", "attribute": None},
            ["not_there", "import not_there.sub as np", "Python 3.", "testbed", "Install"],
        ),
        (
            {"name": "f", "module": "math", "attribute": "nothing"},
            ["from math import nothing as f", "testbed"],
        ),
    ],
    ids=["package", "attribute"],
)
def test_a_missing_import_is_named(wanted: Any, words: Any, either: Host) -> None:
    done = either.run("print('never')", imports=[wanted])
    assert (done.status, done.end["status"]) == (2, "error")
    assert done.text() == ""
    for word in words:
        assert word in done.error["evalue"]


def test_a_local_module_that_fails_says_how(either: Host, snapshot: Any) -> None:
    (snapshot / "modules" / "0" / "broken.py").write_text("1 / 0")
    wanted = {"name": "broken", "module": "broken", "attribute": None}
    done = either.run("pass", **parts(snapshot, imports=[wanted]))
    assert "import broken" in done.error["evalue"]
    assert "ZeroDivisionError" in done.error["evalue"]


FAULTS = {
    "no file": (None, "cannot be read"),
    "no JSON": ("{", "cannot be read"),
    "another version": (json.dumps({"version": 9}), "version 9"),
    "not complete": (json.dumps({"version": 1, "kind": "cell"}), "not complete"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_useless_specification_is_reported(fault: Any, plain_host: Host) -> None:
    text, words = FAULTS[fault]
    run = plain_host.lay_out("print('never')")
    (run / "spec.json").unlink()
    if text is not None:
        (run / "spec.json").write_text(text)
    done = plain_host.finish(plain_host.start(run), run)
    assert (done.status, done.end["status"], done.end["exitCode"]) == (2, "error", 2)
    assert words in done.error["evalue"]
    assert done.lines[-1]["type"] == "finished"


@pytest.mark.parametrize(
    "more",
    [
        {"cwd": "../.."},
        {"files": [{"from": "files/x", "to": "/etc/x", "mode": 420}]},
        {"files": [{"from": "../../x", "to": "x", "mode": 420}]},
        {"modulePaths": ["/usr"]},
        {"folders": ["../out"]},
    ],
    ids=["folder", "to", "from", "modules", "folders"],
)
def test_places_outside_are_refused(more: Any, plain_host: Host, snapshot: Any) -> None:
    done = plain_host.run("print('never')", **parts(snapshot, **more))
    assert "outside its folder" in done.error["evalue"]
    assert done.status == 2


@pytest.mark.parametrize("gone", ["files/tool.sh", "modules/1/local.py"])
def test_a_snapshot_with_holes_is_reported(gone: Any, plain_host: Host, snapshot: Any) -> None:
    (snapshot / gone).unlink()
    if gone.startswith("modules"):
        for left in (snapshot / "modules" / "1").iterdir():
            left.unlink()
        (snapshot / "modules" / "1").rmdir()
    done = plain_host.run("print('never')", **parts(snapshot))
    assert done.error["ename"] == "SnapshotError"
    assert gone in done.error["evalue"]
    assert "is sent anew" in done.error["evalue"]
    assert done.status == 2


@pytest.mark.parametrize(
    ("place", "data", "words"),
    [
        ("files/tool.sh", b"#!/bin/sh\necho run\n", "tool.sh differs"),
        ("files/large.bin", b"", "large.bin has 0 bytes, not 100000"),
        ("manifest.json", b"", "manifest.json differs"),
    ],
)
def test_a_changed_snapshot_is_refused(
    place: str, data: bytes, words: str, plain_host: Host, snapshot: Any
) -> None:
    (snapshot / place).write_bytes(data)
    done = plain_host.run("print('never')", **parts(snapshot))
    assert words in done.error["evalue"]
    assert done.text() == ""
    assert done.status == 2


def test_a_damaged_value_is_reported(plain_host: Host) -> None:
    data = b"[1]"
    sha256 = hashlib.sha256(data).hexdigest()
    blobs = plain_host.root / "blobs"
    blobs.mkdir()
    (blobs / sha256).write_bytes(b"[2]")
    value = {
        "name": "x",
        "type": "list",
        "bytes": 3,
        "format": "json",
        "blobs": [{"role": "json", "sha256": sha256, "bytes": 3}],
        "why": "read",
    }
    done = plain_host.run("print('never')", values=[value])
    assert "variable x is damaged" in done.error["evalue"]
    assert done.status == 2


def test_nothing_is_written_into_a_snapshot(either: Host, snapshot: Any) -> None:
    done = either.run(
        "import local, subprocess, sys\nprint(local.where, flush=True)\n"
        "code = f'import sys; sys.path.insert(0, {sys.path[1]!r}); import local, twice'\n"
        "subprocess.run([sys.executable, '-c', code], check=True)",
        **parts(snapshot),
    )
    assert done.text() == "local\n"
    assert list(snapshot.rglob("__pycache__")) == []


def test_a_large_file_is_copied_whole(either: Host, snapshot: Any) -> None:
    file = {"from": "files/large.bin", "to": "notes/large.bin", "mode": 0o644}
    done = either.run(
        "data = open('large.bin', 'rb').read()\nprint(len(data), set(data))\n"
        "open('large.bin', 'r+b').write(b'changed')",
        **{**parts(snapshot), "files": [file]},
    )
    assert done.text() == "100000 {0}\n"
    assert (snapshot / "files" / "large.bin").read_bytes() == bytes(100_000)
