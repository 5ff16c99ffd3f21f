from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

RUN_DEMO = Path(__file__).resolve().parents[1] / "run_demo.py"


def run_demo(folder: Path, *sources: str) -> tuple[int, str]:
    """Run a notebook of these cells as the demo does; return the exit status and the output."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "notebook.ipynb")
    executed = folder / "out" / "copy.ipynb"
    command = [sys.executable, str(RUN_DEMO), str(folder / "notebook.ipynb"), str(executed)]
    done = subprocess.run(
        command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120
    )
    return done.returncode, done.stdout


def test_right_results_exit_0_and_leave_the_executed_copy(tmp_path: Path) -> None:
    (tmp_path / "beside.txt").write_text("read in its own folder")
    sources = ["print(open('beside.txt').read())\n6 * 7", "print('first run: ok')"]

    status, output = run_demo(tmp_path, *sources)

    assert status == 0, output
    assert "[0] print(open('beside.txt').read()) ..." in output
    assert "read in its own folder\n42\n" in output
    copy = nbformat.read(tmp_path / "out" / "copy.ipynb", as_version=4)
    assert copy.cells[1].outputs[0].text == "first run: ok\n"


@pytest.mark.parametrize(
    ("last", "words"),
    [
        ("1 / 0", "a cell failed: ZeroDivisionError: division by zero"),
        ("print('something else')", "the last cell did not print 'first run: ok'"),
        ("print('not first run: ok')", "the last cell did not print 'first run: ok'"),
    ],
)
def test_anything_else_exits_1_and_says_why(tmp_path: Path, last: str, words: str) -> None:
    status, output = run_demo(tmp_path, "x = 1", last)

    assert status == 1
    assert words in output.splitlines()[-1]
    assert (tmp_path / "out" / "copy.ipynb").exists()
