"""Words for what a cell cannot show of an event by itself."""

from __future__ import annotations

import re
from typing import Any

from .words import size_words

# What a terminal would act on, and other controls than tabs and line ends.
_TERMINAL = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])"
    r"|[\x00-\x08\x0b-\x1f\x7f-\x9f]"
)
_MARK = "[without a valid seal] "


def spilled_words(spilled: list[dict[str, Any]], task_id: str) -> str:
    """Tell which representations of an output are files, and how to get them."""
    parts = ", ".join(f"{part['mime']} ({size_words(part['bytes'])})" for part in spilled)
    return f"too large to be shown here: {parts}; `sluice fetch {task_id}` in a terminal brings it"


def overflow_words(overflow: dict[str, Any], task_id: str) -> str:
    """Tell that further text is in the log alone; how much, once that is known."""
    size = overflow["bytes"]
    what = "it prints more than is shown here" if size is None else f"not shown: {size_words(size)}"
    whole = f"`%sluice logs {task_id}` shows all of it"
    return f"{what}; {whole}" if size is None else f"{what}; its last words follow; {whole}"


def notice_words(notice: dict[str, Any]) -> str:
    """Tell that the job has to leave soon, and what it does then."""
    words = {
        "time-limit": "the time limit is near: saving what is there",
        "asked": "the job was asked to leave: saving what is there",
    }[notice["cause"]]
    seconds = notice["secondsLeft"]
    return words if seconds is None else f"{words} ({max(0, round(seconds))} s left)"


def unsealed_text(event: dict[str, Any]) -> str:
    """Give the text of an event without a valid seal, each line marked; nothing of it acts."""
    data = event["data"]
    kind = event["type"]
    if kind == "stream":
        text = data["text"]
    elif kind == "error":
        text = "\n".join(data["traceback"])
    elif kind in ("display_data", "update_display_data", "execute_result"):
        plain = data["data"].get("text/plain")
        text = plain if isinstance(plain, str) else f"[{', '.join(data['data'])}]"
    else:
        return ""
    return "".join(f"{_MARK}{_TERMINAL.sub('', line)}\n" for line in text.splitlines())
