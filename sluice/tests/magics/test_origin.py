from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sluice.magics.origin import find_origin, find_project_dir, lines_above


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


@pytest.mark.parametrize(
    ("typed", "above"),
    [
        ("%%slurm\na = 1\nb", 1),
        ("\n\n%%slurm here\na = 1\nb\n\n", 3),
        ("%%time\n%%slurm\na = 1\nb", 2),
        ("%%slurm\n\na = 1\nb", 2),
        ("run_it()", 1),
        (None, 1),
    ],
)
def test_lines_are_counted_from_the_top_of_the_typed_cell(typed: str | None, above: int) -> None:
    shell: Any = Shell({"content": {"code": typed}})
    assert lines_above(shell, "a = 1\nb\n") == above


def test_a_terminal_has_no_origin() -> None:
    shell: Any = object()
    assert find_origin(shell, {}) == {"notebookPath": None, "cellId": None, "kernelId": None}


def test_the_project_begins_at_the_notebook(tmp_path: Path) -> None:
    assert find_project_dir({"JPY_SESSION_NAME": str(tmp_path / "a.ipynb")}) == str(tmp_path)
    assert find_project_dir({"JPY_SESSION_NAME": "console-1"}) == str(Path.cwd())
