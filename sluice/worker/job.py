"""Which job this process is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Job:
    """The scheduler's id of the job, and how often it started it again."""

    id: str
    attempt: int


def job_of(environment: Mapping[str, str]) -> Job:
    """Read the job from the environment that the job script made."""
    restarts = environment.get("SLURM_RESTART_COUNT", "")
    return Job(
        id=environment.get("SLUICE_JOB_ID") or environment.get("SLURM_JOB_ID") or "",
        attempt=int(restarts) if restarts.isdigit() else 0,
    )
