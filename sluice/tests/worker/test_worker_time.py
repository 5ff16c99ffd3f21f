from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import Any

import pytest

from .host import Done, Host, wait_for_text

LOOP = "epoch = 0\nprint('ready')\nwhile True: epoch += 1"
SAYS = "import sluice\nsluice.on_interrupt(lambda left: print('left', left > 0))\n"


def told(host: Host, source: str, *, when: str = "ready", **parts: Any) -> Done:
    """Run a cell that is told that its time is nearly over once it has shown a text."""
    run = host.lay_out(source, **{"noticeSeconds": 30, **parts})
    process = host.start(run)
    wait_for_text(run, when)
    process.send_signal(signal.SIGUSR1)
    return host.finish(process, run)


def test_a_loop_brings_home_what_it_has(either: Host) -> None:
    source = "open('made.txt', 'w').write('x')\nhistory = [1, 2]\n" + LOOP
    done = told(either, source)
    assert (done.status, done.end["status"], done.end["exitCode"]) == (124, "time-up", 124)
    assert (done.end["ename"], done.end["cause"]) == ("TimeUp", "time-limit")
    assert {"history", "epoch"} <= done.home
    assert done.files() == [("made.txt", 1, True)]
    assert done.of("notice") == [{"cause": "time-limit", "secondsLeft": 30}]
    assert done.error["ename"] == "TimeUp"
    assert "epoch" in "\n".join(done.error["traceback"])
    assert done.of("finished")[0]["status"] == "time-up"
    assert done.text("stderr") == ""


@pytest.mark.parametrize(
    ("where", "source"),
    [
        ("a sleep", "import time\nn = 1\nprint('ready')\ntime.sleep(1000)"),
        (
            "a child",
            "import subprocess\nn = 1\nprint('ready')\nsubprocess.run(['sleep', '1000'])",
        ),
        (
            "a thread that is waited for",
            "import threading, time\nn = 1\nprint('ready')\n"
            "t = threading.Thread(target=time.sleep, args=(1000,), daemon=True)\n"
            "t.start(); t.join()",
        ),
        ("an event loop", "import asyncio\nn = 1\nprint('ready')\nawait asyncio.sleep(1000)"),
        (
            "an event loop with many tasks",
            "import asyncio\nn = 1\n"
            "async def spin():\n    while True: await asyncio.sleep(0)\n"
            "tasks = [asyncio.ensure_future(spin()) for _ in range(9)]\n"
            "print('ready')\nawait asyncio.sleep(1000)",
        ),
        (
            "code that swallows what it can",
            "n = 1\nprint('ready')\n"
            "while True:\n    try: [x for x in range(1000)]\n    except Exception: pass",
        ),
        (
            "code that keeps the signal away",
            "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\n"
            "n = 1\nprint('ready')\nwhile True: pass",
        ),
        (
            "a loop that prints",
            "n = 1\nprint('ready')\nwhile True: print('x')",
        ),
    ],
)
def test_what_runs_is_interrupted(where: str, source: str, either: Host) -> None:
    done = told(either, source)
    assert (where, done.end["status"]) == (where, "time-up")
    assert "n" in done.home


def test_hooks_come_first_in_order_and_are_told_the_time_left(either: Host) -> None:
    done = told(
        either,
        "import sluice\nlog = []\n"
        "@sluice.on_interrupt\ndef first(left): log.append(round(left)); print('first')\n"
        "@sluice.on_interrupt\ndef second(): 1 / 0\n"
        "@sluice.on_interrupt\ndef third(left=None): log.append(left is None)\n" + LOOP,
    )
    assert done.end["status"] == "time-up"
    assert done.text() == "ready\nfirst\n"
    assert "second of on_interrupt failed" in done.text("stderr")
    assert "ZeroDivisionError" in done.text("stderr")
    assert bytes(done.blobs("log")["json"]) == b"[30,false]"


def test_a_cell_that_ends_by_itself_is_ok_and_says_why_it_ended(either: Host) -> None:
    done = told(
        either,
        "import sluice\nn = 0\n"
        "try:\n    print('ready')\n    while True: n += 1\n"
        "except sluice.TimeUp as why: print('saved:', why)",
    )
    assert (done.status, done.end["status"], done.end["cause"]) == (0, "ok", "time-limit")
    assert "saved: the time of the job is nearly over (30 s left)" in done.text()
    assert done.of("error") == []
    assert "n" in done.home


def test_a_cell_that_fails_meanwhile_has_failed(either: Host) -> None:
    done = told(
        either,
        "import sluice\n"
        "try:\n    print('ready')\n    while True: pass\n"
        "except KeyboardInterrupt: raise ValueError('no')",
    )
    assert (done.end["status"], done.end["ename"]) == ("error", "ValueError")
    assert done.end["cause"] == "time-limit"


def test_only_the_first_notice_counts(either: Host) -> None:
    run = either.lay_out(
        "import sluice, time\n"
        "try:\n    print('ready')\n    time.sleep(1000)\n"
        "except sluice.TimeUp:\n    print('caught')\n"
        "    while not __import__('os').path.exists('go'): time.sleep(0.01)\nprint('done')",
        noticeSeconds=30,
    )
    process = either.start(run)
    wait_for_text(run, "ready")
    process.send_signal(signal.SIGUSR1)
    wait_for_text(run, "caught")
    for _ in range(50):
        process.send_signal(signal.SIGUSR1)
    (run / "attempts" / "0" / "work" / "notes" / "go").touch()
    done = either.finish(process, run)
    assert done.text() == "ready\ncaught\ndone\n"
    assert len(done.of("notice")) == 1
    assert done.end["status"] == "ok"


def test_a_notice_before_the_cell_began_keeps_it_from_running(either: Host) -> None:
    run = either.lay_out("print('ran')", noticeSeconds=30)
    done = either.finish(either.start(run, SLUICE_NOTICE="1"), run)
    # It comes while the worker prepares, or in the cell's first line.
    assert done.end["status"] == "time-up"
    assert len(done.of("notice")) == 1


def test_a_notice_that_was_lost_while_python_started_is_made_up(either: Host) -> None:
    run = either.lay_out("import time\ntime.sleep(1000)", noticeSeconds=30)
    done = either.finish(either.start(run, SLURM_JOB_END_TIME=str(int(time.time()) + 20)), run)
    assert (done.end["status"], done.end["cause"]) == ("time-up", "time-limit")
    assert 0 < done.of("notice")[0]["secondsLeft"] <= 20
    assert done.of("started")[0]["endsAt"] > time.time() - 60


def test_a_notice_that_comes_early_waits_for_its_time(either: Host) -> None:
    # 30 s before the end, and told 2 s or more too early: the cell has these seconds.
    ends_at = int(time.time()) + 33
    run = either.lay_out(LOOP, noticeSeconds=30)
    process = either.start(run, SLUICE_ENDS_AT=str(ends_at))
    wait_for_text(run, "ready")
    process.send_signal(signal.SIGUSR1)
    done = either.finish(process, run)
    assert done.end["status"] == "time-up"
    [notice] = done.of("notice")
    assert notice["secondsLeft"] <= 30
    assert done.end["endedAt"] >= ends_at - 30


def test_a_notice_far_from_the_end_asks_the_job_to_end(either: Host) -> None:
    run = either.lay_out(LOOP, noticeSeconds=30)
    process = either.start(run, SLURM_JOB_END_TIME=str(int(time.time()) + 3600))
    wait_for_text(run, "ready")
    process.send_signal(signal.SIGUSR1)
    done = either.finish(process, run)
    assert done.of("notice") == [{"cause": "asked", "secondsLeft": None}]
    assert (done.end["status"], done.end["cause"]) == ("time-up", "asked")
    assert "epoch" in done.home


def test_a_notice_while_values_are_saved_changes_nothing(either: Host) -> None:
    source = (
        "import time\nclass Slow:\n"
        "    def __reduce__(self):\n        print('saving', flush=True)\n"
        "        time.sleep(0.5)\n        return (int, ())\n"
        "value = Slow()"
    )
    done = told(either, source, when="saving", accepts=["json", "pickle"], trust="pickles")
    assert (done.status, done.end["status"], done.end["cause"]) == (0, "ok", None)
    assert len(done.of("notice")) == 1
    assert "value" in done.home


def test_a_cell_may_handle_the_notice_itself(either: Host) -> None:
    done = told(
        either,
        "import signal, time\nleft = []\n"
        "signal.signal(signal.SIGUSR1, lambda *_: left.append(1))\nprint('ready')\n"
        "while not left: time.sleep(0.01)\nprint('saved')",
    )
    assert (done.text(), done.end["status"]) == ("ready\nsaved\n", "ok")
    assert done.of("notice") == []


def test_a_forked_child_is_no_worker(either: Host) -> None:
    done = either.run(
        "import os, signal, sluice, time\n"
        "sluice.on_interrupt(lambda: print('hook'))\n"
        "child = os.fork()\n"
        "if child == 0:\n    time.sleep(1000)\n"
        "os.kill(child, signal.SIGUSR1)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGUSR1)",
        noticeSeconds=30,
    )
    assert (done.text(), done.end["status"]) == ("True\n", "ok")
    assert done.of("notice") == []


def test_a_script_is_told_as_well(either: Host) -> None:
    source = "import sluice\nprint('ready')\nopen('made.txt', 'w').write('x')\nwhile True: pass"
    done = told(either, source, kind="script", outputs=[])
    assert done.end["status"] == "time-up"
    assert ("made.txt", 1, True) in done.files()


STUCK = (
    "import hashlib, threading\nsmall = 1\nlarge = 'x' * 300_000\n"
    # Said by another thread, once this one is in there.
    "threading.Timer(0.3, print, ['ready']).start()\n"
    "hashlib.pbkdf2_hmac('sha256', b'', b'', 2_000_000_000)"
)


def test_where_the_cell_never_comes_back_its_values_are_saved_at_the_end(either: Host) -> None:
    run = either.lay_out(SAYS + STUCK, noticeSeconds=30)
    process = either.start(run)
    wait_for_text(run, "ready")
    process.send_signal(signal.SIGUSR1)
    wait_for_text(run, '"notice"')
    process.terminate()
    done = either.finish(process, run)
    assert (done.status, done.end["status"], done.end["cause"]) == (124, "time-up", "time-limit")
    assert {"small", "large"} <= done.home
    assert [data["name"] for data in done.of("variable")][-1] == "large"
    assert "did not stop" in done.text("stderr")
    assert "left False" in done.text()


def test_an_end_without_notice_is_an_end_of_time_when_the_time_is_over(either: Host) -> None:
    run = either.lay_out("history = [1]\n" + LOOP, noticeSeconds=None)
    process = either.start(run, SLURM_JOB_END_TIME=str(int(time.time())))
    wait_for_text(run, "ready")
    process.terminate()
    done = either.finish(process, run)
    assert (done.end["status"], done.end["cause"]) == ("time-up", "time-limit")
    assert "history" in done.home


def test_a_cell_that_went_on_is_interrupted_again_at_the_end(either: Host) -> None:
    run = either.lay_out(
        "import sluice\nn = 1\n"
        "try:\n    print('ready')\n    while True: pass\n"
        "except sluice.TimeUp: print('caught')\nwhile True: pass",
        noticeSeconds=30,
    )
    process = either.start(run)
    wait_for_text(run, "ready")
    process.send_signal(signal.SIGUSR1)
    wait_for_text(run, "caught")
    process.terminate()
    done = either.finish(process, run)
    assert done.end["status"] == "time-up"
    assert "n" in done.home


@pytest.mark.parametrize("busy", ["while True: pass", STUCK.splitlines()[-1]])
def test_a_request_to_leave_calls_the_hooks_and_saves_no_values(busy: str, either: Host) -> None:
    run = either.lay_out(SAYS + f"import hashlib\nn = 1\nprint('ready')\n{busy}")
    process = either.start(run)
    wait_for_text(run, "ready")
    process.terminate()
    process.terminate()
    done = either.finish(process, run)
    assert (done.status, done.end["status"], done.end["cause"]) == (143, "terminated", "asked")
    assert done.text() == "ready\nleft True\n"
    assert done.variables == {}


def test_a_hook_that_hangs_keeps_nobody(either: Host) -> None:
    run = either.lay_out(
        "import sluice, time\nsluice.on_interrupt(lambda: time.sleep(1000))\n" + LOOP
    )
    process = either.start(run)
    wait_for_text(run, "ready")
    process.terminate()
    assert either.finish(process, run).end["status"] == "terminated"


def test_what_a_run_took_is_in_its_end_record(either: Host) -> None:
    done = either.run(
        "import time\nstart = time.process_time()\nblock = bytearray(150_000_000)\n"
        "while time.process_time() < start + 0.3: pass\ndel block"
    )
    usage = done.end["usage"]
    assert usage["elapsedSeconds"] == pytest.approx(
        done.end["endedAt"] - done.end["startedAt"], abs=0.01
    )
    assert usage["cpuSeconds"] >= 0.3
    assert usage["peakBytes"] > 150_000_000
    assert usage["cpus"] >= 1
    assert usage["memoryBytes"] is None


def test_what_the_job_had_is_what_slurm_says(either: Host) -> None:
    run = either.lay_out("1")
    environment = {"SLURM_CPUS_ON_NODE": "3", "SLURM_MEM_PER_CPU": "100"}
    usage = either.finish(either.start(run, **environment), run).end["usage"]
    assert (usage["cpus"], usage["memoryBytes"]) == (3, 300 * 2**20)


def test_want_of_memory_is_named(either: Host) -> None:
    done = either.run("x = bytearray(1 << 60)")
    assert (done.end["status"], done.end["cause"]) == ("error", "memory")


def test_a_stale_word_of_another_job_is_gone(either: Host, tmp_path: Path) -> None:
    run = either.lay_out("1")
    (run / "attempts" / "0").mkdir(parents=True)
    (run / "attempts" / "0" / "exit").write_text("127 - 1\n")
    done = either.finish(either.start(run), run)
    assert done.end["status"] == "ok"
    assert not (done.attempt / "exit").exists()


def test_a_limit_that_was_brought_nearer_is_an_end_of_time_too(either: Host) -> None:
    run = either.lay_out("history = [1]\n" + LOOP, noticeSeconds=20)
    process = either.start(run, SLUICE_ENDS_AT=str(int(time.time()) + 90))
    wait_for_text(run, "ready")
    process.send_signal(signal.SIGUSR1)
    process.terminate()
    done = either.finish(process, run)
    assert (done.end["status"], done.end["cause"]) == ("time-up", "time-limit")
    assert "history" in done.home
