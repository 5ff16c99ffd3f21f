"""Values that stay whole where they were made, and cells that use them in place."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from _sluice.values import VALUE_FORMATS, decode

from .host import Done, Host

LIMITS = {"homeBytes": 10_000, "eventBytes": 100_000}
PICKLES = {"accepts": list(VALUE_FORMATS), "trust": "pickles"}


def handle(done: Done, name: str) -> dict[str, Any]:
    """Name a kept value as the service names it to a later task."""
    data = done.variables[name]
    folder = done.attempt / "results"
    files = [{**file, "path": str(folder / file["path"])} for file in data["files"]]
    return {"name": name, "format": data["format"], "files": files}


def value(done: Done, name: str) -> Any:
    data = done.variables[name]
    return decode(data["format"], done.blobs(name), allowed=VALUE_FORMATS, namespace={})


@pytest.fixture
def made(host: Host) -> Done:
    return host.run("import numpy\nbig = numpy.arange(10_000)\nn = 1", limits=LIMITS)


def test_a_large_value_stays_whole_and_says_where(made: Done) -> None:
    data = made.variables["big"]
    assert made.home == {"n"}
    assert (data["kept"], data["format"], data["bytes"]) == ("large", "npy", 80_128)
    assert "use it in a cell that runs on testbed" in data["reason"]
    assert value(made, "big").sum() == 49_995_000
    assert [line["data"]["name"] for line in made.lines if line["type"] == "variable"] == [
        "n",
        "big",
    ]


def test_a_later_cell_uses_it_in_place(host: Host, made: Done) -> None:
    done = host.run("s = int(big.sum())", handles=[handle(made, "big")], limits=LIMITS)
    assert done.home == {"s"}
    assert set(done.variables) == {"s"}
    assert value(done, "s") == 49_995_000


def test_one_that_a_cell_changes_is_a_new_kept_value(host: Host, made: Done) -> None:
    before = (made.attempt / "results" / made.variables["big"]["files"][0]["path"]).read_bytes()
    done = host.run("big[0] = 7", handles=[handle(made, "big")], limits=LIMITS)
    assert done.variables["big"]["kept"] == "large"
    assert value(done, "big")[0] == 7
    after = (made.attempt / "results" / made.variables["big"]["files"][0]["path"]).read_bytes()
    assert before == after


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_a_damaged_one_ends_the_cell_before_its_first_line(
    host: Host, made: Done, damage: str
) -> None:
    path = made.attempt / "results" / made.variables["big"]["files"][0]["path"]
    data = path.read_bytes()
    path.write_bytes(data[:-1] + b"\x01" if damage == "changed" else data[:-1])
    done = host.run("print('ran')", handles=[handle(made, "big")])
    assert done.status == 2
    assert done.error["ename"] == "ValueUnreadable"
    assert str(path) in done.error["evalue"]
    assert done.text() == ""


def test_a_pickle_that_is_not_trusted_is_written_and_says_so(host: Host) -> None:
    done = host.run("class A: pass\na = A()\na.n = 5\ndef f(): return 1\nx = 2", trust="none")
    assert done.home == {"x"}
    for name in ("a", "f", "A"):
        data = done.variables[name]
        assert (data["kept"], data["format"]) == ("withheld", "pickle")
        assert 'trust = "pickles", and testbed has "none"' in data["reason"]
    assert done.variables["f"]["reason"].startswith("is code; ")
    assert value(done, "f")() == 1


def test_a_large_pickle_that_is_not_trusted_stays_for_later_cells(host: Host) -> None:
    done = host.run("rows = [(n, object) for n in range(9_000)]", limits=LIMITS)
    data = done.variables["rows"]
    assert (data["kept"], data["format"]) == ("large", "pickle")
    later = host.run("n = len(rows)", handles=[handle(done, "rows")])
    assert value(later, "n") == 9_000


def test_no_value_is_kept_that_would_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from _sluice.worker import room
    from _sluice.worker.results import results_of

    disk = namedtuple("disk", "f_blocks f_frsize f_bavail")
    monkeypatch.setattr(room.os, "statvfs", lambda _: disk(10**7, 1000, 1_000_050))
    assert room.disk_room(tmp_path) == 50_000
    spec: Any = type("Spec", (), {"home_bytes": 10, "trust": "none", "target": "t"})
    spec.accepts = ["npy", "json"]
    names = {"big": np.zeros(10_000), "fits": np.zeros(1_000)}
    big, fits = results_of(spec, ["big", "fits"], names, tmp_path)
    assert (big["kept"], big["files"], big["format"]) == (None, [], None)
    assert "would leave too little disk free there" in big["reason"]
    assert "write it to a file" in big["reason"]
    assert fits["kept"] == "large"


def test_no_copy_is_made_for_which_the_job_has_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from _sluice.worker import results

    monkeypatch.setattr(results, "memory_room", lambda: 1000)
    spec: Any = type("Spec", (), {"home_bytes": 10, "trust": "none", "target": "t"})
    spec.accepts = ["npy", "json"]
    names = {"text": "x" * 5000, "array": np.zeros(1_000)}
    text, array = results.results_of(spec, ["text", "array"], names, tmp_path)
    assert "too little memory" in text["reason"]
    assert array["kept"] == "large"


def test_memory_room_is_what_the_tightest_group_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from _sluice.worker import room

    group = tmp_path / "job"
    group.mkdir()
    (tmp_path / "memory.max").write_text("max\n")
    (group / "memory.max").write_text("8000\n")
    (group / "memory.stat").write_text("anon 2000\nfile 5000\n")
    monkeypatch.setattr(room, "_CGROUPS", tmp_path)
    read = room._lines
    told = {"/proc/self/cgroup": ["0::/job"], "/proc/meminfo": ["MemAvailable: 900 kB"]}
    monkeypatch.setattr(room, "_lines", lambda path: told.get(str(path)) or read(path))
    assert room.memory_room() == 3000
