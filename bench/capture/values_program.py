"""A kernel's values, measured from within: each line on stdin is one round of every way."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

import dill
import numpy as np

PACKAGE = Path(__file__).resolve().parents[2] / "sluice"
ELEMENTS = 12_500_000
PEAK_ELEMENTS = 125_000_000


def load_helper() -> None:
    """Load the kernel helper by the name that it has in kernels."""
    carrier = ModuleType("_sluice")
    carrier.__path__ = [str(PACKAGE)]
    sys.modules["_sluice"] = carrier


def main(folder: Path) -> None:
    """Answer each line with the milliseconds of every way, until the end of the lines."""
    load_helper()
    print(json.dumps({"dill": dill.__version__, "numpy": np.__version__}), flush=True)
    random = np.random.default_rng(0)
    for line in sys.stdin:
        answer = peak_of(folder) if line.strip() == "peak" else round_of(folder, random)
        print(json.dumps(answer), flush=True)


def round_of(folder: Path, random: Any) -> dict[str, float]:
    """Measure every way on one new array, in an order of its own."""
    from _sluice.kernel.spool import Spool
    from _sluice.values import encode

    array = random.random(ELEMENTS)
    spool = folder / "spool"
    shutil.rmtree(spool, ignore_errors=True)
    spool.mkdir()

    def ours() -> None:
        Spool(str(spool)).write(encode(array, ["npy", "pickle"]))

    ways: dict[str, Callable[[], Any]] = {
        "encodeMs": lambda: encode(array, ["npy", "pickle"]),
        "dillMs": lambda: dill.dumps(array, recurse=True),
        "sentMs": ours,
        "plainMs": lambda: hash_and_write(array, folder / "plain"),
        "hashMs": lambda: hashlib.sha256(memoryview(array).cast("B")).hexdigest(),
    }
    names = list(ways)
    random.shuffle(names)
    found = {name: milliseconds(ways[name]) for name in names}
    # Only what was sent can be stored already.
    found["storedMs"] = milliseconds(ours)
    return found


def milliseconds(way: Callable[[], Any]) -> float:
    """Return how long a call takes."""
    started = time.perf_counter()
    way()
    return (time.perf_counter() - started) * 1000


def hash_and_write(array: Any, path: Path) -> None:
    """Hash an array and write it as safely as a store must: nothing else."""
    path.unlink(missing_ok=True)
    view = memoryview(array).cast("B")
    hashlib.sha256(view).hexdigest()
    with path.open("wb") as file:
        file.write(view)
        file.flush()
        os.fsync(file.fileno())


def peak_of(folder: Path) -> dict[str, float]:
    """Return by how much capturing a gigabyte raises the peak of a fresh process, in MB."""
    spool = folder / "peak"
    done = subprocess.run(
        [sys.executable, __file__, str(spool), "peak"],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    shutil.rmtree(spool, ignore_errors=True)
    return {"peakMb": float(done.stdout)}


def print_peak(spool: Path) -> None:
    """Capture a gigabyte here; print the growth of the peak."""
    import resource

    load_helper()
    from _sluice.kernel import capture

    spool.mkdir(parents=True)
    nonce = spool / "nonce"
    nonce.write_text("0123456789abcdef\n")
    names: dict[str, Any] = {"__name__": "__main__"}
    settings = {"namespace": names, "spool": str(spool), "nonce_path": str(nonce)}
    names.update(small=np.ones(1_000_000), big=np.ones(PEAK_ELEMENTS))
    # What only the first capture needs is no matter of size.
    capture("small", max_bytes=10**10, **settings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = capture("big", max_bytes=10**10, **settings)
    [value] = answer["values"]
    if value["bytes"] < PEAK_ELEMENTS * 8:
        raise RuntimeError(f"only {value['bytes']} bytes were captured")
    growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(growth * 1024 / 1e6)


if __name__ == "__main__":
    if sys.argv[2:] == ["peak"]:
        print_peak(Path(sys.argv[1]))
    else:
        main(Path(sys.argv[1]))
