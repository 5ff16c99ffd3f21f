"""Nothing that comes as a result runs here, fills the memory, or is taken for what it is not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

IN_FULL = os.environ.get("SLUICE_TEST_ALL") == "1"
SEED = 20_240_611
FEW = 80
PACKAGE = Path(__file__).parents[2]

JUDGE = Path(__file__).with_name("judge_results.py")
MOST_GROWN_KB = 1_500_000


def judge(folder: Path, few: int, *more: str) -> list[Any]:
    """Decode the payloads in a process that works in this folder."""
    arguments = [str(PACKAGE), str(folder / "canary"), str(SEED), str(few), *more]
    done = subprocess.run(
        [sys.executable, str(JUDGE), *arguments],
        capture_output=True,
        text=True,
        timeout=400,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    rows: list[Any] = json.loads(done.stdout)
    return rows


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("malicious")
    rows = judge(folder, 0 if IN_FULL else FEW)
    assert list(folder.iterdir()) == []
    return rows


def test_the_traps_hear_a_pickle_that_is_let_through(tmp_path: Path) -> None:
    rows = judge(tmp_path, 0, "trusting")
    heard = [row for row in rows if row["heard"] and row["isCanaryDead"]]
    assert {row["point"] for row in heard} >= {"a format that is not allowed"}


def test_there_are_as_many_as_promised(judged: list[Any]) -> None:
    assert len(judged) >= (300 if IN_FULL else FEW)


def test_nothing_runs_and_nothing_is_written(judged: list[Any]) -> None:
    assert [row for row in judged if has_acted(row)] == []


def test_each_is_refused_with_the_decoders_own_error(judged: list[Any]) -> None:
    allowed = {True: ("refused",), False: ("refused", "value")}
    assert [row for row in judged if row["came"] not in allowed[row["isRefused"]]] == []


def test_none_fills_the_memory(judged: list[Any]) -> None:
    assert [row for row in judged if row["grownKb"] > MOST_GROWN_KB] == []


def has_acted(row: Any) -> bool:
    return bool(row["heard"] or row["isCanaryDead"])


def test_the_trials_are_noted(judged: list[Any]) -> None:
    path = os.environ.get("SLUICE_FAULTS_OUT")
    points = Counter(row["point"] for row in judged)
    with open(path or os.devnull, "a", encoding="utf-8") as file:  # noqa: PTH123
        for point, trials in points.items():
            own = [row for row in judged if row["point"] == point]
            counts = {
                "executed": sum(map(has_acted, own)),
                "refused": sum(row["came"] == "refused" for row in own),
                "harmless": sum(row["came"] == "value" for row in own),
            }
            row = {"suite": "malicious results", "point": point, "trials": trials, "counts": counts}
            file.write(json.dumps(row) + "\n")
    assert sum(points.values()) == len(judged)
