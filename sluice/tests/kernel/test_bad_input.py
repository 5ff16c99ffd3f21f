"""What a person or a library may put in the way of a capture."""

import ast
import sys
from types import ModuleType
from typing import Any

import pytest


def test_a_cell_of_many_megabytes_is_refused_before_it_is_read(
    notebook: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(ast, "parse", lambda *_, **__: pytest.fail("it was parsed"))
    [obstacle] = notebook.capture("x = 1\n" * 30_000_000)["obstacles"]
    assert obstacle["code"] == "syntax-error"
    assert "longer than" in obstacle["details"]["problem"]


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * 500 + ")" * 500,
        "x = " + "[" * 5000,
        "x = " + "-" * 50_000 + "1",
        "x = a" + ".b" * 50_000,
        "if a:\n" + "".join(" " * n + "if b:\n" for n in range(1, 101)) + " " * 101 + "c",
        "x = " + "lambda: " * 3000 + "k",
    ],
    ids=["brackets", "open", "signs", "dots", "blocks", "lambdas"],
)
def test_what_is_nested_deeply_ends_with_a_word_or_an_answer(notebook: Any, source: Any) -> None:
    notebook.run("a = 1")
    answer = notebook.capture(source)
    problems = [each["details"]["problem"] for each in answer["obstacles"]]
    assert all(problems)
    assert problems or isinstance(answer["values"], list)


def test_a_long_cell_of_many_lines(notebook: Any) -> None:
    notebook.run("k = 1")
    source = "".join(f"x{n} = k + {n}\nprint(x{n})\n" for n in range(3000))
    assert notebook.values(source) == {"k": "json"}


def test_a_namespace_of_many_names(notebook: Any) -> None:
    notebook.names.update((f"name_{n}", f"path/{n}.csv") for n in range(100_000))
    answer = notebook.capture("name_7, name_99999")
    assert answer["reads"] == ["name_7", "name_99999"]
    assert {*answer["constants"]} == {"name_7", "name_99999"}


def test_a_cell_that_reads_many_names(notebook: Any) -> None:
    notebook.names.update((f"name_{n}", n) for n in range(200))
    answer = notebook.capture("\n".join(f"name_{n}" for n in range(200)))
    assert len(answer["values"]) == 200


def test_names_that_are_not_ascii(notebook: Any) -> None:
    notebook.run("größe = 'daten/größe.csv'\ndef ƒ(): return größe\nπ = 3")
    answer = notebook.capture("ƒ(), π")
    assert {value["name"] for value in answer["values"]} == {"größe", "ƒ", "π"}
    assert answer["constants"]["größe"] == ["daten/größe.csv"]


def test_python_reads_names_in_their_normal_form(notebook: Any) -> None:
    notebook.run("ﬁle = 1")
    assert [value["name"] for value in notebook.capture("print(ﬁle)")["values"]] == ["file"]


def test_a_module_that_raises_for_every_attribute(notebook: Any, monkeypatch: Any) -> None:
    class Angry(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            raise RuntimeError(name)

    notebook.names["x"] = 1
    monkeypatch.setitem(sys.modules, "angry_mod", Angry("angry_mod"))
    assert notebook.values("import angry_mod\nfrom angry_mod import *\nx") == {"x": "json"}


def test_objects_that_raise_for_every_question(notebook: Any) -> None:
    notebook.run(
        """
asked = []
class Angry:
    def __getattr__(self, name): raise RuntimeError(name)
    def __repr__(self): asked.append("repr"); raise RuntimeError("repr")
    def __eq__(self, other): asked.append("eq"); raise RuntimeError("eq")
    def __hash__(self): asked.append("hash"); raise RuntimeError("hash")
    def __len__(self): asked.append("len"); raise RuntimeError("len")
    def __bool__(self): asked.append("bool"); raise RuntimeError("bool")
    def __fspath__(self): asked.append("fspath"); raise RuntimeError("fspath")
    def __str__(self): asked.append("str"); raise RuntimeError("str")
angry = Angry()
holder = {"angry": angry, "list": [angry]}
"""
    )
    answer = notebook.capture("holder")
    assert [value["name"] for value in answer["values"]][:1] == ["holder"]
    assert notebook.names["asked"] == []


def test_a_function_whose_text_is_of_another_time(notebook: Any, monkeypatch: Any) -> None:
    import linecache

    entry = (1, None, ["def broken(:\n"], "<gone>")
    monkeypatch.setitem(linecache.cache, "<gone>", entry)
    exec(compile("def f(): return 1", "<gone>", "exec"), notebook.names)
    answer = notebook.capture("f()")
    assert [value["name"] for value in answer["values"]] == ["f"]
    assert answer["sources"] == []


def test_getattr_on_a_package_of_ones_own(notebook: Any, tmp_path: Any, monkeypatch: Any) -> None:
    import importlib

    (tmp_path / "own_pkg").mkdir()
    (tmp_path / "own_pkg" / "__init__.py").write_text("")
    (tmp_path / "own_mod.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("own_pkg", "own_mod"):
        notebook.names[name] = importlib.import_module(name)
        monkeypatch.setitem(sys.modules, name, sys.modules.pop(name))
    notebook.run("import json, numpy")
    cell = "n = 'x'\ngetattr(own_mod, n), getattr(json, n), getattr(numpy, n), getattr(own_pkg, n)"
    assert [(left["kind"], left["name"]) for left in notebook.capture(cell)["leftOut"]] == [
        ("name", "getattr(own_pkg, n)")
    ]


def test_values_that_raise_whatever_they_are_asked_are_refused(notebook: Any) -> None:
    notebook.run(
        "class Angry:\n    def __getattribute__(self, name): raise RuntimeError('no')\n"
        "angry = Angry()"
    )
    [obstacle] = notebook.capture("print(angry)")["obstacles"]
    assert obstacle["code"] == "variable-unserializable"
    assert obstacle["details"]["type"] == "Angry"
    assert "RuntimeError" in obstacle["details"]["problem"]
