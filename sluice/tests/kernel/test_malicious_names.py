"""Results under names, and with words, that somebody chose to reach the kernel's own."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import Any

import pytest

PYTHONS = ["__builtins__", "__name__", "__import__", "__loader__", "__file__", "__x__"]
SHELLS = [
    "_",
    "__",
    "___",
    "_i",
    "_ii",
    "_iii",
    "_ih",
    "_oh",
    "_dh",
    "_sh",
    "_1",
    "_i1",
    "_exit_code",
]
NONE = [
    "",
    "1x",
    "a b",
    "a.b",
    "a-b",
    "x\n",
    "x\x1b[2J",
    "<b>",
    "lambda",
    "None",
    "True",
    "x" * 501,
    "é è",
]
TAKEN = [
    "In",
    "Out",
    "exit",
    "quit",
    "get_ipython",
    "open",
    "print",
    "eval",
    "type",
    "sum",
    "input",
]


def restored(notebook: Any, tmp_path: Path, name: str, source: str = "f()") -> Any:
    from _sluice.kernel import restore
    from _sluice.kernel.held import source_key

    (tmp_path / "value").write_text('"mine"')
    files = [{"role": "json", "path": str(tmp_path / "value")}]
    variable = {"name": name, "type": "str", "bytes": 1, "format": "json", "files": files}
    [report] = restore(
        [{**variable, "reason": None}], namespace=notebook.names, bound=source_key(source)
    )
    return report


@pytest.mark.parametrize("name", [*PYTHONS, *SHELLS, *NONE])
def test_no_result_has_such_a_name(notebook: Any, tmp_path: Path, name: str) -> None:
    before = dict(notebook.names)
    report = restored(notebook, tmp_path, name)
    assert report["bound_as"] is None
    assert report["error"].startswith("it is not bound: ")
    assert notebook.names == before


@pytest.mark.parametrize("name", TAKEN)
def test_a_name_that_means_something_is_left_alone(
    notebook: Any, tmp_path: Path, name: str
) -> None:
    assert restored(notebook, tmp_path, name)["bound_as"] == f"{name}_slurm"
    assert name not in notebook.names
    assert builtins.print is print


@pytest.mark.parametrize("name", ["sum", "input", "id"])
def test_a_cell_that_binds_such_a_name_gets_it(notebook: Any, tmp_path: Path, name: str) -> None:
    source = f"{name} = 3"
    notebook.capture(source)
    assert restored(notebook, tmp_path, name, source)["bound_as"] == name
    assert notebook.names[name] == "mine"


def test_get_ipython_of_a_kernel_stays(notebook: Any, tmp_path: Path) -> None:
    notebook.names["get_ipython"] = own = object()
    restored(notebook, tmp_path, "get_ipython")
    assert notebook.names["get_ipython"] is own


def test_words_of_a_handle_do_not_act_on_a_screen(notebook: Any) -> None:
    from _sluice.kernel import restore

    variable = {
        "name": "x",
        "type": "\x1b[2J\x1b]8;;http://evil\x07<script>alert(1)</script>\n\u202e",
        "bytes": 10**15,
        "format": "npy",
        "files": [],
        "reason": "large",
        "kept": "large",
        "from": {"task": "sl-1", "target": "moon\x1b[31m"},
    }
    restore([variable], namespace=notebook.names, bound="")
    words = repr(notebook.names["x"])
    assert words.isprintable()
    assert not hasattr(notebook.names["x"], "_repr_html_")


def test_a_claim_of_files_elsewhere_gives_words(notebook: Any, tmp_path: Path) -> None:
    from _sluice.kernel import restore

    base = {"type": "str", "bytes": 10**13, "format": "json", "reason": None}
    for number, path in enumerate([str(tmp_path), str(tmp_path / "no"), "/proc/self/mem", "\0"]):
        files = [{"role": "json", "path": path}]
        [report] = restore(
            [{**base, "name": f"n{number}", "files": files}], namespace=notebook.names, bound=""
        )
        assert report["bound_as"] is None
        assert report["error"]
