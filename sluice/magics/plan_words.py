"""What a plan says, in words and rows, whatever shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .words import size_words

#: Shows fewer rows than there may be; the JSON has them all.
MOST_ROWS = 50

_AT_ONCE = "at once"


@dataclass(frozen=True)
class Section:
    """One list of a plan.

    Attributes
    ----------
    title : str
        With the number of its rows.
    heads : sequence of str
        Of its columns.
    rows : sequence
        At most `MOST_ROWS`.
    more : int
        Rows that are not shown.
    is_urgent : bool
        Something a person may have to act on.
    """

    title: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, ...]]
    more: int
    is_urgent: bool = False


def headline(plan: dict[str, Any]) -> str:
    """Tell the plan in one sentence."""
    counted = [
        _count(len(plan["modules"]), "module"),
        _count(len(plan["files"]), "file"),
        _count(len(plan["variables"]), "variable"),
    ]
    parts = [words for words in counted if words is not None]
    if not parts:
        return f"Only the cell itself would travel to {plan['target']}; nothing was sent."
    size = size_words(plan["transfer"]["bytes"])
    if any(variable["format"] == "unknown" for variable in plan["variables"]):
        size += " and what only a kernel holds"
    what = ", ".join([*parts, size])
    return f"{what} would travel to {plan['target']}; nothing was sent."


def asked_words(resources: dict[str, Any]) -> str:
    """Tell what a job asks for; empty where it asks for nothing."""
    shown = {k: " ".join(v) if isinstance(v, list) else v for k, v in resources.items()}
    return ", ".join(f"{name} {value}" for name, value in shown.items())


def submit_words(plan: dict[str, Any], now: dt.datetime) -> list[str]:
    """Tell what the scheduler says: whether it takes the job, when, and when a smaller one."""
    submit = plan["submit"]
    if submit is None:
        return []
    asked = asked_words(plan["resources"])
    start = submit["estimatedStart"]
    verdict = "would be taken" if submit["accepted"] else "would be REFUSED"
    words = f"The job ({asked}) {verdict}" if asked else f"The job {verdict}"
    if submit["accepted"] and start:
        when = start_words(start, now)
        words += f", start {when}" if when == _AT_ONCE else f", start about {when}"
    lines = [f"{words}: {submit['message']}" if submit["message"] else f"{words}."]
    smaller = submit.get("smaller")
    if smaller and smaller["estimatedStart"]:
        less = {k: v for k, v in smaller["resources"].items() if v != plan["resources"].get(k)}
        as_asked = start_words(start, now) if start else "no date"
        sooner = start_words(smaller["estimatedStart"], now)
        lines.append(f"Sooner with less: {asked_words(less)}: {sooner}; as asked: {as_asked}.")
    return lines


def start_words(iso: str, now: dt.datetime) -> str:
    """Tell an instant as a clock shows it here: today's time, or the day with it."""
    try:
        start = dt.datetime.fromisoformat(iso.replace("Z", "+00:00")).astimezone(now.tzinfo)
    except ValueError:
        return iso
    if start - now < dt.timedelta(minutes=1):
        return _AT_ONCE
    days = (start.date() - now.date()).days
    clock = f"{start:%H:%M}"
    if days == 0:
        return clock
    return f"tomorrow {clock}" if days == 1 else f"{start:%a %Y-%m-%d} {clock}"


def sections(plan: dict[str, Any]) -> list[Section]:
    """Give the lists that are not empty, what may need a person first."""
    left_out = [(item["kind"], item["name"], item["reason"]) for item in plan["leftOut"]]
    notes = [(item["kind"], item["name"], item["text"]) for item in plan.get("notes", [])]
    variables = [(v["name"], v["type"], _size(v), v["format"], v["why"]) for v in plan["variables"]]
    modules = [(m["module"], m["path"], _size(m), m["why"]) for m in plan["modules"]]
    files = [(file["path"], _size(file), file["why"]) for file in plan["files"]]
    packages = [(p["name"], p["version"], p["why"]) for p in plan["packages"]]
    all_of_them = [
        _section("Left out", ("Kind", "Name", "Why"), left_out, is_urgent=True),
        _section("Worth a look", ("Kind", "Name", "What"), notes, is_urgent=True),
        _section("Modules", ("Module", "File", "Size", "Why"), modules),
        _section("Files", ("File", "Size", "Why"), files),
        _section("Variables", ("Name", "Type", "Size", "Travels as", "Why"), variables),
        _section("Packages, which must be there", ("Package", "Version", "Why"), packages),
    ]
    return [section for section in all_of_them if section.rows]


def _section(
    title: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]], *, is_urgent: bool = False
) -> Section:
    more = max(0, len(rows) - MOST_ROWS)
    return Section(f"{title} ({len(rows)})", heads, rows[:MOST_ROWS], more, is_urgent)


def _size(item: dict[str, Any]) -> str:
    return "not known" if item.get("format") == "unknown" else size_words(item["bytes"])


def _count(number: int, noun: str) -> str | None:
    return None if number == 0 else f"{number} {noun}" + ("" if number == 1 else "s")
