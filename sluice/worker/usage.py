"""What a run took, as far as this machine tells."""

from __future__ import annotations

import os
import re
import resource
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_CGROUPS = Path("/sys/fs/cgroup")
_MEMBERSHIP = Path("/proc/self/cgroup")
_MEBIBYTE = 1 << 20
# `ru_maxrss` is in bytes on this system, and in KiB elsewhere.
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024
_JOB = re.compile(r"^(.*?/job_\d+)(?:/|$)")


def usage(
    elapsed_seconds: float,
    environment: Mapping[str, str],
    cgroups: Path = _CGROUPS,
    membership: Path = _MEMBERSHIP,
) -> dict[str, Any]:
    """Return what this process, those it waited for, and the rest of its job took.

    Parameters
    ----------
    cgroups
        Where the system shows its groups of control.
    membership
        Which of them this process is in.
    """
    group = _job_group(cgroups, membership)
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = sum(one.ru_utime + one.ru_stime for one in (own, children))
    peak = max(own.ru_maxrss, children.ru_maxrss) * _RSS_UNIT
    return {
        "elapsedSeconds": max(0.0, elapsed_seconds),
        # A job's group knows also of those that nobody waited for.
        "cpuSeconds": max(seconds, group.get("cpu", 0.0)),
        "peakBytes": group.get("memory", peak),
        "cpus": _cpus(environment),
        "memoryBytes": _memory(environment),
    }


def _job_group(root: Path, membership: Path) -> dict[str, float]:
    """Read the counters of the job's group of control; nothing where there is none of its own."""
    found: dict[str, float] = {}
    try:
        lines = membership.read_text("utf-8").splitlines()
    except OSError:
        return found
    for line in lines:
        _, kinds, path = line.split(":", maxsplit=2)
        job = _JOB.match(path)
        # Another group, such as that of a login, has done other things too.
        if job is None:
            continue
        if kinds == "":
            folder = root / job[1].lstrip("/")
            _add(found, "memory", folder / "memory.peak", r"^(\d+)", 1)
            _add(found, "cpu", folder / "cpu.stat", r"^usage_usec (\d+)", 1e-6)
        elif "memory" in kinds.split(","):
            folder = root / "memory" / job[1].lstrip("/")
            _add(found, "memory", folder / "memory.max_usage_in_bytes", r"^(\d+)", 1)
        elif "cpuacct" in kinds.split(","):
            folder = root / kinds / job[1].lstrip("/")
            _add(found, "cpu", folder / "cpuacct.usage", r"^(\d+)", 1e-9)
    return found


def _add(found: dict[str, float], name: str, path: Path, pattern: str, unit: float) -> None:
    try:
        value = re.search(pattern, path.read_text("ascii"), re.MULTILINE)
    except (OSError, ValueError):
        # Not every system counts all.
        return
    if value is not None:
        found[name] = int(value[1]) * unit


def _cpus(environment: Mapping[str, str]) -> int | None:
    if hasattr(os, "sched_getaffinity"):
        allowed = len(os.sched_getaffinity(0))
    else:
        allowed = os.cpu_count() or 0
    # Where Slurm binds nobody to processors, all of the machine are allowed.
    for name in ("SLURM_CPUS_ON_NODE", "SLURM_CPUS_PER_TASK"):
        value = environment.get(name, "")
        if value.isdigit() and int(value) > 0:
            return int(value)
    return allowed or None


def _memory(environment: Mapping[str, str]) -> int | None:
    node = environment.get("SLURM_MEM_PER_NODE", "")
    if node.isdigit() and int(node) > 0:
        return int(node) * _MEBIBYTE
    each, cpus = environment.get("SLURM_MEM_PER_CPU", ""), _cpus(environment)
    if each.isdigit() and int(each) > 0 and cpus is not None:
        return int(each) * cpus * _MEBIBYTE
    return None
