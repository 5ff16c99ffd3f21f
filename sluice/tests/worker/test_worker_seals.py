from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path

from .host import Done, Host

KEY = "0f" * 32
SEAL = re.compile(rb'^(.*),"seal":"([0-9a-f]{32})"\}\n$', re.DOTALL)


def is_sealed(line: bytes, lead: str, key: str = KEY) -> bool:
    """Check a line as the service does, with nothing of the worker's code."""
    found = SEAL.match(line)
    assert found is not None, line
    mark = hmac.new(bytes.fromhex(key), lead.encode() + found[1], hashlib.sha256).hexdigest()
    return mark[:32].encode() == found[2]


def lines_of(done: Done) -> list[bytes]:
    return (done.attempt / "events.jsonl").read_bytes().splitlines(keepends=True)


def test_each_event_and_the_end_record_bear_a_seal(either: Host) -> None:
    source = "print('a\\u2028b \\\"seal\\\":')\nx = 1\nprint('}')\n1 / 0"
    done = either.run(source, eventKey=KEY)
    lead = f"{done.attempt.parents[1].name}\n0\n"
    lines = lines_of(done)
    assert len(lines) >= 4
    assert all(is_sealed(line, lead) for line in lines)
    end = (done.attempt / "end.json").read_bytes()
    assert is_sealed(end, f"{lead}end\n")
    assert not is_sealed(end, lead)
    assert json.loads(end)["status"] == "error"


def test_a_seal_is_of_one_task_one_attempt_and_one_line(either: Host) -> None:
    run = either.lay_out("print(1)", eventKey=KEY)
    done = either.finish(either.start(run, SLURM_RESTART_COUNT="1"), run, 1)
    line = lines_of(done)[0]
    assert is_sealed(line, f"{run.name}\n1\n")
    assert not is_sealed(line, f"{run.name}\n0\n")
    assert not is_sealed(line, "other\n1\n")
    assert not is_sealed(line, f"{run.name}\n1\n", "0e" * 32)
    assert not is_sealed(line.replace(b"started", b"stopped"), f"{run.name}\n1\n")


def test_a_specification_that_cannot_be_followed_has_its_key_all_the_same(either: Host) -> None:
    done = either.run("1", eventKey=KEY, values=None)
    assert done.end["ename"] == "SpecError"
    assert all(is_sealed(line, f"{done.attempt.parents[1].name}\n0\n") for line in lines_of(done))


def test_there_is_no_seal_without_a_key(either: Host) -> None:
    for key in (None, "", "zz", "0f"):
        done = either.run("1", eventKey=key)
        assert done.end["status"] == "ok"
        assert all("seal" not in line for line in done.lines)
    run = either.lay_out("1")
    (run / "spec.json").write_text("{")
    done = either.finish(either.start(run), run)
    assert (done.status, done.end["ename"]) == (2, "SpecError")
    assert all("seal" not in line for line in done.lines)


def test_the_key_is_nowhere_that_a_cell_looks_by_accident(either: Host) -> None:
    done = either.run(
        "import os, subprocess, sys\n"
        f"key = '{KEY[:20]}' + '{KEY[20:]}'\nraw = bytes.fromhex(key)\n"
        "def holds(text): return key in text or repr(raw)[2:-1] in text\n"
        "print(any(holds(repr(pair)) for pair in os.environ.items()))\n"
        "print(holds(repr(sys.argv)), holds(open('/proc/self/cmdline').read()))\n"
        "modules = [m for n, m in list(sys.modules.items()) if n.startswith('_sluice')]\n"
        "print(len(modules) > 10, any(holds(repr(v)) for m in modules for v in vars(m).values()))\n"
        "print(holds(subprocess.run(['env'], capture_output=True, text=True).stdout))",
        eventKey=KEY,
    )
    assert done.text() == "False\nFalse False\nTrue False\nFalse\n"


def test_nothing_else_of_the_run_holds_the_key(either: Host) -> None:
    done = either.run("print(1)\nx = 1", eventKey=KEY)
    run: Path = done.attempt.parents[1]
    others = [path for path in run.rglob("*") if path.is_file() and path.name != "spec.json"]
    assert others
    assert not any(KEY.encode() in path.read_bytes() for path in others)
