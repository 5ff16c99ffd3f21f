"""submitit, driven by lines: each line on stdin is one job; the answer is its seconds as JSON."""

from __future__ import annotations

import json
import secrets
import sys
import time

import submitit


def double(number: int) -> int:
    """Be as small a function as a job can have."""
    return 2 * number


def main(folder: str) -> None:
    """Submit a job for each line and wait for its result, until the end of the lines."""
    executor = submitit.SlurmExecutor(folder=folder)
    executor.update_parameters(time=5)
    print(json.dumps({"version": submitit.__version__}), flush=True)
    for _ in sys.stdin:
        # Not to be guessed: a result that was left behind by another call is no result.
        number = secrets.randbelow(2**60)
        started = time.perf_counter()
        result = executor.submit(double, number).result()
        seconds = time.perf_counter() - started
        if result != 2 * number:
            raise RuntimeError(f"submitit returned {result!r} instead of {2 * number}")
        print(json.dumps({"seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
