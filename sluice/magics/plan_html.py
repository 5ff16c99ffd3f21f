"""A plan as HTML that reads well in light and dark, in front ends old and new."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from .plan_words import Section, headline, sections, submit_words
from .rehearsal_words import missing_rows, output_text, verdict

# Colors that keep their contrast on white and on near-black; all else is the page's own.
_LINE = "rgba(128,128,128,0.35)"
_URGENT = "#c77700"
_GOOD = "#2e8b57"
_CELL = "text-align:left;vertical-align:top;padding:2px 14px 2px 0;white-space:normal"
_HEAD = f"{_CELL};font-weight:600;border-bottom:1px solid {_LINE}"
_NAME = "overflow-wrap:anywhere"
_PRE = (
    "margin:4px 0;padding:6px 8px;white-space:pre-wrap;overflow-wrap:anywhere;"
    f"border:1px solid {_LINE};border-radius:3px"
)
_PICTURE = re.compile(r"[A-Za-z0-9+/=\s]+")

#: A list that is longer is folded.
_MOST_OPEN = 15


def plan_html(plan: dict[str, Any], now: dt.datetime) -> str:
    """Lay the plan out: the sentence first, what may need a person next, the script folded."""
    parts = [f'<p style="margin:2px 0"><strong>{escape(headline(plan))}</strong></p>']
    parts += [f'<p style="margin:2px 0">{escape(line)}</p>' for line in submit_words(plan, now)]
    if plan["rehearsal"] is not None:
        parts.append(_rehearsal(plan["rehearsal"]))
    parts += [_section(section) for section in sections(plan)]
    parts.append(_fold("Script", f'<pre style="{_PRE}">{escape(plan["script"])}</pre>'))
    return f'<div class="sluice-plan" style="max-width:70em">{"".join(parts)}</div>'


def _section(section: Section) -> str:
    body = _table(section.heads, section.rows)
    if section.more:
        body += f'<p style="margin:2px 0">… and {section.more} more</p>'
    is_open = section.is_urgent or len(section.rows) <= _MOST_OPEN
    return _fold(section.title, body, is_open=is_open, is_urgent=section.is_urgent)


def _fold(title: str, body: str, *, is_open: bool = False, is_urgent: bool = False) -> str:
    bar = f";border-left:3px solid {_URGENT};padding-left:8px" if is_urgent else ""
    return (
        f'<details{" open" if is_open else ""} style="margin:6px 0{bar}">'
        f'<summary style="cursor:pointer;font-weight:600">{escape(title)}</summary>{body}</details>'
    )


def _table(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col" style="{_HEAD}">{escape(text)}</th>' for text in heads)
    return (
        '<table style="margin:2px 0;border-collapse:collapse">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, rows))}</tbody></table>"
    )


def _row(row: tuple[str, ...]) -> str:
    cells = "".join(f'<td style="{_CELL};{_NAME}">{escape(text)}</td>' for text in row)
    return f"<tr>{cells}</tr>"


def _rehearsal(rehearsal: dict[str, Any]) -> str:
    color = _GOOD if rehearsal["ok"] else _URGENT
    parts = [f'<p style="margin:2px 0">{escape(verdict(rehearsal))}</p>']
    message = rehearsal.get("message")
    if message:
        parts.append(f'<p style="margin:2px 0;white-space:pre-wrap">{escape(message)}</p>')
    rows = missing_rows(rehearsal)
    if rows:
        parts.append(_table(("Needed", "Name", "Line", "What"), rows))
    shown = _outputs(rehearsal)
    if shown:
        parts.append(f'<p style="margin:6px 0 2px"><em>What it showed</em></p>{shown}')
    return (
        '<section aria-label="Rehearsal" style="margin:6px 0;padding-left:8px;'
        f'border-left:3px solid {color}"><strong>Rehearsal</strong>{"".join(parts)}</section>'
    )


def _outputs(rehearsal: dict[str, Any]) -> str:
    """Show text and pictures; what could act in this page stays away."""
    parts: list[str] = []
    text = ""
    for output in rehearsal.get("outputs", []):
        picture = _picture(output)
        if picture is None:
            text += output_text({"outputs": [output]})
            continue
        parts += [_pre(text), picture]
        text = ""
    return "".join([*parts, _pre(text)])


def _pre(text: str) -> str:
    return f'<pre style="{_PRE}">{escape(text)}</pre>' if text else ""


def _picture(output: dict[str, Any]) -> str | None:
    data = output.get("data", {}).get("image/png")
    base64 = "".join(data) if isinstance(data, list) else data
    if not isinstance(base64, str) or not _PICTURE.fullmatch(base64):
        return None
    source = "".join(base64.split())
    return f'<img alt="picture of the rehearsal" src="data:image/png;base64,{source}">'
