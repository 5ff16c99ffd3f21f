from __future__ import annotations

import re
import signal
from typing import Any

from .host import Host, wait_for_text

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def traceback_of(done: Any) -> Any:
    return COLOUR.sub("", "\n".join(done.error["traceback"]))


def test_a_traceback_shows_the_cell_and_nothing_of_the_worker(either: Host) -> None:
    done = either.run("def inner():\n    return 1 / 0\n\nprint('before')\ninner()")
    assert (done.error["ename"], done.error["evalue"]) == ("ZeroDivisionError", "division by zero")
    text = traceback_of(done)
    assert "return 1 / 0" in text
    assert "inner()" in text
    assert "line 5" in text
    for word in ("_sluice", "worker", "run_cell", "exec("):
        assert word not in text
    assert done.text() == "before\n"
    assert (done.status, done.end["status"], done.end["exitCode"]) == (1, "error", 1)
    assert (done.end["ename"], done.end["evalue"]) == ("ZeroDivisionError", "division by zero")
    assert done.of("finished")[0]["status"] == "error"


def test_a_traceback_is_coloured_where_a_notebook_colours_it(host: Host) -> None:
    assert COLOUR.search("\n".join(host.run("1 / 0").error["traceback"]))


def test_chained_exceptions_are_all_shown(either: Host) -> None:
    done = either.run(
        "try:\n    {}['a']\nexcept KeyError as fault:\n    raise ValueError('no a') from fault"
    )
    text = traceback_of(done)
    assert text.index("KeyError") < text.index("direct cause") < text.index("ValueError: no a")


def test_a_group_of_exceptions_is_shown(either: Host) -> None:
    done = either.run("raise ExceptionGroup('several', [ValueError('a'), TypeError('b')])")
    assert done.error["ename"] == "ExceptionGroup"
    text = traceback_of(done)
    assert "ValueError: a" in text
    assert "TypeError: b" in text
    assert "_sluice" not in text
    assert done.text("stderr") == ""


def test_a_syntax_error_is_shown_with_its_line(either: Host) -> None:
    done = either.run("x = 1\nfor in x: pass")
    assert done.error["ename"] == "SyntaxError"
    assert "for in x: pass" in traceback_of(done)
    assert "line 2" in traceback_of(done)
    assert done.status == 1


def test_magics_without_ipython_are_explained(plain_host: Host) -> None:
    error = plain_host.run("!ls").error
    assert error["ename"] == "SyntaxError"
    assert "need IPython" in error["evalue"]


def test_an_unknown_magic_is_an_error(host: Host) -> None:
    done = host.run("%nonsense")
    assert done.error["ename"] == "UsageError"
    assert "nonsense" in done.error["evalue"]
    assert done.status == 1


def test_leaving_is_shown_as_in_a_notebook(either: Host) -> None:
    done = either.run("import sys\nprint(1)\nsys.exit(3)\nprint(2)")
    assert (done.error["ename"], done.error["evalue"]) == ("SystemExit", "3")
    assert done.text() == "1\n"
    assert (done.status, done.end["exitCode"]) == (1, 1)


def test_exit_without_brackets(host: Host) -> None:
    assert host.run("exit").error["ename"] == "SystemExit"


def test_an_interrupt_is_the_cells_error(either: Host) -> None:
    done = either.run("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass")
    assert done.error["ename"] == "KeyboardInterrupt"
    assert done.end["status"] == "error"


def test_an_interrupt_while_printing_leaves_whole_lines(either: Host) -> None:
    run = either.lay_out("n = 0\nwhile True:\n    n += 1\n    print(n)")
    process = either.start(run)
    wait_for_text(run, "\\n1000\\n")
    process.send_signal(signal.SIGINT)
    done = either.finish(process, run)
    assert done.error["ename"] == "KeyboardInterrupt"
    numbers = [int(word) for word in done.text().split()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_an_exception_that_cannot_say_what_it_is(either: Host) -> None:
    done = either.run(
        "class Odd(Exception):\n    def __str__(self): raise RuntimeError('no words')\nraise Odd()"
    )
    assert done.of("error")[0]["ename"] == "Odd"
    assert done.status == 1


def test_a_very_long_error_fits_into_an_event(either: Host) -> None:
    done = either.run("raise ValueError('x' * 1_000_000)")
    assert done.error["ename"] == "ValueError"
    assert done.error["evalue"].startswith("xxx")
    sizes = [len(line) for line in (done.attempt / "events.jsonl").read_bytes().splitlines()]
    assert max(sizes) <= 100_000


def test_input_is_refused_with_words(either: Host) -> None:
    for call in ("input('name? ')", "import getpass; getpass.getpass()"):
        error = either.run(call).error
        assert error["ename"] == "StdinNotImplementedError"
        assert "cannot ask anyone" in error["evalue"]


def test_children_that_read_get_nothing(either: Host) -> None:
    done = either.run("import subprocess\nprint(subprocess.run(['cat']).returncode)")
    assert done.text() == "0\n"


def test_a_thread_that_fails_tells_it(either: Host) -> None:
    done = either.run(
        "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start(); t.join();"
    )
    assert "ZeroDivisionError" in done.text("stderr")
    assert done.status == 0
