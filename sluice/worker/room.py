"""How much there is left for values that stay here whole: on the disk, and in memory."""

from __future__ import annotations

import os
from pathlib import Path

#: A file system is never filled further than to these.
_LEAST_FREE_SHARE = 0.1
_LEAST_FREE_BYTES = 10**9
_CGROUPS = Path("/sys/fs/cgroup")


def disk_room(folder: Path) -> int:
    """Return how many bytes may be written where this folder lies; 0: none.

    Raises
    ------
    OSError
        The file system does not tell.
    """
    found = os.statvfs(folder)
    least = max(found.f_blocks * found.f_frsize * _LEAST_FREE_SHARE, _LEAST_FREE_BYTES)
    return max(0, int(found.f_bavail * found.f_frsize - least))


def memory_room() -> int:
    """Return how many bytes a copy of a value may take: half of what this job has left.

    The cell has come to its end by then: it must not be ended for the sake of what it leaves.
    """
    rooms = [room for room in (_machine_room(), *_group_rooms()) if room is not None]
    return min(rooms) // 2 if rooms else 0


def _machine_room() -> int | None:
    for line in _lines(Path("/proc/meminfo")):
        name, _, rest = line.partition(":")
        if name == "MemAvailable":
            return int(rest.split()[0]) * 1024
    return None


def _group_rooms() -> list[int]:
    rooms = []
    for line in _lines(Path("/proc/self/cgroup")):
        _, kinds, place = line.split(":", 2)
        if kinds == "":
            files = ("memory.max", "anon")
            root = _CGROUPS
        elif "memory" in kinds.split(","):
            files = ("memory.limit_in_bytes", "total_rss")
            root = _CGROUPS / "memory"
        else:
            continue
        folder = root / place.strip("/")
        # Each of the groups above has a limit of its own.
        for group in (folder, *folder.parents):
            if root in (group, *group.parents):
                rooms += _room_of(group, *files)
    return rooms


def _room_of(group: Path, limit_file: str, used_name: str) -> list[int]:
    limit = "".join(_lines(group / limit_file))
    if not limit.isdecimal():
        return []
    for line in _lines(group / "memory.stat"):
        name, _, count = line.partition(" ")
        if name == used_name:
            return [max(0, int(limit) - int(count))]
    return []


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        # Of another system, or hidden from the job: the others tell.
        return []
