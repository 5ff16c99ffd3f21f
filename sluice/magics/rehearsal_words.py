"""What a rehearsal found out, in words and rows."""

from __future__ import annotations

import re
from typing import Any

_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")

_STOPPED = {
    "missing": "It stopped: something is missing.",
    "cluster-path": "It stopped at a path that is not here.",
    "gpu": "It stopped for want of a GPU.",
    "time": "It came to its time limit.",
    "exception": "It stopped with an exception.",
    "canceled": "It was ended.",
}


def verdict(rehearsal: dict[str, Any]) -> str:
    """Tell in one sentence how the rehearsal went."""
    missing = len(rehearsal["uncaptured"])
    stopped = rehearsal.get("stopped")
    seconds = f"{rehearsal['seconds']:.1f} s"
    if rehearsal["ok"]:
        return f"The rehearsal ran to its end in {seconds}; it needed nothing that does not travel."
    end = _STOPPED.get(stopped, "It stopped.") if stopped else "It ran to its end."
    things = f"needed {missing} thing{'' if missing == 1 else 's'} that would not travel"
    if missing == 0:
        return f"The rehearsal ran for {seconds}. {end}"
    return f"The rehearsal ran for {seconds} and {things}. {end}"


def missing_rows(rehearsal: dict[str, Any]) -> list[tuple[str, ...]]:
    """Give kind, name, line and words of all that was needed and does not travel."""
    return [
        (
            item["kind"],
            item["name"],
            "" if item["line"] is None else str(item["line"]),
            item.get("text", ""),
        )
        for item in rehearsal["uncaptured"]
    ]


def output_text(rehearsal: dict[str, Any]) -> str:
    """Give what the rehearsed cell showed, as plain text."""
    return "".join(_text_of(output) for output in rehearsal.get("outputs", []))


def _text_of(output: dict[str, Any]) -> str:
    kind = output.get("output_type")
    if kind == "stream":
        return _plain(output.get("text", ""))
    if kind == "error":
        lines = output.get("traceback") or [f"{output.get('ename')}: {output.get('evalue')}"]
        return _plain("\n".join(lines)) + "\n"
    data = output.get("data", {})
    if "text/plain" in data:
        return _plain(data["text/plain"]) + "\n"
    return f"[{', '.join(data) or kind}]\n"


def _plain(text: Any) -> str:
    return _ESCAPES.sub("", "".join(text) if isinstance(text, list) else str(text))
