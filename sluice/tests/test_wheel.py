from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BUILT = [
    "labextension/package.json",
    "service/main.cjs",
    "service/errors.json",
    "cloudpickle/cloudpickle.py",
]
DEADLINE_SECONDS = 300
RUN_A_CELL = """
from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()
shell.run_line_magic("load_ext", "sluice")
result = shell.run_cell("%%slurm here\\nprint('from the job:', 6 * 7)")
raise SystemExit(0 if result.success else 1)
"""


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    """Run a command to its end; a failure shows everything that it printed."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=DEADLINE_SECONDS,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    """Build the wheel from what is already built."""
    missing = [path for path in BUILT if not (CHECKOUT / "sluice" / path).exists()]
    assert not missing, f"npm run build comes first: {missing}"
    folder = tmp_path / "wheel"
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, cwd=CHECKOUT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture
def clean(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Return the variables for an environment with a home and a service of its own."""
    kept = {key: os.environ[key] for key in ("LANG", "TMPDIR") if key in os.environ}
    yield {
        **kept,
        "HOME": str(tmp_path),
        "PATH": f"{tmp_path / 'env' / 'bin'}:/usr/bin:/bin",
        "SLUICE_STATE": str(tmp_path / "state"),
    }
    endpoint = tmp_path / "state" / "endpoint.json"
    if endpoint.exists():
        with contextlib.suppress(ProcessLookupError):
            os.kill(json.loads(endpoint.read_text())["pid"], signal.SIGTERM)


def install(wheel: Path, folder: Path) -> None:
    """Install the wheel beside JupyterLab into a new environment."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=CHECKOUT)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    run(*pip, "install", "-q", wheel, "jupyterlab>=4.6,<5", cwd=folder)


def test_a_clean_environment_gets_everything_from_the_wheel(
    wheel: Path, clean: dict[str, str], tmp_path: Path
) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    install(wheel, tmp_path / "env")
    programs = tmp_path / "env" / "bin"

    labextensions = run(programs / "jupyter", "labextension", "list", cwd=tmp_path, env=clean)
    [ours] = [line for line in labextensions.splitlines() if "jupyterlab-sluice" in line]
    assert "enabled" in ours
    assert "OK" in ours

    servers = run(programs / "jupyter", "server", "extension", "list", cwd=tmp_path, env=clean)
    assert "enabled" in next(line for line in servers.splitlines() if "sluice" in line)
    assert "OK" in servers.split("Validating sluice")[1].split("Validating")[0]

    assert "serve" in run(programs / "sluice", "help", cwd=tmp_path, env=clean)

    cell = run(programs / "python", "-c", RUN_A_CELL, cwd=tmp_path, env=clean)
    assert "from the job: 42" in cell
