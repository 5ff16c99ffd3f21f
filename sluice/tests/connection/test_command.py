from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sluice import command


def test_arguments_and_exit_status_pass_through(tmp_path: Path) -> None:
    entry = tmp_path / "main.cjs"
    entry.write_text("console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;")
    code = (
        "import sys; from pathlib import Path; from sluice import command;"
        f"command.SERVICE_ENTRY = Path({str(entry)!r});"
        "sys.argv = ['sluice', 'list', '--json', 'a b']; sys.exit(command.main())"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 7
    assert ran.stdout == '["list","--json","a b"]\n'


def test_the_program_hears_of_this_python(tmp_path: Path) -> None:
    entry = tmp_path / "main.cjs"
    entry.write_text("console.log(process.env.SLUICE_HERE_PYTHON);")
    code = (
        "import sys; from pathlib import Path; from sluice import command;"
        f"command.SERVICE_ENTRY = Path({str(entry)!r}); sys.exit(command.main())"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stdout == f"{sys.executable}\n"


def test_without_node_the_words_go_to_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("SLUICE_NODE", str(tmp_path / "none"))
    assert command.main() == 1
    assert "needs Node.js 22.14" in capsys.readouterr().err


def test_an_unbuilt_checkout_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(command, "SERVICE_ENTRY", tmp_path / "main.cjs")
    assert command.main() == 1
    assert "is missing" in capsys.readouterr().err
