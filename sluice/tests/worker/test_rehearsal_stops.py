from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path

import pytest

from .host import Host, wait_for_text
from .rehearsing import Notebook, Rehearsed

GPU_WORDS = [
    "RuntimeError('Found no NVIDIA driver on your system. Please check that you have an NVIDIA')",
    "AssertionError('Torch not compiled with CUDA enabled')",
    "RuntimeError('No CUDA GPUs are available')",
    "RuntimeError('CUDA error: no CUDA-capable device is detected')",
    "type('CUDARuntimeError', (RuntimeError,), {})('cudaErrorNoDevice: no CUDA-capable device')",
    "OSError('libcuda.so.1: cannot open shared object file: No such file or directory')",
    "RuntimeError(\"Unable to initialize backend 'cuda': no supported devices found\")",
    "RuntimeError('Attempting to deserialize object on a CUDA device but torch.cuda.is_available()"
    " is False')",
]


@pytest.fixture
def notebook(host: Host, tmp_path: Path) -> Notebook:
    folder = tmp_path / "project"
    folder.mkdir()
    return Notebook(host, folder)


@pytest.fixture
def both(either: Host, tmp_path: Path) -> Notebook:
    folder = tmp_path / "project"
    folder.mkdir()
    return Notebook(either, folder)


@pytest.mark.parametrize("fault", GPU_WORDS)
def test_a_gpu_is_asked_for(fault: str, notebook: Notebook) -> None:
    made = notebook.rehearse(f"x = 1\nraise {fault}")
    assert (made.finding["ok"], made.stopped) == (False, "gpu")
    assert "line 2 of 2, which asks for a GPU" in made.message
    assert "Rehearse on curnagl" in made.message
    assert made.names == []


def test_the_drivers_program_is_missing(notebook: Notebook) -> None:
    made = notebook.rehearse(
        "import subprocess\nsubprocess.run(['nvidia-smi'], env={'PATH': '/nowhere'})"
    )
    assert made.stopped == "gpu"


def test_a_gpu_that_is_full_is_an_error_of_its_own(notebook: Notebook) -> None:
    made = notebook.rehearse("raise RuntimeError('CUDA out of memory. Tried to allocate 2 GiB')")
    assert made.stopped == "exception"


@pytest.mark.parametrize(
    "source",
    [
        "open('/scratch/me/data.bin')",
        "import pandas; pandas.read_csv('/scratch/me/data.bin')",
        "import os; os.listdir('/scratch/me/data.bin')",
        "raise OSError('Unable to open file (name = \\'/scratch/me/data.bin\\', errno = 2)')",
        "try: open('/scratch/me/data.bin')\nexcept OSError as fault: raise KeyError() from fault",
    ],
)
def test_a_path_that_lives_only_on_the_cluster(source: str, notebook: Notebook) -> None:
    made = notebook.rehearse(source)
    assert made.stopped == "cluster-path"
    assert "/scratch/me/data.bin is not on this machine; where curnagl has it" in made.message
    assert made.names == []


def test_a_file_that_only_the_words_of_the_error_name(notebook: Notebook) -> None:
    notebook.write("deep/a.h5")
    made = notebook.rehearse(
        "raise RuntimeError(\"Unable to synchronously open file (name = 'deep/a.h5')\")"
    )
    assert made.names == [("file", "deep/a.h5", 1)]
    assert made.stopped == "missing"


def test_an_error_of_the_cells_own(both: Notebook) -> None:
    made = both.rehearse("x = 0\ndef half():\n    return 1 / x\nprint('a')\nhalf()")
    assert (made.finding["ok"], made.stopped) == (False, "exception")
    assert made.message == (
        "It came to line 3 of 5 and stopped there: ZeroDivisionError: division by zero."
    )
    assert made.done.error["ename"] == "ZeroDivisionError"


def test_a_cell_that_does_not_parse(both: Notebook) -> None:
    made = both.rehearse("\nx = 1\nx = = 2")
    assert made.stopped == "exception"
    assert "line 3 of 3" in made.message


BUSY = {
    "in Python": "while True: pass",
    "in a sleep": "import time; time.sleep(1000)",
    "in code that swallows it once": "import time\ntry: time.sleep(1000)\nexcept BaseException: "
    "time.sleep(1000)",
}


@pytest.mark.parametrize("where", BUSY)
def test_time_is_up(where: str, both: Notebook) -> None:
    made = both.rehearse(f"print('begun')\n{BUSY[where]}", order={"limitSeconds": 0.5})
    assert (made.finding["ok"], made.stopped) == (False, "time")
    line = 3 if "swallows" in where else 2
    assert f"It came to line {line} of" in made.message
    assert "in 0.5 s, which is all that a rehearsal takes. Nothing was missing so far." in (
        made.message
    )
    assert "Rehearse on curnagl" in made.message
    assert made.finding["seconds"] >= 0.5
    assert made.done.of("error") == []
    assert made.done.text() == "begun\n"
    assert (made.done.status, made.done.end["status"]) == (0, "ok")


@pytest.mark.parametrize(
    "source",
    [
        "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(1000)",
        "import os\nx = 1\nos.system('trap \"\" INT TERM; sleep 1000')",
    ],
)
def test_code_that_heeds_no_interrupt_is_ended_all_the_same(
    source: str, notebook: Notebook
) -> None:
    made = notebook.rehearse(source, order={"limitSeconds": 0.2})
    assert made.stopped == "time"
    assert "line 3 of 3" in made.message
    assert (made.done.status, made.done.end["status"]) == (0, "ok")


def test_a_request_to_leave_is_told_with_the_line(both: Notebook) -> None:
    both.write("a.txt")
    run = both.lay_out(
        "import time\ntry: open('a.txt')\nexcept OSError: pass\nprint('ready'); time.sleep(1000)"
    )
    process = both.host.start(run)
    wait_for_text(run, "ready")
    process.terminate()
    made = Rehearsed(both.host.finish(process, run))
    assert made.stopped == "canceled"
    assert made.names == [("file", "a.txt", 2)]
    assert "line 4 of 4 and was canceled there" in made.message
    assert made.done.end["status"] == "terminated"


def test_there_only_what_ends_it_is_missing(both: Notebook) -> None:
    there = {"isHere": False, "offer": None}
    made = both.rehearse("open('/etc/hostname')\nopen('nowhere.csv')", order=there)
    assert made.names == [("file", "nowhere.csv", 2)]
    assert made.stopped == "missing"
    made = both.rehearse("open('/scratch/nowhere')", order=there)
    assert (made.names, made.stopped) == ([("file", "/scratch/nowhere", 1)], "missing")


def test_an_order_that_is_not_complete_is_refused(notebook: Notebook) -> None:
    run = notebook.host.lay_out("print(1)", rehearsal={"limitSeconds": 1})
    done = notebook.host.finish(notebook.host.start(run), run)
    assert (done.status, done.end["ename"]) == (2, "SpecError")


def test_a_child_that_is_forked_tells_nothing_twice(both: Notebook) -> None:
    both.write("a.txt")
    run = both.lay_out(
        "import os\n"
        "if os.fork() == 0:\n"
        "    try: open('a.txt')\n"
        "    except OSError: os._exit(7)\n"
        "print(os.waitstatus_to_exitcode(os.wait()[1]))"
    )
    process = both.host.start(run)
    made = Rehearsed(both.host.finish(process, run))
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    assert made.done.text() == "7\n"
    assert made.names == []


def test_what_runs_before_the_cell_counts_too(both: Notebook) -> None:
    both.write("big.txt")
    made = both.rehearse("print(x)", prelude=[{"name": "cell 3", "source": "x = open('big.txt')"}])
    assert made.names == [("file", "big.txt", None)]
    assert made.stopped == "missing"
    assert "did not come to the first line" in made.message
    long = [{"name": "cell 3", "source": "import time; time.sleep(1000)"}]
    made = both.rehearse("print(1)", prelude=long, order={"limitSeconds": 0.3})
    assert made.stopped == "time"
    assert "did not come to the first line in 0.3 s" in made.message
