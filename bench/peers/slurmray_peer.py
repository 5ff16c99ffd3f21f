"""SlurmRay's local backend, driven by lines: each line on stdin is one call of a small function."""

from __future__ import annotations

import importlib.metadata
import json
import secrets
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    """Be as small a function as a call can have."""
    return 2 * number


def main() -> None:
    """Call the function for each line and wait for its result, until the end of the lines."""
    from slurmray import Cluster

    print(json.dumps({"version": importlib.metadata.version("slurmray")}), flush=True)
    for _ in sys.stdin:
        # Not to be guessed: a result that was left behind by another call is no result.
        number = secrets.randbelow(2**60)
        started = time.perf_counter()
        cluster = Cluster(cluster="local")
        result = cluster(double, args={"number": number})
        seconds = time.perf_counter() - started
        if result != 2 * number:
            raise RuntimeError(f"SlurmRay returned {result!r} instead of {2 * number}")
        # It would give this result to the next call, too.
        Path(cluster.project_path, "result.pkl").unlink()
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
