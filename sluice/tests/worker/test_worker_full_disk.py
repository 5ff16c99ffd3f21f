from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .host import Done, Host

SMALL = {"homeBytes": 50_000_000, "eventBytes": 100_000, "textBytes": 200_000}
# What fills the disk of the run to its last byte, and frees as much of it again.
FILL = (
    "import os\ndef fill(free=0):\n"
    "    file = os.open('../../../../../full', os.O_WRONLY | os.O_CREAT, 0o600)\n"
    "    try:\n        while True: os.write(file, b'x' * 4096)\n"
    "    except OSError: pass\n"
    "    if free: os.ftruncate(file, os.fstat(file).st_size - free)\n"
)


@pytest.fixture
def small(tmp_path: Path, worker: Path) -> Iterator[Host]:
    """Give a host whose root lies on a disk of 4 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if os.geteuid() != 0 or mount is None or subprocess.run([mount, *options]).returncode != 0:
        pytest.skip("only root can make a disk to fill")
    host = Host(disk / "root", worker)
    # Its home and caches are elsewhere.
    for name in ("HOME", "MPLCONFIGDIR"):
        host.environment[name] = str(tmp_path)
    try:
        yield host
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def failed(done: Done) -> bool:
    """Whether nobody can take this run for a success."""
    if done.status == 0:
        return False
    end = done.attempt / "end.json"
    return not end.exists() or done.end["status"] == "error"


def test_events_that_cannot_be_written_are_no_success(small: Host) -> None:
    done = small.run(FILL + "fill()\nfor n in range(500): print('x' * 1000)", limits=SMALL)
    assert failed(done)
    # Each line that is there is whole; that is checked as the file is read.
    assert done.status == 2


def test_an_end_that_cannot_be_written_is_no_success(small: Host) -> None:
    done = small.run(FILL + "print('before', flush=True)\nfill()", limits=SMALL)
    assert failed(done)
    assert not [path for path in done.attempt.iterdir() if path.name.endswith(".part")]


def test_the_end_is_told_where_there_is_room_again(small: Host) -> None:
    source = (
        FILL + "fill()\nfor n in range(500): print('x' * 1000)\nos.unlink('../../../../../full')"
    )
    done = small.run(source, limits=SMALL)
    assert (done.status, done.end["status"], done.end["ename"]) == (2, "error", "OutputLost")
    assert "No space left" in done.end["evalue"]


def test_a_value_that_cannot_be_written_is_no_success(small: Host) -> None:
    done = small.run(FILL + "text = 'y' * 3_000_000\nfill(free=200_000)", limits=SMALL)
    assert (done.status, done.end["status"], done.end["ename"]) == (2, "error", "ResultLost")
    assert "No space left" in (done.variables["text"]["reason"] or "")
    assert "text" not in done.home
    sizes = [path.stat().st_size for path in (done.attempt / "results").iterdir()]
    assert all(size < 100_000 for size in sizes), sizes


def test_a_large_output_that_cannot_be_written_is_no_success(small: Host) -> None:
    done = small.run(FILL + "fill(free=200_000)\ndel fill\n'y' * 1_000_000", limits=SMALL)
    assert (done.status, done.end["ename"]) == (2, "OutputLost")
    [result] = done.of("execute_result")
    assert "is lost: it cannot be written, No space left" in result["data"]["text/plain"]
    assert "spilled" not in result


def test_text_beyond_the_limit_that_cannot_be_written_is_no_success(small: Host) -> None:
    source = FILL + "fill(free=600_000)\ndel fill\nfor n in range(2000): print('x' * 1000)"
    done = small.run(source, limits=SMALL)
    assert (done.status, done.end["ename"]) == (2, "OutputLost")


def test_a_disk_that_lets_nothing_begin_says_so(small: Host) -> None:
    run = small.lay_out("1")
    file = os.open(small.root / "full", os.O_WRONLY | os.O_CREAT, 0o600)
    with contextlib.suppress(OSError):
        while True:
            os.write(file, b"x" * 4096)
    os.close(file)
    done = small.finish(small.start(run), run)
    assert done.status != 0
    assert "No space left" in done.stderr
