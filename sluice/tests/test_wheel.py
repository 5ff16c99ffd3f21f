from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BUILT = ["labextension/package.json", "service/main.cjs", "cloudpickle/cloudpickle.py"]
DEADLINE_SECONDS = 300


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


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from what is already built."""
    missing = [path for path in BUILT if not (CHECKOUT / "sluice" / path).exists()]
    assert not missing, f"npm run build comes first: {missing}"
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", folder, cwd=CHECKOUT)
    [built] = folder.glob("*.whl")
    return built


def clean_environment(wheel: Path, folder: Path) -> dict[str, str]:
    """Install the wheel into a new environment and return the variables to use it with."""
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=CHECKOUT)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    run(*pip, "install", "-q", wheel, "jupyterlab>=4.6,<5", cwd=folder)
    kept = {key: os.environ[key] for key in ("LANG", "TMPDIR") if key in os.environ}
    # A home of its own: extensions of the person who runs this must not be seen.
    return {**kept, "HOME": str(folder), "PATH": f"{folder / 'bin'}:/usr/bin:/bin"}


def test_a_clean_environment_gets_everything_from_the_wheel(wheel: Path, tmp_path: Path) -> None:
    assert wheel.name.endswith("-py3-none-any.whl")
    env = clean_environment(wheel, tmp_path)
    programs = tmp_path / "bin"

    labextensions = run(programs / "jupyter", "labextension", "list", cwd=tmp_path, env=env)
    servers = run(programs / "jupyter", "server", "extension", "list", cwd=tmp_path, env=env)
    help_text = run(programs / "sluice", "help", cwd=tmp_path, env=env)
    magic = run(
        programs / "python",
        "-c",
        "from IPython.testing.globalipapp import start_ipython;"
        "shell = start_ipython();"
        "shell.run_line_magic('load_ext', 'sluice');"
        "print('slurm' in shell.magics_manager.magics['cell'])",
        cwd=tmp_path,
        env=env,
    )

    [ours] = [line for line in labextensions.splitlines() if "jupyterlab-sluice" in line]
    assert "enabled" in ours
    assert "OK" in ours
    assert "X" not in ours.replace("OK", "")
    assert "sluice enabled" in " ".join(servers.split())
    assert "sluice" in servers.split("Validating")[-1]
    assert "OK" in servers.split("Validating sluice")[-1].splitlines()[0]
    assert "targets" in help_text
    assert magic.splitlines()[-1] == "True"
