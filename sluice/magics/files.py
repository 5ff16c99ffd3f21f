"""The files that a task wrote, as text, and their way here."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any, Callable

from ..connection import Client
from .words import size_words, table

_LOOK_EVERY_S = 0.3
# An output of a notebook with more lines would be of no use.
_MOST_SHOWN = 500


def file_words(summary: dict[str, Any], target: str) -> str:
    """Tell how many files there are and where, as `src/shared/file-words.ts` does."""
    count, home, there = summary["count"], summary["home"], summary["there"]
    where = [f"{home} came home"] if home else []
    taken = summary.get("taken", 0)
    where += [f"{taken} fetched as they are"] if taken else []
    where += [f"{there} on {target}"] if there else []
    files = "1 file" if count == 1 else f"{count} files"
    return f"{files}, {size_words(summary['bytes'])}: {', '.join(where) or 'none wanted'}"


def list_files(client: Client, task_id: str) -> Iterator[str]:
    """Show the files of a task, each with its size and place."""
    target = client.task(task_id)["target"]
    page = client.files(task_id, limit=_MOST_SHOWN)
    rows = [_row(file, target) for file in page["files"]]
    if not rows:
        yield "It wrote no files.\n"
        return
    yield table(("FILE", "SIZE", "KIND", "WHERE", ""), rows)
    more = page["summary"]["count"] - len(rows)
    if more > 0:
        yield f"… and {more} more: `sluice files {task_id}` on a terminal lists all.\n"
    yield f"{file_words(page['summary'], target)}\n"


def bring(
    client: Client, task_id: str, paths: list[str], sleep: Callable[[float], None] = time.sleep
) -> Iterator[str]:
    """Fetch some files and wait until each is here, or stays there with a reason."""
    target = client.task(task_id)["target"]
    client.act_on_files(task_id, "fetch", paths)
    try:
        files = _settled(client, task_id, paths, sleep)
    except KeyboardInterrupt:
        client.act_on_files(task_id, "cancel", paths)
        raise
    for file in files:
        why = f": {file['reason']}" if file["reason"] else ""
        place = file["localPath"] or f"{file['path']} {_state_words(file, target)}"
        yield f"{place}{why}\n"


def _settled(
    client: Client, task_id: str, paths: list[str], sleep: Callable[[float], None]
) -> list[dict[str, Any]]:
    while True:
        found: list[dict[str, Any]] = client.act_on_files(task_id, "look", paths)["files"]
        if all(file["state"] != "fetching" for file in found):
            return found
        sleep(_LOOK_EVERY_S)


def _row(file: dict[str, Any], target: str) -> tuple[str, ...]:
    about = file["localPath"] or file["reason"] or ""
    words = _state_words(file, target)
    return (file["path"], size_words(file["bytes"]), file["kind"], words, about)


def _state_words(file: dict[str, Any], target: str) -> str:
    words = {
        "there": f"on {target}",
        "fetching": "on its way",
        "home": "came home",
        "beside": "came beside",
        "dismissed": "not wanted",
        "taken": "fetched as it is",
        "gone": "gone",
        "refused": f"stays on {target}",
    }
    return words[file["state"]]
