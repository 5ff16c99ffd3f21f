"""Ways on for values that are too large: cells that make them anew, and columns."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from _sluice.kernel.cell import parse_cell
from _sluice.kernel.columns import named_columns
from _sluice.kernel.history import Cell
from _sluice.kernel.recipes import NoRecipeError, Recipes

from ..kernel.conftest import Notebook


class Session(Notebook):
    """A notebook that remembers the cells that were run."""

    def __init__(self, folder: Any, monkeypatch: Any) -> None:
        super().__init__(folder)
        self.cells: list[Cell] = []
        monkeypatch.setattr("_sluice.kernel.detours.cells_run", lambda: self.cells)

    def cell(self, *sources: str) -> None:
        for source in sources:
            self.run(source)
            self.cells.append(Cell(len(self.cells) + 1, source))

    def recipe(self, name: str = "big", max_bytes: int = 1000) -> Any:
        return Recipes(self.cells, self.names, max_bytes).recipe_of([name])


@pytest.fixture
def session(tmp_path: Path, monkeypatch: Any) -> Session:
    return Session(tmp_path, monkeypatch)


def test_the_cell_that_made_a_value_is_its_recipe(session: Session) -> None:
    session.cell("n = 5000", "big = list(range(n))", "print(len(big))", "other = 1")
    recipe = session.recipe()
    assert recipe.numbers == "2"
    assert recipe.text == "# In [2]\nbig = list(range(n))"
    assert recipe.reads == {"n": "cell 2"}


def test_cells_that_changed_a_value_in_place_belong_to_its_recipe(session: Session) -> None:
    session.cell(
        "big = list(range(5000))",
        "big.append(1)",
        "len(big)",
        "big[0] = 7",
        "big += [2]",
    )
    assert session.recipe().numbers == "1, 2, 4, 5"
    assert session.recipe().reads == {}


def test_large_values_that_a_recipe_reads_have_theirs(session: Session) -> None:
    session.cell("rows = list(range(5000))", "k = 2", "big = [row * k for row in rows]")
    recipe = session.recipe()
    assert recipe.numbers == "1, 3"
    assert recipe.made == {"rows", "big"}
    assert recipe.reads == {"k": "cell 3"}


def test_the_last_of_several_makers_counts(session: Session) -> None:
    session.cell("big = [1]", "import math", "big = [math.pi] * 5000", "import math")
    assert session.recipe().numbers == "3"


def test_a_cell_that_was_run_twice_has_changed_nothing(session: Session) -> None:
    session.cell("n = 5000", "big = list(range(n))", "n = 5000")
    assert session.recipe().reads == {"n": "cell 2"}


REFUSED = {
    "changed since": (["n = 5000", "big = [0] * n", "n = 3"], "n, which cell 3 has changed"),
    "changed in place since": (
        ["c = {'n': 5000}", "big = [0] * c['n']", "c['n'] = 3"],
        "c, which cell 3 has changed",
    ),
    "changed behind a function": (
        ["n = 5000", "def f(): return [0] * n", "big = f()", "n = 3"],
        "n, which cell 4 has changed",
    ),
    "gone": (["n = 5000", "big = [0] * n", "del n"], "n, which is gone"),
    "random": (
        ["import random\nr = random.Random(1)", "big = [r.random() for _ in range(5000)]"],
        "other numbers each time",
    ),
    "by a shell line": (["big = [0] * 5000\nget_ipython().system('rm x')"], "!rm x"),
    "by a magic": (["get_ipython().run_line_magic('run', 'x.py')\nbig = [0]"], "%run"),
    "by text": (["exec(open(__file__).read())\nbig = [0]"], "exec"),
    "side effects": (["log = []", "big = [0] * 5000\nlog.append(1)"], "also changes log"),
    "not known": ([], "no cell"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_where_there_is_no_recipe_the_reason_is_said(session: Session, case: str) -> None:
    sources, words = REFUSED[case]
    for number, source in enumerate(sources, 1):
        session.cells.append(Cell(number, source))
        if "get_ipython" not in source and "exec(" not in source:
            session.run(source)
    session.names.setdefault("big", [0] * 5000)
    with pytest.raises(NoRecipeError, match=words.replace("!", "!")):
        session.recipe()


def test_a_very_long_recipe_is_cut_where_it_is_shown(session: Session) -> None:
    session.cell(f"big = list(range(5000))\n{'# ' * 50_000}")
    [obstacle] = session.capture("big", max_bytes=1000)["obstacles"]
    assert len(obstacle["details"]["recipe"]) < 30_000
    assert len(session.capture("big", recompute=["big"])["prelude"][0]["source"]) > 90_000


def test_a_cell_on_a_cluster_is_no_recipe(session: Session) -> None:
    session.cells.append(Cell(1, "%%slurm\nbig = 1"))
    session.names["big"] = [0] * 5000
    with pytest.raises(NoRecipeError, match="cell 1 ran on a cluster"):
        session.recipe()


def test_what_is_too_large_is_refused_with_the_ways_on(session: Session) -> None:
    session.cell("n = 5000", "big = list(range(n))")
    answer = session.capture("sum(big)", max_bytes=1000)
    [obstacle] = answer["obstacles"]
    assert obstacle["code"] == "variable-too-large"
    details = obstacle["details"]
    assert details["recipe"] == "# In [2]\nbig = list(range(n))"
    assert details["recipeCells"] == "2"
    assert details["recipeProblem"] is details["columns"] is details["columnsSize"] is None
    # Flat, as the wire wants it.
    assert all(isinstance(value, (str, type(None))) for value in details.values())


def test_why_there_is_no_recipe_is_among_the_details(session: Session) -> None:
    session.run("big = list(range(5000))")
    [obstacle] = session.capture("sum(big)", max_bytes=1000)["obstacles"]
    assert obstacle["details"]["recipe"] is None
    assert "no cell" in obstacle["details"]["recipeProblem"]


def test_a_person_may_have_the_cells_run_there(session: Session) -> None:
    session.cell("n = 5000", "def rows(): return [7] * n", "big = rows()")
    answer = session.capture("sum(big)", max_bytes=1000, recompute=["big"])
    assert answer["obstacles"] == []
    assert answer["prelude"] == [{"name": "cell 3", "source": "big = rows()"}]
    assert {value["name"]: value["why"] for value in answer["values"]} == {
        "rows": "read by cell 3",
        "n": "read by rows",
    }
    assert {"kind": "variable", "name": "big", "text": "made there by cell 3"} in answer["notes"]
    there = session.arrive(answer)
    exec(answer["prelude"][0]["source"], there)
    assert there["big"] == session.names["big"]


@pytest.mark.parametrize("name", ["big", "nobody"])
def test_what_cannot_be_made_anew_is_an_obstacle(session: Session, name: str) -> None:
    session.run("big = [1]")
    answer = session.capture("big", recompute=[name])
    assert [obstacle["code"] for obstacle in answer["obstacles"]] == ["recompute-impossible"]
    assert answer["prelude"] == []


FRAME = pd.DataFrame({"a": range(5000), "b": 1.5, "count": 2, "name": "x"})
COLUMNS = {
    "df['a'].mean()": ["a"],
    "df[['b', 'a']].sum()": ["a", "b"],
    "df.a + df.b": ["a", "b"],
    "df['count'] + len(df) + df.index[0]": ["count"],
    "df.groupby('a')['b'].mean()": ["a", "b"],
    "df.groupby(['a', 'b'], sort=False)[['count']].sum()": ["a", "b", "count"],
    "df.loc[df.a > 3, 'b']": ["a", "b"],
    "df.loc[:, ['b']]": ["b"],
    "def f():\n    return df['a']": ["a"],
    "[df[c] for c in 'ab']": None,
    "df": None,
    "print(df)": None,
    "df.head()": None,
    "df.count": None,
    "df[df.a > 3]": None,
    "df.groupby('a').mean()": None,
    "df['new'] = df['a']": None,
    "df['a'] = 1": None,
    "df.a = 1": None,
    "del df['a']": None,
    "df['nothing']": None,
    "df[['a', 'b', 'count', 'name']]": None,
    "df = df['a']": None,
    "len(df)": None,
}


@pytest.mark.parametrize("source", COLUMNS)
def test_the_columns_that_a_cell_names(source: str) -> None:
    assert named_columns(parse_cell(source), "df", FRAME) == COLUMNS[source]


def test_columns_whose_names_hold_commas_stay_apart(session: Session) -> None:
    frame = pd.DataFrame({"x, y": range(5000), "z": 0, "other": "text"})
    session.names["df"] = frame
    [obstacle] = session.capture("df[['x, y', 'z']].sum()", max_bytes=50_000)["obstacles"]
    assert json.loads(obstacle["details"]["columns"]) == ["x, y", "z"]


def test_a_person_may_send_only_some_columns(session: Session) -> None:
    session.names["df"] = FRAME
    [obstacle] = session.capture("df['a'].sum()", max_bytes=50_000)["obstacles"]
    assert json.loads(obstacle["details"]["columns"]) == ["a"]
    assert obstacle["details"]["columnsSize"] == "40.1 kB"
    answer = session.capture("df['a'].sum()", max_bytes=50_000, columns={"df": ["a"]})
    assert answer["obstacles"] == []
    assert answer["notes"] == [{"kind": "variable", "name": "df", "text": "only its columns a"}]
    [value] = answer["values"]
    assert value["bytes"] < 50_000
    assert list(session.arrive(answer)["df"].columns) == ["a"]


@pytest.mark.parametrize("columns", [{"df": ["zz"]}, {"n": ["a"]}])
def test_columns_that_are_not_there_are_an_obstacle(session: Session, columns: Any) -> None:
    session.names.update(df=FRAME, n=1)
    [obstacle] = session.capture("df['a'], n", columns=columns)["obstacles"]
    assert obstacle["code"] == "columns-unknown"
    assert "column" in obstacle["details"]["problem"]


def test_ipython_remembers_the_cells() -> None:
    script = f"""
import sys
from types import ModuleType
carrier = ModuleType("_sluice")
carrier.__path__ = [{str(Path(__file__).parents[2])!r}]
sys.modules["_sluice"] = carrier
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
config = Config()
config.HistoryManager.enabled = False
shell = InteractiveShell.instance(config=config)
found = []
shell.user_ns["look"] = lambda: found.extend(cells_run())
from _sluice.kernel.history import cells_run
shell.run_cell("big = [1]", store_history=True)
shell.run_cell("%time x = 2", store_history=True)
shell.run_cell("look()", store_history=True)
assert [(c.number, c.source) for c in found] == [(1, "big = [1]"), (2, "%time x = 2")], found
assert [c.number for c in cells_run()] == [1, 2, 3]
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
