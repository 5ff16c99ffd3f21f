import json
from typing import Any

import pytest


class Home:
    """A task's variables as they came home."""

    def __init__(self, folder: Any) -> None:
        self.folder = folder

    def variable(self, name: Any, value: Any, **changes: Any) -> Any:
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(value))
        files = [{"role": "json", "path": str(path)}]
        variable = {"name": name, "type": "int", "bytes": 1, "format": "json", "files": files}
        return {**variable, "reason": None, **changes}


@pytest.fixture
def home(tmp_path: Any) -> Any:
    return Home(tmp_path)


def restore(notebook: Any, source: Any, *variables: Any) -> Any:
    from _sluice.kernel import restore
    from _sluice.kernel.held import source_key

    return restore(variables, namespace=notebook.names, bound=source_key(source))


def test_a_new_name_is_bound(notebook: Any, home: Any) -> None:
    [report] = restore(notebook, "x = 1", home.variable("x", 5))
    assert report == {"name": "x", "bound_as": "x", "type": "int", "error": None}
    assert notebook.names["x"] == 5


@pytest.mark.parametrize(
    "old",
    [
        *("[1]", "{2, 3}", "7", "type('T', (), {})()", "__import__('pathlib')"),
        # As types of some libraries in C have it.
        "type('T', (), {'__module__': property(repr)})()",
    ],
)
def test_a_name_that_was_not_touched_is_replaced(notebook: Any, home: Any, old: Any) -> None:
    source = "x = 1"
    notebook.run(f"x = {old}")
    notebook.capture(source)
    [report] = restore(notebook, source, home.variable("x", 5))
    assert report["bound_as"] == "x"
    assert notebook.names["x"] == 5


def test_a_name_that_was_rebound_keeps_its_value(notebook: Any, home: Any) -> None:
    source = "x = 1"
    notebook.run("x = [1]")
    notebook.capture(source)
    notebook.run("x = [1]")
    [report] = restore(notebook, source, home.variable("x", 5))
    assert report["bound_as"] == "x_slurm"
    assert (notebook.names["x"], notebook.names["x_slurm"]) == ([1], 5)


@pytest.mark.parametrize("name", ["k", "new"])
def test_a_name_that_only_a_called_function_binds_is_replaced(
    notebook: Any, home: Any, name: Any
) -> None:
    source = "f()"
    notebook.run("k = 1\nnew = 1\ndef g():\n  global k, new\n  k += 1\n  new = 2\ndef f(): g()")
    notebook.capture(source)
    [report] = restore(notebook, source, home.variable(name, 5))
    assert report["bound_as"] == name
    assert notebook.names[name] == 5


def test_a_name_that_came_up_meanwhile_keeps_its_value(notebook: Any, home: Any) -> None:
    source = "x = 1"
    notebook.capture(source)
    notebook.run("x = 'mine'")
    assert restore(notebook, source, home.variable("x", 5))[0]["bound_as"] == "x_slurm"


def test_a_second_result_of_the_cell_replaces_the_first(notebook: Any, home: Any) -> None:
    source = "x = 1"
    notebook.capture(source)
    restore(notebook, source, home.variable("x", 5))
    assert restore(notebook, source, home.variable("x", 6))[0]["bound_as"] == "x"
    assert notebook.names["x"] == 6


def test_one_bad_value_does_not_keep_the_others(notebook: Any, home: Any, tmp_path: Any) -> None:
    damaged = home.variable("a", 1)
    (tmp_path / "a.json").write_text("{")
    gone = home.variable("b", 1)
    (tmp_path / "b.json").unlink()
    stayed = home.variable("c", 1, reason="larger than 1 MB", files=[], format=None)
    reports = restore(notebook, "a = b = c = d = 1", damaged, gone, stayed, home.variable("d", 4))
    assert [report["bound_as"] for report in reports] == [None, None, None, "d"]
    assert reports[0]["error"]
    assert "b.json" in reports[1]["error"]
    assert reports[2]["error"] == "larger than 1 MB"
    assert not {"a", "b", "c"} & set(notebook.names)


def test_values_that_share_an_object_share_it_at_home(notebook: Any, tmp_path: Any) -> None:
    from _sluice.values import encode_together

    row: list[int] = []
    encoded = encode_together({"row": row, "table": [row]}, notebook.names)
    (tmp_path / "both").write_bytes(encoded.blobs[0].joined())
    both = {"type": "list", "bytes": 1, "format": "pickle", "reason": None}
    both["files"] = [{"role": "pickle", "path": str(tmp_path / "both")}]
    restore(notebook, "f()", {**both, "name": "row"}, {**both, "name": "table"})
    assert notebook.names["table"][0] is notebook.names["row"]
