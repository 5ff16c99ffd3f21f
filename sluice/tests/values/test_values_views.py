from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from _sluice.values import encode, encode_together, parts_of, sharing_groups
from _sluice.values.memory import memory_groups

from .notebook import Notebook

OUT = ["safetensors", "json", "npy", "pickle"]
LARGE = 100_000


@pytest.fixture
def notebook(monkeypatch: Any) -> Any:
    notebook = Notebook()
    monkeypatch.setitem(sys.modules, "__main__", notebook.module)
    return notebook


def groups(**values: Any) -> Any:
    return sharing_groups({name: parts_of(v, encode(v, OUT)) for name, v in values.items()})


BASE = np.arange(float(LARGE))
GRID = np.asfortranarray(BASE.reshape(100, -1))
VIEWS = {
    "a part": (BASE, BASE[10:20]),
    "every other": (BASE, BASE[::2]),
    "backwards": (BASE, BASE[::-1]),
    "transposed": (GRID, GRID.T[3:, ::2]),
    "another type": (BASE, BASE.view("i8")),
    "two parts that overlap": (BASE[:20], BASE[10:30]),
    "in a list": (BASE, [BASE[5:]]),
    "in a tuple in a dict": (BASE, {"x": (BASE[5:], 1)}),
    "in an object": (BASE, SimpleNamespace(part=BASE[5:])),
    "small": (BASE[:3], BASE[1:2]),
}


@pytest.mark.parametrize("case", VIEWS)
def test_views_of_one_memory_belong_together_and_stay_views(case: str, notebook: Any) -> None:
    whole, part = VIEWS[case]
    assert groups(whole=whole, part=part) == [["whole", "part"]]
    there = notebook.decode(encode_together({"whole": whole, "part": part}, notebook.names))
    found, other = there["whole"], array_in(there["part"])
    assert np.shares_memory(found, other)
    for back, sent in ((found, whole), (other, array_in(part))):
        assert (back.dtype, back.strides) == (sent.dtype, sent.strides)
        assert (back == sent).all()
        assert back.flags.writeable
    before = other.copy()
    found[...] = -1.0
    assert not (other == before).all()


def array_in(value: Any) -> Any:
    if isinstance(value, list):
        return value[0]
    if isinstance(value, dict):
        return value["x"][0]
    return getattr(value, "part", value)


@pytest.mark.parametrize(
    "pair",
    [
        (BASE[:10], BASE[10:20]),
        (BASE[::2], BASE[1::2]),
        (GRID[:5], GRID[5:]),
        (BASE.copy(), BASE.copy()),
    ],
    ids=["one after the other", "interleaved", "halves", "copies"],
)
def test_parts_that_share_nothing_travel_apart(pair: Any) -> None:
    assert groups(a=pair[0], b=pair[1]) == []


def test_a_part_does_not_bring_the_rest_along() -> None:
    assert encode(BASE[10:20], OUT).size < 1000
    overlapping = {"a": BASE[10:20], "b": BASE[15:25]}
    assert encode_together(overlapping, None).size < 2000


def test_views_inside_one_value_stay_views(notebook: Any) -> None:
    value = SimpleNamespace(whole=BASE, parts=[BASE[:9], BASE[5:]], alone=np.arange(3))
    back = notebook.decode(encode(value, OUT))
    back.whole[7] = -1
    assert back.parts[0][7] == back.parts[1][2] == -1
    assert back.alone.base is None or back.alone.base.nbytes < 100


def test_the_memory_of_views_travels_once() -> None:
    together = encode_together({"whole": BASE, "part": BASE[1:]}, None)
    assert BASE.nbytes <= together.size < BASE.nbytes + 2000


def test_what_cannot_be_written_to_stays_so(notebook: Any) -> None:
    fixed = BASE[3:9]
    fixed.flags.writeable = False
    there = notebook.decode(encode_together({"whole": BASE, "part": fixed}, notebook.names))
    assert there["whole"].flags.writeable
    assert not there["part"].flags.writeable


def test_a_frame_that_copies_on_write_is_no_view_of_its_column() -> None:
    frame = pd.DataFrame({"a": BASE, "b": BASE + 1})
    assert np.shares_memory(frame["a"].to_numpy(), frame["a"].to_numpy())
    assert groups(frame=frame, column=frame["a"]) == []


def test_a_frame_that_changes_in_place_and_its_column_belong_together(monkeypatch: Any) -> None:
    # As older versions of pandas do by default.
    monkeypatch.setattr("_sluice.values.copy_on_write.copies_on_write", lambda: False)
    frame = pd.DataFrame({"a": BASE, "b": BASE + 1})
    assert groups(frame=frame, column=frame["a"]) == [["frame", "column"]]


def test_many_views_are_sorted_out_soon() -> None:
    rows = list(GRID.reshape(100, -1))
    assert memory_groups(list(BASE.reshape(-1, 10))) == []
    assert [len(group) for group in memory_groups([GRID, *rows])] in ([1 + len(rows)], [])


def test_functions_that_share_a_cell_share_it_there(notebook: Any) -> None:
    notebook.run(
        "def make():\n n = 0\n def up():\n  nonlocal n\n  n += 1\n return up, lambda: n\n"
        "a, b = make()\n"
        "def countdown():\n def f(n): return 0 if n == 0 else f(n - 1) + me\n me = 1\n return f\n"
        "c = countdown()"
    )
    names = notebook.names
    there = notebook.decode(encode_together({"a": names["a"], "b": names["b"]}, names))
    there["a"]()
    assert there["b"]() == 1
    assert names["b"]() == 0
    assert notebook.decode(notebook.encode(names["c"]))(5) == 5
