"""`%run`: what a script reads and binds, and what of it travels."""

from typing import Any

import pytest


@pytest.fixture
def project(tmp_path: Any, monkeypatch: Any) -> Any:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def write(name: Any, text: Any) -> None:
        data = text if isinstance(text, bytes) else text.encode()
        (folder / name).write_bytes(data)

    return write


def sources(answer: Any) -> Any:
    return {each["name"]: each["source"] for each in answer["sources"]}


def test_what_a_script_binds_needs_no_value(notebook: Any, project: Any) -> None:
    project("prep.py", "import os\ntable = os.getcwd() + other_name\n")
    notebook.run("table = 1\nother_name = 2\nresult = 3")
    answer = notebook.capture("%run prep.py 1 2\nprint(table)")
    assert answer["values"] == answer["leftOut"] == answer["obstacles"] == []
    assert sources(answer) == {"%run prep.py": "import os\ntable = os.getcwd() + other_name\n"}


def test_in_the_notebooks_names_it_reads_them(notebook: Any, project: Any) -> None:
    project("prep.py", "def load(): return scale(factor)\ntable = load()\n")
    notebook.run("table = 1\nfactor = 2\nbase = 3\ndef scale(x): return x * base")
    assert notebook.values("%run -i prep\nprint(table)") == {
        "scale": "pickle",
        "factor": "json",
        "base": "json",
    }


def test_what_a_script_may_bind_is_not_sure(notebook: Any, project: Any) -> None:
    project("prep.py", "import sys\nif len(sys.argv) > 1:\n    table = 2\n")
    notebook.run("table = 1")
    assert notebook.values("%run prep.py\nprint(table)") == {"table": "json"}


def test_a_script_is_named_by_a_variable(notebook: Any, project: Any) -> None:
    project("prep.py", "x = y\n")
    notebook.run("name = 'prep'\ny = 1")
    assert notebook.values("%run -i {name}.py\nx") == {"name": "json", "y": "json"}


def test_a_notebook_runs_in_the_notebooks_names(notebook: Any, project: Any) -> None:
    import json

    cells = [
        {"cell_type": "markdown", "source": ["# no code"]},
        {"cell_type": "code", "source": ["%time x = y\n", "x"]},
        {"cell_type": "code", "source": "z = x + k"},
    ]
    project("other.ipynb", json.dumps({"cells": cells, "nbformat": 4}))
    notebook.run("x = 0\ny = 1\nk = 2")
    assert notebook.values("%run other.ipynb\nz") == {"y": "json", "k": "json"}


def test_a_module_that_is_run_is_followed(notebook: Any) -> None:
    assert {"my_pkg.tool", "my_pkg.tool.__main__"} <= {
        *notebook.capture("%run -m my_pkg.tool --fast")["modules"]
    }


def test_a_script_in_another_encoding(notebook: Any, project: Any) -> None:
    project("old.py", "# -*- coding: latin-1 -*-\nx = größe\n".encode("latin-1"))
    notebook.run("größe = 1")
    assert notebook.values("%run -i old.py") == {"größe": "json"}


@pytest.mark.parametrize(
    ("cell", "name", "word"),
    [
        ("%run nowhere.py", "nowhere.py", "No such file"),
        ("%run folder.py", "folder.py", "directory"),
        ("%run broken.py", "broken.py", "line 2"),
        ("%run binary.py", "binary.py", "cannot be read"),
        ("%run large.py", "large.py", "too large"),
        ("%run no.ipynb", "no.ipynb", "cannot be read"),
        ("%run {made()}.py", "%run {made()}.py", "not known"),
        ("%run", "%run ", "not known"),
        ("%run 'open.py", "%run 'open.py", "not known"),
    ],
)
def test_a_script_that_cannot_be_followed_is_said(
    notebook: Any, project: Any, tmp_path: Any, cell: Any, name: Any, word: Any
) -> None:
    (tmp_path / "project" / "folder.py").mkdir()
    project("broken.py", "x = 1\nfor in\n")
    project("binary.py", b"x = '\xff\xfe'\n")
    project("large.py", b"#" * 6_000_000)
    project("no.ipynb", "[1]")
    answer = notebook.capture(cell)
    [left] = answer["leftOut"]
    assert left["name"] == name
    assert word in left["reason"]


def test_scripts_that_run_each_other_end(notebook: Any, project: Any) -> None:
    project("a.ipy", "%run b.ipy\nx\n")
    project("b.ipy", "%run a.ipy\ny\n")
    notebook.run("x = 1\ny = 2")
    assert notebook.values("%run a.ipy") == {"y": "json", "x": "json"}


def test_an_extension_of_the_notebooks_own_is_a_module(notebook: Any) -> None:
    assert notebook.capture("%load_ext own_magics")["modules"] == ["own_magics"]
    assert notebook.capture("%load_ext autoreload")["modules"] == []
