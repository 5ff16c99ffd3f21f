from __future__ import annotations

from typing import Any

import pytest

from sluice.magics.commands import Commands
from sluice.magics.files import bring, file_words
from sluice.magics.options import parse_cell_options, parse_line_command

SUMMARY = {"count": 14, "bytes": 2.1e9, "home": 3, "there": 11, "pinned": True}


def file(path: str, state: str, **more: Any) -> dict[str, Any]:
    return {
        "path": path,
        "bytes": 12,
        "kind": "table",
        "isNew": True,
        "state": state,
        "localPath": None,
        "reason": None,
        **more,
    }


class Answers:
    """Stands for a service that brings what it is asked for at the second look."""

    def __init__(self, *files: dict[str, Any]) -> None:
        self.all = list(files)
        self.acted: list[tuple[str, Any]] = []
        self.looks = 0

    def task(self, task_id: str) -> Any:
        return {"id": task_id, "target": "moon"}

    def act_on_files(self, task_id: str, action: str, paths: Any) -> Any:
        if action == "look":
            return self._look(paths)
        self.acted.append((action, paths))
        self.all = [
            {**one, "state": "fetching"} if one["path"] in paths else one for one in self.all
        ]
        return self.files(task_id)

    def _look(self, paths: Any) -> Any:
        self.looks += 1
        if self.looks > 1:
            self.all = [
                {**one, "state": "home", "localPath": f"/nb/{one['path']}"}
                if one["state"] == "fetching"
                else one
                for one in self.all
            ]
        return {"files": [one for one in self.all if one["path"] in paths]}

    def files(self, task_id: str, offset: int = 0, limit: int = 2) -> Any:
        summary = {**SUMMARY, "count": len(self.all)}
        return {"summary": summary, "files": self.all[offset:limit], "nextOffset": None}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "14 files, 2.1 GB: 3 came home, 11 on moon"),
        ({"count": 1, "bytes": 12, "home": 1, "there": 0}, "1 file, 12 B: 1 came home"),
        ({"home": 0, "there": 0}, "14 files, 2.1 GB: none wanted"),
        ({"home": 0, "there": 0, "taken": 14}, "14 files, 2.1 GB: 14 fetched as they are"),
    ],
)
def test_where_files_are_in_words(change: Any, words: str) -> None:
    assert file_words({**SUMMARY, **change}, "moon") == words


def test_files_are_listed_with_their_places() -> None:
    client: Any = Answers(file("a.csv", "home", localPath="/nb/a.csv"), file("b.pt", "there"))
    text = "".join(Commands(client).run("files", "sl-1"))
    assert text == (
        "FILE   SIZE  KIND   WHERE\n"
        "a.csv  12 B  table  came home  /nb/a.csv\n"
        "b.pt   12 B  table  on moon\n"
        "2 files, 2.1 GB: 3 came home, 11 on moon\n"
    )


def test_a_list_without_end_is_cut() -> None:
    client: Any = Answers(*(file(f"{number}", "there") for number in range(200_000)))
    text = "".join(Commands(client).run("files", "sl-1"))
    assert text.count("\n") == 503
    assert "\n… and 199500 more: `sluice files sl-1` on a terminal lists all.\n" in text


def test_files_are_brought_and_awaited() -> None:
    client: Any = Answers(file("a.csv", "there"), file("b.pt", "there"))
    pauses: list[float] = []
    assert "".join(bring(client, "sl-1", ["b.pt"], pauses.append)) == "/nb/b.pt\n"
    assert client.acted == [("fetch", ["b.pt"])]
    assert len(pauses) == 1


def test_an_interrupt_ends_the_fetching() -> None:
    client: Any = Answers(file("a.csv", "there"))

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(bring(client, "sl-1", ["a.csv"], interrupt))
    assert client.acted == [("fetch", ["a.csv"]), ("cancel", ["a.csv"])]


def test_the_options_of_a_cell_and_a_line() -> None:
    options = parse_cell_options("--fetch '*.pt' --fetch best/ --no-fetch")
    assert (options.fetch, options.no_fetch) == (("*.pt", "best/"), True)
    asked = parse_line_command("fetch sl-1 a.csv 'b c.pt'")
    assert (asked.id, asked.paths) == ("sl-1", ["a.csv", "b c.pt"])
    assert parse_line_command("fetch sl-1").paths == []
