"""Values that stayed on a target: their handles here, and how they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

SOURCE = {"task": "sl-1", "target": "moon"}


def large(name: str = "x", **changes: Any) -> dict[str, Any]:
    variable = {"name": name, "type": "numpy.ndarray", "bytes": 3_200_000_000, "format": "npy"}
    return {
        **variable,
        "files": [],
        "reason": "3.2 GB",
        "kept": "large",
        "from": SOURCE,
        **changes,
    }


def restore(notebook: Any, source: str, *variables: Any) -> Any:
    from _sluice.kernel import restore
    from _sluice.kernel.held import source_key

    return restore(variables, namespace=notebook.names, bound=source_key(source))


@pytest.fixture
def brought(tmp_path: Path) -> Iterator[list[Any]]:
    """What was asked of the service, which has the value 5 for it."""
    from _sluice.kernel import remote_value

    path = tmp_path / "value.json"
    path.write_text("5")
    asked: list[Any] = []

    def bring(task: str, name: str, load: bool) -> Any:
        asked.append((task, name, load))
        files = [{"role": "json", "path": str(path)}]
        return {"name": name, "format": "json", "files": files, "reason": None}

    remote_value.bring = bring
    yield asked
    remote_value.bring = None


def test_a_large_value_is_a_handle_that_says_what_to_do(notebook: Any) -> None:
    [report] = restore(notebook, "x = 1", large())
    assert report == {"name": "x", "bound_as": "x", "type": "numpy.ndarray", "error": None}
    words = repr(notebook.names["x"])
    assert "x: numpy.ndarray, 3.2 GB, on moon" in words
    assert "Use it in a cell that runs on moon, or `x.fetch()`" in words


@pytest.mark.parametrize(
    "use",
    [
        "x.shape",
        "x + 1",
        "1 + x",
        "x[0]",
        "len(x)",
        "list(x)",
        "bool(x)",
        "float(x)",
        "x < 3",
        "3 in x",
        "x.a = 1",
        "x[0] = 1",
        "numpy.sum(x)",
        "pickle.dumps(x)",
        "copy.copy(x)",
    ],
)
def test_its_use_here_says_where_it_is(notebook: Any, use: str) -> None:
    restore(notebook, "x = 1", large())
    notebook.run("import numpy, pickle, copy")
    with pytest.raises(Exception, match=r"x lies on moon, not here.*`x\.fetch\(\)`"):
        notebook.run(use)


def test_asking_whether_it_has_something_is_no_fault(notebook: Any) -> None:
    restore(notebook, "x = 1", large())
    assert not hasattr(notebook.names["x"], "_repr_html_")
    assert notebook.names["x"] != 3


def test_fetching_binds_the_value_wherever_the_handle_is(notebook: Any, brought: Any) -> None:
    restore(notebook, "x = 1", large())
    notebook.run("y = x\ngot = x.fetch()")
    assert (notebook.names["x"], notebook.names["y"], notebook.names["got"]) == (5, 5, 5)
    assert brought == [("sl-1", "x", False)]


def test_a_fetch_leaves_a_name_that_was_bound_anew(notebook: Any, brought: Any) -> None:
    restore(notebook, "x = 1", large())
    notebook.run("y = x\nx = 'mine'\ny.fetch(load=True)")
    assert (notebook.names["x"], notebook.names["y"]) == ("mine", 5)
    assert brought == [("sl-1", "x", True)]


def test_a_value_that_came_replaces_its_handle(notebook: Any, tmp_path: Path) -> None:
    restore(notebook, "x = 1", large())
    (tmp_path / "x").write_text("7")
    files = [{"role": "json", "path": str(tmp_path / "x")}]
    here = large(format="json", files=files, reason=None, kept=None)
    assert restore(notebook, "x = 1", here)[0]["bound_as"] == "x"
    assert notebook.names["x"] == 7


def test_a_handle_does_not_replace_a_value_that_was_changed(notebook: Any) -> None:
    notebook.run("x = [1]")
    notebook.capture("x = f(x)")
    notebook.run("x.append(2)")
    assert restore(notebook, "x = f(x)", large())[0]["bound_as"] == "x_slurm"
    assert notebook.names["x"] == [1, 2]


def test_a_withheld_value_is_not_loaded(notebook: Any, tmp_path: Path) -> None:
    files = [{"role": "pickle", "path": str(tmp_path / "p")}]
    withheld = large(format="pickle", files=files, kept="withheld", reason="not trusted")
    [report] = restore(notebook, "x = 1", withheld)
    assert (report["bound_as"], report["error"]) == (None, "not trusted")
    assert "x" not in notebook.names


def test_a_cell_that_reads_a_handle_names_it(notebook: Any) -> None:
    restore(notebook, "x = 1", large("big"))
    notebook.run("also = big\ndef f(): return big\nn = 3")
    answer = notebook.capture("y = also + f() + n")
    assert answer["obstacles"] == []
    assert sorted(answer["handles"], key=lambda each: each["name"]) == [
        {"name": "also", "task": "sl-1", "variable": "big", "why": "read by the cell"},
        {"name": "big", "task": "sl-1", "variable": "big", "why": "read by f"},
    ]
    assert {value["name"] for value in answer["values"]} == {"f", "n"}


def test_a_handle_inside_a_value_is_refused_in_words(notebook: Any) -> None:
    restore(notebook, "x = 1", large())
    notebook.run("rows = [1, x]")
    [obstacle] = notebook.capture("len(rows)")["obstacles"]
    assert obstacle["code"] == "variable-unserializable"
    assert "lies on moon" in json.dumps(obstacle)


CHANGES = {
    "list": ("[1, 2]", "x.append(3)"),
    "nested": ("{'a': [1]}", "x['a'][0] = 2"),
    "set": ("{1, 2}", "x.add(5)"),
    "array": ("numpy.zeros(5)", "x[2] = 1"),
    "large array": ("numpy.zeros(300_000)", "x[-1] = 1"),
    "view": ("numpy.zeros((4, 4))[::2, 1:]", "x[0, 0] = 1"),
    "frame": ("pandas.DataFrame({'a': [1.0, 2.0]})", "x.loc[0, 'a'] = 9"),
    "new column": ("pandas.DataFrame({'a': [1.0, 2.0]})", "x['b'] = 1"),
    "object": ("type('T', (), {})()", "x.n = 1"),
}


# What does not travel is noted where it is small and plain.
BOUND_ONLY = ("list", "nested", "set", "array", "view")


@pytest.mark.parametrize(
    ("source", "kind"),
    [*(("x = f(x)", kind) for kind in CHANGES), *(("x = 1", kind) for kind in BOUND_ONLY)],
)
def test_what_was_changed_in_place_keeps_its_value(
    notebook: Any, tmp_path: Path, kind: str, source: str
) -> None:
    made, change = CHANGES[kind]
    (tmp_path / "x").write_text("5")
    home = large(
        format="json",
        files=[{"role": "json", "path": str(tmp_path / "x")}],
        reason=None,
        kept=None,
    )
    notebook.run(f"import numpy, pandas\nx = {made}\nbefore = x\nf = id")
    notebook.capture(source)
    notebook.run(change)
    assert restore(notebook, source, home)[0]["bound_as"] == "x_slurm"
    assert notebook.names["x"] is notebook.names["before"]


@pytest.mark.parametrize("kind", CHANGES)
def test_what_was_only_looked_at_is_replaced(notebook: Any, tmp_path: Path, kind: str) -> None:
    (tmp_path / "x").write_text("5")
    home = large(
        format="json",
        files=[{"role": "json", "path": str(tmp_path / "x")}],
        reason=None,
        kept=None,
    )
    notebook.run(f"import numpy, pandas\nx = {CHANGES[kind][0]}\nf = id")
    notebook.capture("x = f(x)")
    notebook.run("str(x), bool(x is None), getattr(x, 'shape', 0), getattr(x, 'T', 0)")
    assert restore(notebook, "x = f(x)", home)[0]["bound_as"] == "x"


def test_values_that_share_are_told_apart_from_changed_ones(notebook: Any, tmp_path: Path) -> None:
    (tmp_path / "v").write_text("5")
    files = [{"role": "json", "path": str(tmp_path / "v")}]
    notebook.run("inner = [object]\na = {'k': inner}\nb = (inner, 1)\nf = id")
    notebook.capture("a = f(a, b)\nb = f(b)")
    notebook.run("b[0].append(2)")
    home = [large(n, format="json", files=files, reason=None, kept=None) for n in ("a", "b")]
    reports = restore(notebook, "a = f(a, b)\nb = f(b)", *home)
    assert [report["bound_as"] for report in reports] == ["a_slurm", "b_slurm"]
    assert np.shape(notebook.names["a"]["k"]) == (2,)
