from __future__ import annotations

import signal
from typing import Any

import pytest

from .host import Host, wait_for_text

BUSY = {
    "in Python": "print('ready')\nwhile True: pass",
    "in a sleep": "import time\nprint('ready')\ntime.sleep(1000)",
    # The interpreter runs no handler before this call returns.
    "in C code": "import hashlib\nprint('ready')\n"
    "hashlib.pbkdf2_hmac('sha256', b'', b'', 2_000_000_000)",
}


@pytest.mark.parametrize("where", BUSY)
def test_a_request_to_leave_is_an_end_with_record(where: Any, either: Host) -> None:
    run = either.lay_out(f"open('made.txt', 'w').write('x' * 7)\nprint('first')\n{BUSY[where]}")
    process = either.start(run)
    wait_for_text(run, "ready")
    process.terminate()
    done = either.finish(process, run)
    assert done.status == 143
    assert done.end["status"] == "terminated"
    assert (done.end["exitCode"], done.end["signal"]) == (143, 15)
    assert done.lines[-1]["type"] == "finished"
    assert done.of("finished")[0]["status"] == "terminated"
    assert done.end["lastSeq"] == len(done.lines)
    assert done.text() == "first\nready\n"
    assert done.files() == [("made.txt", 7, True)]


def test_a_cell_may_handle_the_request_itself(either: Host) -> None:
    run = either.lay_out(
        "import signal, time\nleft = []\n"
        "signal.signal(signal.SIGTERM, lambda *_: left.append(1))\nprint('ready')\n"
        "while not left: time.sleep(0.01)\nprint('saved')"
    )
    process = either.start(run)
    wait_for_text(run, "ready")
    process.terminate()
    done = either.finish(process, run)
    assert done.text() == "ready\nsaved\n"
    assert (done.status, done.end["status"]) == (0, "ok")


def test_ending_a_child_does_not_end_the_task(either: Host) -> None:
    done = either.run(
        "import multiprocessing, time\n"
        "child = multiprocessing.get_context('fork').Process(target=time.sleep, args=(1000,))\n"
        "child.start(); child.terminate(); child.join()\nprint(child.exitcode)"
    )
    assert done.text() == "-15\n"
    assert done.end["status"] == "ok"


def test_a_process_that_dies_leaves_no_end_and_its_last_words(either: Host) -> None:
    done = either.run("print('before')\nimport os; os.write(2, b'last words'); os.abort()")
    assert done.status == -signal.SIGABRT
    assert not (done.attempt / "end.json").exists()
    assert "last words" in (done.attempt / "stderr").read_text()
    assert "Aborted" in (done.attempt / "stderr").read_text()
    assert done.text() == "before\n"


def test_a_clean_end_leaves_only_what_is_of_use(either: Host) -> None:
    done = either.run("print(1)")
    names = sorted(path.name for path in done.attempt.iterdir())
    assert names == ["end.json", "events.jsonl", "heartbeat", "results", "work"]


def test_everything_is_for_the_owner_only(either: Host) -> None:
    done = either.run("x = 1")
    for path in done.attempt.parents[1].rglob("*"):
        if path.name != "spec.json":
            assert path.stat().st_mode & 0o077 == 0, path


def test_a_thread_that_goes_on_does_not_keep_the_job(either: Host) -> None:
    done = either.run(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()"
    )
    assert done.end["status"] == "ok"


def test_exit_handlers_of_the_cell_run(either: Host) -> None:
    done = either.run(
        "import atexit, pathlib\natexit.register(pathlib.Path('left.txt').write_text, 'x')"
    )
    assert (done.attempt / "work" / "notes" / "left.txt").read_text() == "x"


def test_a_full_disk_is_no_success(either: Host) -> None:
    # The limit of a file's size stands for the disk: writing more fails in the same way.
    done = either.run(
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 100_000_000))\n"
        "for n in range(100): print('x' * 1000)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000_000, 100_000_000))",
    )
    assert (done.status, done.end["status"]) == (2, "error")
    assert done.end["ename"] == "OutputLost"
    assert done.lines[-1]["type"] == "finished"
