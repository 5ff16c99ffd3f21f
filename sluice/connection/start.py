"""Start the service's process, detached from whoever starts it."""

from __future__ import annotations

import os
import select
import subprocess
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Callable

from .errors import SluiceError
from .health import service_down
from .state import Place, prepare_state

#: The Node program that the wheel brings.
SERVICE_ENTRY = Path(__file__).resolve().parents[1] / "service" / "main.cjs"

# What belongs to the kernel or server that happens to start the service: tokens above all.
_NOT_HANDED_ON = ("JPY_", "JUPYTER", "MPLBACKEND")

Clock = Callable[[], float]


def service_environment(place: Place, environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Make the environment for the service: this one, without what is its starter's alone."""
    kept = {name: text for name, text in environ.items() if not name.startswith(_NOT_HANDED_ON)}
    return {**kept, "SLUICE_STATE": str(place.state), "SLUICE_CONFIG": str(place.config)}


def start_service(place: Place, node: str, timeout_s: float, entry: Path = SERVICE_ENTRY) -> None:
    """Start the service and wait until it says that it listens.

    Returns also when the process left with status 0: then another one holds the state directory.

    Raises
    ------
    SluiceError
        `service-down`, when it ended otherwise or stayed silent (then it is ended).
    """
    prepare_state(place)
    if not entry.exists():
        raise service_down(place, f"{entry} is missing; reinstall jupyterlab-sluice")
    log_begin = _size(place.startup_log_file)
    process = _spawn(place, [node, "--disable-warning=ExperimentalWarning", str(entry), "serve"])
    said = _wait_for_ready(process, time.monotonic() + timeout_s)
    if said == "silent":
        process.kill()
        raise service_down(place, f"it did not start within {timeout_s:.0f} s")
    # Reaped by a thread of its own, or it would stay a zombie of this process when it leaves.
    threading.Thread(target=process.wait, daemon=True, name="sluice-reaper").start()
    if said == "ended":
        _require_clean_end(place, process, log_begin)


def _spawn(place: Place, command: list[str]) -> subprocess.Popen[bytes]:
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    log = os.open(place.startup_log_file, flags, 0o600)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=place.state,
            env=service_environment(place),
            start_new_session=True,
        )
    except OSError as error:
        raise SluiceError.of(
            "node-missing", problem=f"{command[0]} cannot be run: {error}"
        ) from error
    finally:
        os.close(log)


def _wait_for_ready(process: subprocess.Popen[bytes], deadline: float) -> str:
    """Read stdout until the line `ready`, its end, or the deadline: ready, ended or silent."""
    assert process.stdout is not None  # noqa: S101 (we asked for the pipe)
    with process.stdout as stdout:
        said = b""
        while True:
            left = max(0.0, deadline - time.monotonic())
            readable, _, _ = select.select([stdout], [], [], left)
            if not readable:
                return "silent"
            chunk = os.read(stdout.fileno(), 4096)
            said += chunk
            if b"ready\n" in said:
                return "ready"
            if not chunk:
                return "ended"


def _require_clean_end(place: Place, process: subprocess.Popen[bytes], log_begin: int) -> None:
    try:
        status = process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        raise service_down(place, "it closed its output at start and hung") from None
    if status != 0:
        words = _last_line(place.startup_log_file, log_begin)
        raise service_down(place, f"it ended at start with status {status}: {words}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _last_line(path: Path, begin: int) -> str:
    with path.open("rb") as log:
        log.seek(begin)
        text = log.read(65536).decode("utf-8", "replace")
    # Node prints the error's own line in the middle, frames and its version after it.
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    telling = [line for line in lines if "rror" in line and not line.startswith("at ")]
    return (telling or lines or ["it said nothing"])[-1][:300]
