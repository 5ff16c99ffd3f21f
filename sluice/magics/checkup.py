"""A run of the doctor, as text that grows."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from ..connection import Client
from ..connection.unix_http import Request

_WAIT_MS = 20_000
_INDENT = " " * 10

#: A sign for the quick look, and its word for who cannot see or trust signs.
_MARKS = {
    "passed": ("✓", "ok"),
    "warning": ("!", "warning"),
    "failed": ("✗", "failed"),
    "skipped": ("\N{EN DASH}", "skipped"),
}


def checkup(client: Client, target: str) -> Iterator[str]:
    """Look a target over, and give each step when it has ended.

    An interrupt ends the run, with its job.
    """
    report = _post(
        client,
        "/api/doctor",
        {
            "target": target,
            "projectDir": str(Path.cwd()),
            "pythonVersion": platform.python_version(),
        },
    )
    path = f"/api/doctor/{quote(report['id'], safe='')}"
    said: set[str] = set()
    try:
        while True:
            yield from _news(report, said)
            if report["state"] != "running":
                break
            query = urlencode({"after": report["version"], "waitMs": _WAIT_MS})
            timeout_s = _WAIT_MS / 1000 + 30
            report = client.call(Request("GET", f"{path}?{query}", timeout_s=timeout_s))
    except (KeyboardInterrupt, GeneratorExit):
        _post(client, f"{path}/cancel", {})
        raise
    yield "\n" + _outcome(report)
    yield from _proposal(report)


def _post(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.call(Request("POST", path, body, timeout_s=120.0))


def _news(report: dict[str, Any], said: set[str]) -> Iterator[str]:
    for step in report["steps"]:
        if step["state"] in _MARKS and step["id"] not in said:
            said.add(step["id"])
            yield _step_text(step)


def _plain(text: str) -> str:
    """Text of others within a line of ours."""
    return "".join(char if char.isprintable() else " " for char in text).strip()


def _step_text(step: dict[str, Any]) -> str:
    sign, word = _MARKS[step["state"]]
    found, problem = step["found"] or "", step["problem"]
    lines = [f"{sign} {word:<8}{step['title']:<17}{_plain(found)}".rstrip()]
    if step["state"] != "skipped":
        more = list(step["details"])
        if problem is not None:
            more += [problem["message"]] if problem["message"] != found else []
            more.append(f"What to do: {problem['hint']}")
        lines += [_INDENT + _plain(line) for line in more]
    return "".join(f"{line}\n" for line in lines)


def _outcome(report: dict[str, Any]) -> str:
    name = _plain(report["target"])
    states = [step["state"] for step in report["steps"]]
    if report["state"] == "canceled":
        return f"{name}: canceled.\n"
    if report["state"] == "failed":
        first = next(step["title"] for step in report["steps"] if step["state"] == "failed")
        return f"{name}: not usable yet; the first thing to mend is “{first}”.\n"
    warnings = states.count("warning")
    if warnings == 0:
        return f"{name}: all is well.\n"
    return f"{name}: usable, with {warnings} warning{'' if warnings == 1 else 's'}.\n"


def _proposal(report: dict[str, Any]) -> Iterator[str]:
    proposal = report["proposal"]
    if proposal is None:
        return
    yield f"\nProposed for {_plain(proposal['path'])}:\n"
    for line in [*proposal["toml"].splitlines(), *proposal["reasons"]]:
        yield f"  {_plain(line)}\n"
    yield "\n`sluice doctor --save` in a terminal writes it, or the doctor in the panel.\n"
