from __future__ import annotations

import sys
from typing import Any

import pytest

from . import conftest  # noqa: F401 - makes the worker's package known


def end_time(environment: dict[str, str], lead: float | None) -> Any:
    import importlib

    assert "_sluice" in sys.modules
    return importlib.import_module("_sluice.worker.end_time").end_time_of(environment, lead)


def test_slurm_knows_better_than_the_script() -> None:
    both = {"SLURM_JOB_END_TIME": "500", "SLUICE_ENDS_AT": "400"}
    assert end_time(both, None).at == 500
    assert end_time({"SLURM_JOB_END_TIME": "0", "SLUICE_ENDS_AT": "400"}, None).at == 400
    assert end_time({"SLUICE_ENDS_AT": "soon"}, None).at is None


@pytest.mark.parametrize(
    ("now", "left", "is_meant", "early", "is_over"),
    [
        (0, 1000, False, 0, False),
        (860, 140, True, 80, False),
        (940, 60, True, 0, False),
        (996, 4, True, 0, True),
        # Somebody has given it more time.
        (1200, 60, True, 0, False),
    ],
)
def test_a_known_end(now: float, left: float, is_meant: bool, early: float, is_over: bool) -> None:
    end = end_time({"SLUICE_ENDS_AT": "1000"}, 60.0)
    assert end.seconds_left(now) == left
    assert end.is_meant(now) is is_meant
    assert end.early_seconds(now) == early
    assert end.is_over(now) is is_over


def test_an_unknown_end() -> None:
    end = end_time({}, 60.0)
    assert (end.seconds_left(5), end.is_meant(5)) == (60.0, True)
    assert (end.early_seconds(5), end.is_over(5)) == (0.0, False)
    assert end_time({}, None).is_meant(5) is False
