"""Words for how a task stands and what it took, as the page has them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from .words import duration_words, size_words


def usage_words(usage: dict[str, Any] | None) -> str:
    """Tell what a run took: `ran 0:12:00, 1.2 GB of 4.0 GB memory, 38 % CPU`; may be empty."""
    if not usage:
        return ""
    elapsed, peak, asked = usage["elapsedSeconds"], usage["peakBytes"], usage["memoryBytes"]
    parts = [] if elapsed is None else [f"ran {duration_words(elapsed)}"]
    if peak is not None:
        of = "" if asked is None else f" of {size_words(asked)}"
        parts.append(f"{size_words(peak)}{of} memory")
    cpu_seconds, cpus = usage["cpuSeconds"], usage["cpus"]
    if elapsed and cpu_seconds is not None and cpus is not None:
        parts.append(f"{round(100 * min(1, cpu_seconds / (elapsed * cpus)))} % CPU")
    return ", ".join(parts)


def end_lines(task: dict[str, Any]) -> list[str]:
    """Tell what a person should know of an ended task beside its outputs; often nothing."""
    lines = [_attempt_words(former) for former in task.get("formerAttempts", [])]
    if task.get("isPartial"):
        lines.append("partial results are here: what the job had when its time was over")
    if task.get("hasUnverified"):
        lines.append("some outputs bear no valid seal of the job and are not trusted")
    # Of what the cell itself raised, it says enough.
    is_own = task["phase"] == "completed" or (task["reason"] or {}).get("code") == "exception"
    used = "" if is_own else usage_words(task.get("usage"))
    return lines + ([used] if used else [])


def doubt_words(task: dict[str, Any]) -> str:
    """Tell what a person may decide about a task of which nobody knows what became; else empty."""
    choices = task.get("choices")
    if not choices:
        return ""
    message = (task["reason"] or {}).get("message") or "what became of it is not known"
    ways = "|".join(choices)
    decide = f"or decide in a terminal: `sluice resolve {task['id']} {ways}`"
    return f"unknown: {message} It is looked for again and again; wait, {decide}"


def start_words(task: dict[str, Any]) -> str:
    """Tell when the scheduler expects a queued task to start, in local time; else empty."""
    told = task.get("estimatedStart")
    if not told or task["phase"] != "queued":
        return ""
    try:
        # Python 3.9 and 3.10 do not know the letter.
        start = datetime.fromisoformat(told.replace("Z", "+00:00")).astimezone()
    except ValueError:
        return ""
    is_today = start.date() == datetime.now(start.tzinfo).date()
    return f"starts at about {start:%H:%M}" if is_today else f"starts at about {start:%d %b %H:%M}"


def _attempt_words(former: dict[str, Any]) -> str:
    place = f" on {former['node']}" if former["node"] else ""
    began, ended = former["startedAt"], former["endedAt"]
    time = "" if began is None else f", {duration_words((ended - began) / 1000)}"
    reason = f": {former['reason']['message']}" if former["reason"] else ""
    # People count from one.
    return f"attempt {former['attempt'] + 1}{place}{time}{reason}"
