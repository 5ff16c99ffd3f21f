"""The shape of the worker's lines, in types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NUMBER = (int, float)
SHAPES: dict[str, dict[str, Any]] = {
    "started": {
        "python": str,
        "host": str,
        "pid": int,
        "jobId": str,
        "at": NUMBER,
        "endsAt": (int, float, type(None)),
    },
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict, "transient": dict},
    "update_display_data": {"data": dict, "metadata": dict, "transient": dict},
    "clear_output": {"wait": bool},
    "execute_result": {"data": dict, "metadata": dict},
    "error": {"ename": str, "evalue": str, "traceback": list},
    "metric": {"name": str, "value": NUMBER, "step": (int, float, type(None))},
    "variable": {
        "kept": (str, type(None)),
        "name": str,
        "type": str,
        "bytes": int,
        "format": (str, type(None)),
        "files": list,
        "reason": (str, type(None)),
    },
    "file": {
        "path": str,
        "bytes": int,
        "modifiedAt": NUMBER,
        "isNew": bool,
        "problem": (str, type(None)),
    },
    "files": {
        "count": int,
        "bytes": int,
        "list": (str, type(None)),
        "listed": int,
        "isWhole": bool,
    },
    "rehearsal": {
        "ok": bool,
        "seconds": NUMBER,
        "uncaptured": list,
        "stopped": (str, type(None)),
        "message": str,
    },
    "overflow": {"path": str, "bytes": (int, type(None))},
    "notice": {"cause": str, "secondsLeft": (int, float, type(None))},
    "finished": {"status": str, "at": NUMBER},
}


def checked_lines(path: Path) -> list[dict[str, Any]]:
    """Read an event file; each line is whole, numbered without gaps, and of its type's shape."""
    text = path.read_bytes().decode("utf-8")
    assert text.endswith("\n")
    lines = [json.loads(line, parse_constant=refuse) for line in text.split("\n")[:-1]]
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    for line in lines:
        assert set(line) - {"seal"} == {"seq", "at", "type", "data"}
        shape = SHAPES[line["type"]]
        assert set(line["data"]) - {"spilled"} == set(shape)
        for name, kinds in shape.items():
            assert isinstance(line["data"][name], kinds), (line["type"], name)
    assert lines[0]["type"] == "started"
    return lines


def refuse(word: str) -> None:
    raise AssertionError(f"{word} is not JSON")
