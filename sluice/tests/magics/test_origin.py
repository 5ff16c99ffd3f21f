from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sluice.magics.origin import find_origin, find_project_dir


class Shell:
    """Stands for the shell of a kernel that runs a cell."""

    def __init__(self, parent: Any) -> None:
        self._parent = parent

    def get_parent(self) -> Any:
        return self._parent


@pytest.mark.parametrize(
    ("parent", "cell_id"),
    [
        ({"metadata": {"cellId": "c-1"}}, "c-1"),
        ({"metadata": {"cellId": 7}}, None),
        ({"metadata": {}}, None),
        ({}, None),
        (None, None),
    ],
)
def test_the_cell_is_the_one_the_page_named(parent: Any, cell_id: str | None) -> None:
    shell: Any = Shell(parent)
    assert find_origin(shell, {})["cellId"] == cell_id


def test_a_terminal_has_no_origin() -> None:
    shell: Any = object()
    assert find_origin(shell, {}) == {"notebookPath": None, "cellId": None, "kernelId": None}


def test_the_project_begins_at_the_notebook(tmp_path: Path) -> None:
    assert find_project_dir({"JPY_SESSION_NAME": str(tmp_path / "a.ipynb")}) == str(tmp_path)
    assert find_project_dir({"JPY_SESSION_NAME": "console-1"}) == str(Path.cwd())
