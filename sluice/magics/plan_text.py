"""A plan for a terminal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from .plan_words import Section, headline, sections, submit_words
from .rehearsal_words import missing_rows, output_text, verdict
from .words import table


def plan_text(plan: dict[str, Any], now: dt.datetime) -> str:
    """Lay the plan out: the sentence first, what may need a person next, the script last."""
    parts = ["\n".join([headline(plan), *submit_words(plan, now)]) + "\n"]
    if plan["rehearsal"] is not None:
        parts.append(_rehearsal(plan["rehearsal"]))
    parts += [_section(section) for section in sections(plan)]
    parts.append(f"Script\n{plan['script']}")
    return "\n".join(parts).rstrip()


def _section(section: Section) -> str:
    more = f"… and {section.more} more\n" if section.more else ""
    return f"{section.title}\n{_indented(table_of(section))}{more}"


def table_of(section: Section) -> str:
    """Give the rows in columns under their heads."""
    return table([head.upper() for head in section.heads], section.rows)


def _rehearsal(rehearsal: dict[str, Any]) -> str:
    message = rehearsal.get("message")
    lines = [f"Rehearsal\n  {verdict(rehearsal)}\n"]
    if message:
        lines.append(_indented(f"{message}\n"))
    rows = missing_rows(rehearsal)
    if rows:
        lines.append(_indented(table(("NEEDED", "NAME", "LINE", "WHAT"), rows)))
    shown = output_text(rehearsal)
    if shown:
        text = shown if shown.endswith("\n") else f"{shown}\n"
        lines.append(f"  What it showed (none of this cell's own outputs):\n{_barred(text)}")
    return "".join(lines)


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


def _barred(text: str) -> str:
    return "".join(f"  | {line}\n" for line in text.splitlines())
