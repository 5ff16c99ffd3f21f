"""What a capture says of the values that travel, and of those that do not."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from _sluice.kernel import carrying

from ..kernel.conftest import Notebook

FORMATS = {
    "plain = {'a': [1, None]}": "json",
    "pair = (1, {2.5})": "json",
    "array = np.arange(3)": "npy",
    "weights = {'w': np.ones(3), 'b': np.zeros(2)}": "safetensors",
    "frame = pd.DataFrame({'a': [1], 'b': ['x']})": "arrow",
    "numbers = pd.Series(range(3))": "pickle",
    "function = lambda: 1": "pickle",
    "upward = {'x': super(bool, True)}": "dill",
}


@pytest.fixture
def session(tmp_path: Path) -> Notebook:
    notebook = Notebook(tmp_path)
    notebook.names.update(np=np, pd=pd)
    return notebook


@pytest.mark.parametrize("made", FORMATS)
def test_each_value_takes_the_first_format_that_holds_it(session: Notebook, made: str) -> None:
    session.run(made)
    assert session.values(made.split(" ")[0]) == {made.split(" ")[0]: FORMATS[made]}


def test_what_dill_sends_is_noted_and_needs_dill_there(session: Notebook) -> None:
    session.run("upward = {'x': super(bool, True)}")
    answer = session.capture("upward")
    [note] = answer["notes"]
    assert (note["kind"], note["name"]) == ("variable", "upward")
    assert "dill" in note["text"]
    assert "dill" in answer["modules"]


def test_a_frame_with_columns_of_arrow_needs_pyarrow_there(session: Notebook) -> None:
    session.run("frame = pd.DataFrame({'a': ['x', None]})")
    answer = session.capture("frame")
    assert {"pandas", "pyarrow"} <= {*answer["modules"]}
    pd.testing.assert_frame_equal(session.arrive(answer)["frame"], session.names["frame"])


@pytest.mark.parametrize("made", ["x = np.ones(2)", "x = (np.ones(2),)", "x = np.float32(1)"])
def test_arrays_need_numpy_there_in_every_format(session: Notebook, made: str) -> None:
    session.run(made)
    assert session.capture("x")["modules"] == ["numpy"]


def test_large_values_are_noted(session: Notebook, monkeypatch: Any) -> None:
    monkeypatch.setattr(carrying, "_WARN_BYTES", 1000)
    session.run("small = np.zeros(10)\nlarge = np.zeros(1000)")
    [note] = session.capture("small, large")["notes"]
    assert note == {"kind": "variable", "name": "large", "text": "8.1 kB travel with the cell"}


def test_the_way_to_what_cannot_travel_is_said(session: Notebook) -> None:
    session.run("class Model: pass\nmodel = Model()")
    session.names["model"].cache = {"x": [threading.Lock()]}
    [obstacle] = session.capture("model")["obstacles"]
    details = obstacle["details"]
    assert details["path"] == "model.cache['x'][0]"
    assert details["problem"].startswith("`model.cache['x'][0]` is a lock (_thread.lock): ")
    assert "make it in the cell" in details["remedy"]


def test_what_no_table_knows_is_found_by_its_type(session: Notebook) -> None:
    session.run(
        "class Odd:\n def __reduce__(self): raise TypeError(\"cannot pickle 'Odd' object\")\n"
        "store = {'a': [Odd()]}"
    )
    [obstacle] = session.capture("store")["obstacles"]
    assert obstacle["details"]["problem"] == "`store['a'][0]`: cannot pickle 'Odd' object"


def test_views_arrive_as_views(session: Notebook) -> None:
    session.run("base = np.arange(10.0)\nrow = base.reshape(2, 5)[1]\nother = np.arange(3)")
    answer = session.capture("base[9] = 7\nprint(row, other)")
    assert {v["name"]: v["format"] for v in answer["values"]} == {
        "base": "pickle",
        "row": "pickle",
        "other": "npy",
    }
    there = session.arrive(answer)
    there["base"][9] = 7
    assert there["row"][4] == 7


class Loud:
    """Tells when it is pickled."""

    count = 0

    def __reduce__(self) -> Any:
        Loud.count += 1
        return Loud, ()


def test_a_survey_serialises_nothing_large_and_writes_nothing(session: Notebook) -> None:
    session.run(
        "class Row:\n def n(self): return factor\n"
        "factor = 2\n"
        "big = np.zeros(1_000_000)\n"
        "frame = pd.DataFrame({'n': big})\n"
        "rows = [Row(), big]\n"
        "def f(): return rows, factor"
    )
    session.names["rows"].append(Loud())
    before = Loud.count
    answer = session.capture("big, frame, f()", write=False)
    assert answer["obstacles"] == []
    assert {v["name"]: (v["format"], v["blobs"]) for v in answer["values"]} == {
        "big": ("npy", []),
        "frame": ("arrow", []),
        "f": ("pickle", []),
        "rows": ("pickle", []),
        "factor": ("json", []),
    }
    sizes = {value["name"]: value["bytes"] for value in answer["values"]}
    assert sizes["big"] == sizes["rows"] == 8_000_000
    # What the target must have is known without a look inside.
    tops = {module.split(".")[0] for module in answer["modules"]}
    assert {"numpy", "pandas", "pyarrow"} <= tops
    assert not (session.spool / "blobs").exists()
    assert Loud.count == before
    # The names are those of the capture itself.
    sent = session.capture("big, frame, f()")["values"]
    assert {value["name"] for value in sent} == set(sizes)


def test_a_survey_names_what_is_too_large(session: Notebook) -> None:
    session.run("big = np.zeros(1_000_000)")
    [obstacle] = session.capture("big", write=False, max_bytes=1000)["obstacles"]
    assert obstacle["code"] == "variable-too-large"
