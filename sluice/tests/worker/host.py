"""A host as the service lays it out, and tasks that run there in processes of their own."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .lines import checked_lines

PACKAGE = Path(__file__).parents[2]
DEADLINE_SECONDS = 60.0
CARRIED = ("worker", "values", "cloudpickle")
TYPED = ["json", "npy", "arrow", "frame"]


def ship_worker(root: Path) -> Path:
    """Lay out the worker as it is sent to hosts."""
    folder = root / "worker" / "v1"
    (folder / "_sluice").mkdir(parents=True)
    shutil.copyfile(PACKAGE / "worker" / "launch.py", folder / "__main__.py")
    (folder / "_sluice" / "__init__.py").touch()
    for name in CARRIED:
        shutil.copytree(
            PACKAGE / name,
            folder / "_sluice" / name,
            ignore=shutil.ignore_patterns("__pycache__"),
        )
    return folder


def seal(folder: Path) -> Path:
    """Write a snapshot's manifest, and give the snapshot its name."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            entry = [path.relative_to(folder).as_posix(), sha256, len(data), False]
            lines.append(json.dumps(entry, separators=(",", ":")) + "\n")
    text = "".join(lines).encode("ascii")
    (folder / "manifest.json").write_bytes(text)
    sealed = folder.with_name(hashlib.sha256(text).hexdigest())
    if sealed.exists():
        shutil.rmtree(sealed)
    return folder.rename(sealed)


@dataclass
class Done:
    """What a task left."""

    status: int
    attempt: Path
    stderr: str
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def end(self) -> dict[str, Any]:
        record: dict[str, Any] = json.loads((self.attempt / "end.json").read_text())
        return record

    def of(self, type: str) -> list[dict[str, Any]]:
        return [line["data"] for line in self.lines if line["type"] == type]

    def files(self) -> list[tuple[str, int, bool]]:
        """Path, size and whether it is new, of each file that was told."""
        return [(file["path"], file["bytes"], file["isNew"]) for file in self.of("file")]

    def text(self, name: str = "stdout") -> str:
        return "".join(data["text"] for data in self.of("stream") if data["name"] == name)

    @property
    def error(self) -> dict[str, Any]:
        [error] = self.of("error")
        return error

    @property
    def variables(self) -> dict[str, dict[str, Any]]:
        return {data["name"]: data for data in self.of("variable")}

    @property
    def home(self) -> set[str]:
        """The names that come home."""
        return {name for name, data in self.variables.items() if data["reason"] is None}

    def blobs(self, name: str) -> dict[str, bytearray]:
        """The checked files of a variable that comes home."""
        blobs = {}
        for file in self.variables[name]["files"]:
            data = (self.attempt / "results" / file["path"]).read_bytes()
            assert len(data) == file["bytes"]
            assert hashlib.sha256(data).hexdigest() == file["sha256"]
            blobs[file["role"]] = bytearray(data)
        return blobs


class Host:
    """Runs tasks below a root."""

    def __init__(self, root: Path, worker: Path, python: str = sys.executable) -> None:
        self.root = root
        self.worker = worker
        self.python = python
        self.home = root / "home"
        self.home.mkdir(parents=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "SLUICE_JOB_ID": "4711",
            "MPLCONFIGDIR": str(root / "matplotlib"),
        }

    def lay_out(self, source: str, **parts: Any) -> Path:
        """Write the specification of a new task."""
        run = self.root / "runs" / f"t{len(list((self.root).glob('runs/*')))}"
        run.mkdir(parents=True)
        spec = {
            "version": 1,
            "task": run.name,
            "kind": "cell",
            "source": source,
            "arguments": [],
            "cwd": "notes",
            "root": str(self.root),
            "snapshot": None,
            "modulePaths": [],
            "files": [],
            "values": [],
            "imports": [],
            "outputs": None,
            "accepts": TYPED,
            "trust": "outputs",
            "limits": {"homeBytes": 1_000_000, "eventBytes": 100_000},
            "paths": {},
            "target": "testbed",
            "resources": {"cpus": 2},
            **parts,
        }
        (run / "spec.json").write_text(json.dumps(spec))
        return run

    def start(self, run: Path, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.python, "-u", str(self.worker), str(run)],
            env={**self.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def finish(self, process: subprocess.Popen[str], run: Path, attempt: int = 0) -> Done:
        try:
            stdout, stderr = process.communicate(timeout=DEADLINE_SECONDS)
        finally:
            # A session of its own: what the task started goes with it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        assert stdout == ""
        folder = run / "attempts" / str(attempt)
        done = Done(process.returncode, folder, stderr)
        if (folder / "events.jsonl").exists():
            done.lines = checked_lines(folder / "events.jsonl")
        return done

    def run(self, source: str, **parts: Any) -> Done:
        """Run a task to its end."""
        run = self.lay_out(source, **parts)
        return self.finish(self.start(run), run)

    def send(self, name: str, encoded: Any, type: str = "object") -> dict[str, Any]:
        """Put a value's blobs in their place; return the value as a capture names it."""
        folder = self.root / "blobs"
        folder.mkdir(exist_ok=True)
        blobs = []
        for blob in encoded.blobs:
            data = blob.joined()
            sha256 = hashlib.sha256(data).hexdigest()
            (folder / sha256).write_bytes(data)
            blobs.append({"role": blob.role, "sha256": sha256, "bytes": len(data)})
        return {
            "name": name,
            "type": type,
            "bytes": encoded.size,
            "format": encoded.format,
            "blobs": blobs,
            "why": "read by the cell",
        }


def wait_for_text(run: Path, text: str, attempt: int = 0) -> None:
    """Wait until a running task has shown a text."""
    path = run / "attempts" / str(attempt) / "events.jsonl"
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text():
            return
        time.sleep(0.01)
    raise AssertionError(f"{text!r} was not shown")
