"""Show a plan: as JSON for programs, as a table for people."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from .words import size_words, table

PLAN_TYPE = "application/vnd.sluice.plan+json"

_Section = tuple[str, Sequence[str], list[tuple[str, ...]]]


def plan_bundle(plan: dict[str, Any]) -> dict[str, Any]:
    """Give the plan in its three forms."""
    return {PLAN_TYPE: plan, "text/html": _html(plan), "text/plain": _text(plan)}


def _headline(plan: dict[str, Any]) -> str:
    transfer = plan["transfer"]
    asked = ", ".join(f"{name} {value}" for name, value in plan["resources"].items())
    return (
        f"Dry run on {plan['target']}: nothing was started. "
        f"{transfer['files']} files ({size_words(transfer['bytes'])}) would be sent"
        + (f"; asks for {asked}." if asked else ".")
    )


def _sections(plan: dict[str, Any]) -> list[_Section]:
    sections: list[_Section] = [
        (
            "Obstacles and what stays here",
            ("Kind", "Name", "Reason"),
            [(item["kind"], item["name"], item["reason"]) for item in plan["leftOut"]],
        ),
        (
            "Variables",
            ("Name", "Type", "Size", "Travels as", "Why"),
            [
                (item["name"], item["type"], size_words(item["bytes"]), item["format"], item["why"])
                for item in plan["variables"]
            ],
        ),
        (
            "Local modules",
            ("Module", "File", "Size", "Why"),
            [
                (item["module"], item["path"], size_words(item["bytes"]), item["why"])
                for item in plan["modules"]
            ],
        ),
        (
            "Files",
            ("File", "Size", "Why"),
            [(item["path"], size_words(item["bytes"]), item["why"]) for item in plan["files"]],
        ),
        (
            "Packages",
            ("Package", "Version", "Why"),
            [(item["name"], item["version"], item["why"]) for item in plan["packages"]],
        ),
    ]
    return [section for section in sections if section[2]]


def _submit_words(plan: dict[str, Any]) -> str | None:
    submit = plan["submit"]
    if submit is None:
        return None
    words = "The scheduler would take it" if submit["accepted"] else "The scheduler would refuse it"
    if submit["estimatedStart"]:
        words += f", start about {submit['estimatedStart']}"
    return f"{words}: {submit['message']}" if submit["message"] else f"{words}."


def _text(plan: dict[str, Any]) -> str:
    parts = [f"{_headline(plan)}\n"]
    submit = _submit_words(plan)
    if submit is not None:
        parts.append(f"{submit}\n")
    for title, heads, rows in _sections(plan):
        parts.append(f"\n{title}\n{table([head.upper() for head in heads], rows)}")
    parts.append(f"\nScript\n{plan['script']}")
    return "".join(parts).rstrip()


def _html(plan: dict[str, Any]) -> str:
    parts = [f"<p>{escape(_headline(plan))}</p>"]
    submit = _submit_words(plan)
    if submit is not None:
        parts.append(f"<p>{escape(submit)}</p>")
    parts += [_html_table(*section) for section in _sections(plan)]
    script = escape(plan["script"])
    parts.append(f"<details><summary>Script</summary><pre>{script}</pre></details>")
    return f'<div class="sluice-plan">{"".join(parts)}</div>'


def _html_table(title: str, heads: Sequence[str], rows: list[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    return (
        f"<table><caption>{escape(title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )
