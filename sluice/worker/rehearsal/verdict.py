"""What a rehearsal says in the end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .cell_lines import Where
from .findings import Finding
from .order import Order


@dataclass(frozen=True)
class Course:
    """How it went: `stopped` as the wire says it, `where` it was last, of `total_lines`."""

    seconds: float
    stopped: str | None
    where: Where
    total_lines: int
    what: str
    """The exception or the missing thing in words; empty where there is none."""
    dropped: int
    fault: Exception | None
    has_begun: bool


def verdict_of(order: Order, course: Course, findings: list[Finding]) -> dict[str, Any]:
    """Return the data of the event `rehearsal`."""
    is_sure = course.fault is None and course.dropped == 0
    return {
        "ok": course.stopped is None and not findings and is_sure,
        "seconds": round(course.seconds, 3),
        "uncaptured": [finding.as_json() for finding in findings],
        "stopped": course.stopped,
        "message": " ".join(_sentences(order, course, findings)),
    }


def _sentences(order: Order, course: Course, findings: list[Finding]) -> list[str]:
    said = [_course(order, course)]
    if course.stopped is None and findings:
        said.append(f"It needed {_things(len(findings))} that {_do(len(findings))} not travel.")
    elif course.stopped == "time" and not findings:
        said.append("Nothing was missing so far.")
    elif course.stopped in ("time", "gpu", "cluster-path", "exception", "canceled") and findings:
        said.append(f"So far {_things(len(findings))} {_do(len(findings))} not travel.")
    if course.dropped:
        said.append(f"{course.dropped} more were not noted.")
    if course.fault is not None:
        kind = type(course.fault).__name__
        said.append(f"The list may have gaps: looking on failed with {kind}: {course.fault}.")
    if order.offer is not None and course.stopped in ("time", "gpu", "cluster-path"):
        said.append(order.offer)
    return said


def _course(order: Order, course: Course) -> str:
    seconds = f"{course.seconds:.1f} s" if course.seconds >= 0.05 else "less than 0.1 s"
    line, what = _reached(course), course.what
    here = "this machine" if order.is_here else "this node"
    if course.stopped is None:
        end = ", and needed nothing that does not travel." if _is_clean(course) else "."
        return f"It ran to its end in {seconds}{end}"
    if course.stopped == "time":
        limit = f"{order.limit_seconds:g} s"
        return f"It {line} in {limit}, which is all that a rehearsal takes."
    if course.stopped == "missing":
        return f"It {line} and stopped there: {what}."
    if course.stopped == "cluster-path":
        return (
            f"It {line} and stopped there: {what} is not on {here}; where {order.target} has it, "
            "that is no fault."
        )
    if course.stopped == "gpu":
        return f"It {line}, which asks for a GPU, and {here} has none that it can use: {what}."
    if course.stopped == "canceled":
        return f"It {line} and was canceled there."
    return f"It {line} and stopped there: {what}."


def _is_clean(course: Course) -> bool:
    return course.fault is None and course.dropped == 0 and course.what == ""


def _reached(course: Course) -> str:
    line = course.where.line
    if line is None:
        return "began" if course.has_begun else "did not come to the first line"
    through = "" if course.where.through is None else f" ({course.where.through})"
    return f"came to line {line} of {course.total_lines}{through}"


def _things(count: int) -> str:
    return "one thing" if count == 1 else f"{count} things"


def _do(count: int) -> str:
    return "does" if count == 1 else "do"
