from __future__ import annotations

from typing import Any

import pytest

from .host import Host, seal


def run_script(host: Any, source: Any, *arguments: Any) -> Any:
    return host.run(source, kind="script", arguments=list(arguments), outputs=[])


def test_a_script_runs_as_the_main_program(plain_host: Host) -> None:
    done = run_script(
        plain_host,
        "import sys, pathlib\n"
        "if __name__ == '__main__':\n    print(sys.argv[1:], pathlib.Path(__file__).parent.name)\n"
        "1 + 1\nx = 5",
        "--fast",
        "a b",
    )
    assert done.text() == "['--fast', 'a b'] notes\n"
    assert (done.status, done.end["exitCode"]) == (0, 0)
    assert done.of("execute_result") == done.of("variable") == done.of("file") == []


@pytest.mark.parametrize(
    ("leave", "code", "status"),
    [("0", 0, "ok"), ("", 0, "ok"), ("7", 7, "error"), ("'no luck'", 1, "error")],
)
def test_the_exit_code_is_kept(leave: Any, code: Any, status: Any, plain_host: Host) -> None:
    done = run_script(plain_host, f"import sys\nsys.exit({leave})")
    assert (done.end["exitCode"], done.end["status"]) == (code, status)
    assert done.status == (0 if code == 0 else 1)
    assert done.of("error") == []
    assert done.text("stderr") == ("no luck\n" if "luck" in leave else "")


def test_an_exception_of_a_script_has_its_traceback(plain_host: Host) -> None:
    done = run_script(plain_host, "def f():\n    1 / 0\nf()")
    assert done.error["ename"] == "ZeroDivisionError"
    text = "\n".join(done.error["traceback"])
    assert "script.py" in text
    assert "1 / 0" in text
    assert "_sluice" not in text


def test_a_script_waits_for_its_threads(plain_host: Host) -> None:
    done = run_script(
        plain_host,
        "import threading\nended = threading.Event()\n"
        "def work():\n    ended.wait(10)\n    print('late')\n"
        "threading.Thread(target=work).start()\nended.set()",
    )
    assert done.text() == "late\n"


def test_a_script_takes_a_free_name(plain_host: Host, tmp_path: Any) -> None:
    files = tmp_path / "snapshot" / "files"
    files.mkdir(parents=True)
    (files / "script.py").write_text("n = 4")
    done = plain_host.run(
        "import script\nprint(script.n)",
        kind="script",
        outputs=[],
        snapshot=str(seal(files.parent)),
        files=[{"from": "files/script.py", "to": "notes/script.py", "mode": 420}],
    )
    assert done.text() == "4\n"
