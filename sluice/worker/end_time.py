"""When the job's time is over, and how early it was told so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

# Slurm looks at its jobs twice a minute, and tells them up to a minute early.
_EARLY_SECONDS = 90.0
# Between the end of the time and the signal that says so: Slurm may wait, clocks may differ.
_LATE_SECONDS = 120.0
_AHEAD_SECONDS = 5.0


@dataclass(frozen=True)
class EndTime:
    """The end of the job's time in seconds since the epoch, as far as it is known.

    `lead` is how long before it the job is told.
    """

    at: float | None
    lead: float | None

    def seconds_left(self, now: float) -> float | None:
        """Return what is left, or the lead where the end is not known.

        Nor is it known where it has passed: then somebody has given the job more time.
        """
        return self.lead if self.at is None or self.at < now else self.at - now

    def is_meant(self, now: float) -> bool:
        """Whether a notice that comes now tells of this end, and of nothing else."""
        if self.at is None:
            return self.lead is not None
        return self.at - now <= (self.lead or 0.0) + _EARLY_SECONDS

    def early_seconds(self, now: float) -> float:
        """Return by how much a notice that comes now is early."""
        if self.at is None or self.lead is None or not self.is_meant(now):
            return 0.0
        return max(0.0, self.at - self.lead - now)

    def is_over(self, now: float) -> bool:
        """Whether a request to leave that comes now is due to this end."""
        if self.at is None:
            return False
        return self.at - _AHEAD_SECONDS <= now <= self.at + _LATE_SECONDS


def end_time_of(environment: Mapping[str, str], lead: float | None) -> EndTime:
    """Read the end from the environment: Slurm's word, else what the job's script reckoned."""
    for name in ("SLURM_JOB_END_TIME", "SLUICE_ENDS_AT"):
        value = environment.get(name, "")
        if value.isdigit() and int(value) > 0:
            return EndTime(float(value), lead)
    return EndTime(None, lead)
