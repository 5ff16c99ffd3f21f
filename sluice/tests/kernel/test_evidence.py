"""Strings, texts and words of functions: what the service looks for data files in."""

import linecache
from typing import Any

import pytest


@pytest.fixture
def cells(notebook: Any, monkeypatch: Any) -> Any:
    """Run cells as a kernel does, which keeps their text."""
    monkeypatch.setattr(linecache, "cache", dict(linecache.cache))
    count = 0

    def run(source: Any) -> None:
        nonlocal count
        count += 1
        name = f"<cell {count}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        exec(compile(source, name, "exec"), notebook.names)

    return run


def texts(answer: Any) -> Any:
    return {each["name"]: each["source"] for each in answer["sources"]}


# Constants


def test_strings_and_paths_of_what_is_read(notebook: Any) -> None:
    notebook.run(
        """
from pathlib import Path
base = Path("data")
name = "a.csv"
unused = "b.csv"
many = ["x.csv", ("y.csv", {"z.csv"}), 3, "two\\nlines", ""]
places = {"train": "t.csv", "deep": {"er": ["d.csv"]}, 1: "one.csv", "k/e.y": 1}
number = 1
"""
    )
    found = notebook.capture("base, name, many, places, number")["constants"]
    assert found == {
        "base": ["data"],
        "name": ["a.csv"],
        "many": ["x.csv", "y.csv", "z.csv", "3"],
        "places": ["t.csv", "d.csv", "one.csv", "1", "k/e.y"],
        "places['k/e.y']": ["1"],
        "number": ["1"],
        "places['train']": ["t.csv"],
        "places['deep']": ["d.csv"],
        "places['deep']['er']": ["d.csv"],
        "places[1]": ["one.csv"],
    }


def test_strings_in_simple_objects(notebook: Any) -> None:
    notebook.run(
        """
import argparse, dataclasses, types, typing
@dataclasses.dataclass
class Config:
    root: str = "r"
    kind: typing.ClassVar = "c"
    paths: dict = dataclasses.field(default_factory=lambda: {"x": "x.csv"})
class Slots:
    __slots__ = ("a", "b")
slots = Slots()
slots.a = "s.csv"
cfg = Config()
args = argparse.Namespace(data="n.csv", count=3)
simple = types.SimpleNamespace(inner=cfg)
Point = typing.NamedTuple("Point", [("file", str)])
point = Point("p.csv")
class Settings:
    DATA = "class.csv"
"""
    )
    found = notebook.capture("cfg, args, simple, point, slots, Settings")["constants"]
    assert found["cfg.root"] == ["r"]
    assert found["cfg.kind"] == ["c"]
    assert found["cfg.paths['x']"] == ["x.csv"]
    assert found["args.data"] == ["n.csv"]
    assert found["simple.inner.root"] == ["r"]
    assert found["point.file"] == ["p.csv"]
    assert found["slots.a"] == ["s.csv"]
    assert found["Settings.DATA"] == ["class.csv"]


def test_what_functions_read_and_what_stays(notebook: Any) -> None:
    notebook.run(
        """
path = "in.csv"
token = "left out"
def load(): return path, token
def make(where):
    def inner(): return where
    return inner
opener = make("closed.csv")
import functools
part = functools.partial(open, "part.csv")
"""
    )
    found = notebook.capture("load(), opener(), part()", include=["!token"])["constants"]
    assert found["path"] == ["in.csv"]
    assert found["token"] == ["left out"]
    assert found["where"] == ["closed.csv"]
    assert "part.csv" in found["part"]


def test_strings_of_a_local_module(notebook: Any, tmp_path: Any, monkeypatch: Any) -> None:
    (tmp_path / "my_settings.py").write_text("DATA = 'm.csv'\ndef f(): pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    notebook.run("import my_settings, json")
    found = notebook.capture("my_settings, json")["constants"]
    assert found["my_settings.DATA"] == ["m.csv"]
    assert not [key for key in found if key.startswith("json")]


def test_looking_for_strings_ends_and_runs_nothing(notebook: Any) -> None:
    notebook.run(
        """
loop = ["l.csv"]
loop.append(loop)
many = [f"{n}.csv" for n in range(5000)]
wide = {f"k{n}": {"a": f"{n}.csv"} for n in range(5000)}
long = "x" * 5000
ran = []
class Trap:
    def __getattr__(self, name): ran.append(name); raise RuntimeError(name)
    @property
    def data(self): ran.append("data"); return "trap.csv"
trap = Trap()
"""
    )
    found = notebook.capture("loop, many, wide, long")["constants"]
    assert found["loop"] == ["l.csv"]
    assert len(found["many"]) == len(found["wide"]) == 1000
    assert len(found) < 2010
    assert "long" not in found
    notebook.capture("trap")
    assert "data" not in notebook.names["ran"]


# Sources


def test_the_text_of_everything_typed_that_travels(notebook: Any, cells: Any) -> None:
    cells(
        "import functools\ndef deco(f):\n    @functools.wraps(f)\n    def w(*a): return f(*a)\n"
        "    return w"
    )
    cells("@deco\n@functools.lru_cache\ndef load():\n    return open('a.csv')\nunused = 1")
    cells("class Base:\n    def read(self): return open('b.csv')")
    cells("class Model(Base):\n    path = 'c.csv'\nmodel = Model()")
    cells("class Record:\n    '''No code'''\nrecord = [Record()]")
    cells("if True:\n    def indented():\n        return 'd.csv'\nkey = lambda x: open('e.csv')")
    found = texts(notebook.capture("load(), model, record, indented, key"))
    assert found["load"] == "@deco\n@functools.lru_cache\ndef load():\n    return open('a.csv')\n"
    assert found["deco.w"].startswith("@functools.wraps(f)\ndef w(*a)")
    assert "b.csv" in found["Base"]
    assert found["Model"] == "class Model(Base):\n    path = 'c.csv'\n"
    assert "No code" in found["Record"]
    assert found["indented"] == "def indented():\n    return 'd.csv'\n"
    assert found["<lambda>"] == "lambda x: open('e.csv')"
    assert notebook.capture("model")["notes"] == []


def test_of_a_class_that_was_typed_twice_the_last(notebook: Any, cells: Any) -> None:
    cells("class A:\n    x = 'old.csv'")
    cells("class A:\n    x = 'new.csv'")
    assert "new.csv" in texts(notebook.capture("A"))["A"]


def test_methods_come_with_their_class(notebook: Any, cells: Any) -> None:
    cells("class A:\n    def f(self): pass\n    def g(self): pass\na = A()")
    assert list(texts(notebook.capture("a"))) == ["A"]


def test_what_has_no_text_is_noted(notebook: Any) -> None:
    notebook.run("def f(): return 1")
    answer = notebook.capture("f()")
    assert answer["sources"] == []
    assert [(note["kind"], note["name"]) for note in answer["notes"]] == [("name", "f")]


# Names hidden in functions


def test_text_in_a_function_names_what_travels(notebook: Any, cells: Any) -> None:
    cells("a = b = c = d = e = 1")
    cells(
        "def f(df, loc):\n"
        "    import __main__\n"
        "    eval('a + 1'), globals()['b'], __main__.c\n"
        "    return df.query('x > @d + @loc')"
    )
    answer = notebook.capture("f(1, 2)")
    assert {value["name"] for value in answer["values"]} == {"f", "a", "b", "c", "d"}
    assert answer["leftOut"] == []


@pytest.mark.parametrize(
    "line",
    [
        "eval(text)",
        "exec(text)",
        "globals()[text]",
        "list(map(eval, text))",
        "getattr(__main__, text)",
        "sys._getframe().f_globals",
    ],
)
def test_a_function_that_hides_what_it_reads_is_reported(
    notebook: Any, cells: Any, line: Any
) -> None:
    cells(f"import __main__, sys\ndef deep(text):\n    return {line}")
    cells("class Model:\n    def fit(self): return deep('x')\nmodel = Model()")
    answer = notebook.capture("model.fit()")
    [left] = [each for each in answer["leftOut"] if each["kind"] == "name"]
    assert left["name"].endswith(" in deep")
    assert "-i" in left["reason"]


def test_a_function_without_text_that_hides_what_it_reads(notebook: Any) -> None:
    notebook.run("def f(t): return eval(t)")
    [left] = notebook.capture("f('x')")["leftOut"]
    assert left["name"] == "eval() in f"


def test_types_in_annotations_that_are_text_travel(notebook: Any, cells: Any) -> None:
    cells("class Model: pass\ntrain = [1]")
    cells("from __future__ import annotations\ndef f(x: Model, y: train): return x")
    assert {v["name"] for v in notebook.capture("f(1, 2)")["values"]} == {"f", "Model"}


def test_a_query_names_tables(notebook: Any, cells: Any) -> None:
    cells("import pandas as pd\nusers = pd.DataFrame({'a': [1]})\norders = 'no table'")
    source = "duckdb.sql('SELECT * FROM users JOIN orders USING (a)')"
    assert [v["name"] for v in notebook.capture(source)["values"]] == ["users"]


def test_a_name_that_a_function_reads_is_left_out_on_demand(notebook: Any, cells: Any) -> None:
    cells("big = 1\ndef f(): return big")
    answer = notebook.capture("f()", include=["!big", "!nothing"])
    assert [value["name"] for value in answer["values"]] == ["f"]
    reasons = {left["name"]: left["reason"] for left in answer["leftOut"]}
    assert reasons["big"] == "excluded with -i !big"
    assert "no such name" in reasons["!nothing"]
    assert notebook.capture("f()", exclude=["big"])["leftOut"][0]["name"] == "big"
