"""What a task wrote, and what earlier ones left for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .host import Host, wait_for_text


def listed(done: Any) -> list[dict[str, Any]]:
    text = (done.attempt / "files.jsonl").read_text("ascii")
    return [json.loads(line) for line in text.splitlines()]


def test_a_task_that_writes_nothing_tells_nothing(either: Host) -> None:
    done = either.run("x = 1")
    assert done.of("file") == done.of("files") == []


def test_the_list_has_all_and_the_events_the_first(plain_host: Host) -> None:
    done = plain_host.run(
        "import os\nos.makedirs('deep/er')\n"
        "for i in range(700):\n    open(f'deep/er/{i:04}.txt', 'w').write('x' * (i % 3))"
    )
    [told] = done.of("files")
    assert told == {
        "count": 700,
        "bytes": 699,
        "list": "files.jsonl",
        "listed": 500,
        "isWhole": True,
    }
    assert [path for path, _, _ in done.files()] == [f"deep/er/{i:04}.txt" for i in range(500)]
    assert sorted(file["path"] for file in listed(done)) == [
        f"deep/er/{i:04}.txt" for i in range(700)
    ]
    assert (done.attempt / "files.jsonl").stat().st_mode & 0o777 == 0o600
    assert not list(done.attempt.glob("*.part"))


HOSTILE = ["a\nb", 'q"uote', "tab\there", "back\\slash", "é☃", "-rf", " ", "$(touch x)", "\x1b[2J"]


def test_no_name_breaks_the_list(plain_host: Host) -> None:
    done = plain_host.run(
        f"for name in {HOSTILE!r}: open(name, 'w').close()\nopen(b'not \\xff text', 'w').close()"
    )
    files = {file["path"]: file["problem"] for file in listed(done)}
    assert set(files) == {*HOSTILE, "not \udcff text"}
    assert files.pop("not \udcff text") == "its name is no text (UTF-8)"
    assert set(files.values()) == {None}
    assert "not \\xff text" in [path for path, _, _ in done.files()]


def test_what_is_no_file_is_told_with_its_reason_and_never_followed(plain_host: Host) -> None:
    done = plain_host.run(
        "import os, socket\nos.mkfifo('pipe')\nsocket.socket(socket.AF_UNIX).bind('sock')\n"
        "os.symlink('/etc/passwd', 'secret')\nos.symlink('/etc', 'etc')\n"
        "os.symlink('nowhere', 'dead')"
    )
    assert {file["path"]: file["problem"] for file in done.of("file")} == {
        "pipe": "it is a named pipe",
        "sock": "it is a socket",
        "secret": "it is a symbolic link",
        "etc": "it is a symbolic link",
        "dead": "it is a symbolic link",
    }


@pytest.mark.parametrize("end", ["1 / 0", "import sys; sys.exit(3)", "raise KeyboardInterrupt"])
def test_a_cell_that_fails_tells_its_files_too(end: str, either: Host) -> None:
    done = either.run(f"open('made.txt', 'w').write('x')\n{end}")
    assert done.end["status"] == "error"
    assert done.files() == [("made.txt", 1, True)]
    assert done.of("files")[0]["count"] == 1


def test_a_task_that_is_asked_to_leave_tells_its_files(plain_host: Host) -> None:
    run = plain_host.lay_out(
        "import time\nopen('made.txt', 'w').write('x')\nprint('ready')\ntime.sleep(600)"
    )
    process = plain_host.start(run)
    wait_for_text(run, "ready")
    process.terminate()
    done = plain_host.finish(process, run)
    assert (done.end["status"], done.files()) == ("terminated", [("made.txt", 1, True)])
    assert len(listed(done)) == 1


def earlier(host: Host, files: dict[str, bytes]) -> Path:
    work = host.root / "runs" / "earlier" / "attempts" / "0" / "work"
    for name, data in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(data)
    return work


def test_earlier_files_are_private_copies_and_only_changed_ones_are_told(either: Host) -> None:
    work = earlier(either, {"notes/log.txt": b"1\n", "notes/deep/model.bin": b"m" * 70_000})
    os.utime(work / "notes/log.txt", (1e9, 1e9))
    done = either.run(
        "import os\nprint(open('log.txt').read(), len(open('deep/model.bin').read()),"
        " oct(os.stat('log.txt').st_mode & 0o777), os.stat('log.txt').st_mtime)\n"
        "open('log.txt', 'a').write('2\\n')",
        inherited=[
            {"from": str(work / "notes/log.txt"), "to": "notes/log.txt"},
            {"from": str(work / "notes/deep/model.bin"), "to": "notes/deep/model.bin"},
        ],
    )
    assert done.text() == "1\n 70000 0o600 1000000000.0\n"
    assert done.files() == [("log.txt", 4, False)]
    assert (work / "notes/log.txt").read_bytes() == b"1\n"


def test_what_is_gone_or_no_file_of_a_run_is_skipped_and_named(plain_host: Host) -> None:
    work = earlier(plain_host, {"a.txt": b"a"})
    (work / "link").symlink_to("/etc/passwd")
    outside = plain_host.root / "outside.txt"
    outside.write_text("secret")
    sources = [work / "gone.txt", work / "link", outside, work / "../../../../../outside.txt"]
    inherited = [
        {"from": str(source), "to": f"notes/{at}.txt"} for at, source in enumerate(sources)
    ]
    done = plain_host.run(
        "import os\nprint(os.listdir())",
        inherited=[*inherited, {"from": str(work / "a.txt"), "to": "notes/a.txt"}],
    )
    assert done.text() == "['a.txt']\n"
    for at in range(4):
        assert f"notes/{at}.txt" in done.text("stderr") + done.stderr


def test_an_inherited_place_outside_is_refused(plain_host: Host) -> None:
    done = plain_host.run("1", inherited=[{"from": "/x", "to": "../out"}])
    assert "outside its folder" in done.error["evalue"]


COUNT = 200_000 if os.environ.get("SLUICE_TEST_ALL") == "1" else 20_000
MEASURED = """
import os, sys, resource
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from sluice.worker.work_files import WorkFiles
work, attempt = Path(sys.argv[2]) / "work", Path(sys.argv[2])
told = []
files = WorkFiles(work, attempt, lambda kind, data: told.append((kind, data)))
files.note(".")
for folder in range(int(sys.argv[3]) // 1000):
    os.makedirs(work / str(folder))
    for number in range(1000):
        os.close(os.open(work / str(folder) / f"{number}.txt", os.O_CREAT))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
files.tell()
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(len(told), told[-1][1]["count"], after - before)
"""


def test_many_small_files_are_listed_in_little_memory(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    checkout = Path(__file__).parents[3]
    arguments = [sys.executable, "-c", MEASURED, str(checkout), str(tmp_path), str(COUNT)]
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=300, check=True)
    told, count, grown_kb = map(int, done.stdout.split())
    assert (told, count) == (501, COUNT)
    assert grown_kb < 20_000
    with (tmp_path / "files.jsonl").open() as lines:
        assert sum(1 for _ in lines) == COUNT
