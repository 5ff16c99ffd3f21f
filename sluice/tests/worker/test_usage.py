from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

import pytest

from . import conftest  # noqa: F401 - makes the worker's package known


def taken(tmp_path: Path, membership: str, counters: dict[str, str]) -> dict[str, Any]:
    """What a run took where the system shows these groups and counters."""
    assert "_sluice" in sys.modules
    (tmp_path / "membership").write_text(membership)
    for name, text in counters.items():
        path = tmp_path / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    usage = importlib.import_module("_sluice.worker.usage").usage
    result: dict[str, Any] = usage(2.5, {}, tmp_path / "groups", tmp_path / "membership")
    return result


JOB = "system.slice/slurmstepd.scope/job_77"


def test_the_group_of_the_job_knows_all_of_it(tmp_path: Path) -> None:
    found = taken(
        tmp_path,
        f"0::/{JOB}/step_batch/user/task_0\n",
        {
            f"{JOB}/memory.peak": "123456789\n",
            f"{JOB}/cpu.stat": "user_usec 1\nusage_usec 4500000000\n",
            f"{JOB}/step_batch/user/task_0/memory.peak": "1\n",
        },
    )
    assert (found["peakBytes"], found["cpuSeconds"]) == (123456789, pytest.approx(4500))
    assert found["elapsedSeconds"] == 2.5


def test_so_does_the_older_kind(tmp_path: Path) -> None:
    group = "slurm_n1/uid_5/job_77"
    found = taken(
        tmp_path,
        f"9:memory:/{group}/step_batch/task_0\n4:cpu,cpuacct:/{group}/step_batch\n0::/x\n",
        {
            f"memory/{group}/memory.max_usage_in_bytes": "5000\n",
            f"cpu,cpuacct/{group}/cpuacct.usage": "7000000000000\n",
        },
    )
    assert (found["peakBytes"], found["cpuSeconds"]) == (5000, pytest.approx(7000))


def test_what_others_did_in_a_group_is_not_this_run(tmp_path: Path) -> None:
    found = taken(
        tmp_path,
        "0::/user.slice/session-1.scope\n",
        {"user.slice/session-1.scope/memory.peak": "1\n"},
    )
    assert found["peakBytes"] > 1_000_000


def test_what_cannot_be_read_is_told_by_the_process_itself(tmp_path: Path) -> None:
    found = taken(tmp_path, f"0::/{JOB}\n", {f"{JOB}/memory.peak": "max\n"})
    assert found["peakBytes"] > 1_000_000
    assert found["cpuSeconds"] > 0
