import sys
from typing import Any

import numpy as np
import pandas as pd
import pytest
from _sluice.values import (
    CannotDecodeError,
    decode,
    encode,
    encode_together,
    parts_of,
    sharing_groups,
)
from _sluice.values.together import Taking

from .notebook import Notebook, blobs_of

OUT = ["json", "npy", "pickle"]


@pytest.fixture
def notebook(monkeypatch: Any) -> Any:
    notebook = Notebook()
    monkeypatch.setitem(sys.modules, "__main__", notebook.module)
    return notebook


def groups(notebook: Any, *names: str) -> Any:
    values = {name: notebook.names[name] for name in names}
    parts = {n: parts_of(value, notebook.encode(value, OUT)) for n, value in values.items()}
    return sharing_groups(parts)


SHARING = {
    "two names of a list": "a = [1]\nb = a",
    "a list in a dict": "a = [1]\nb = {'x': a}",
    "an array in a list": "import numpy\na = numpy.zeros(3)\nb = [a]",
    "an instance in a list": "class P: pass\na = P()\nb = [a, P()]",
    "a part of both": "import collections\nq = collections.deque()\na = (q, 1)\nb = {'q': q}",
    "functions that share a cell": (
        "def make():\n n = 0\n def up():\n  nonlocal n\n  n += 1\n return up, lambda: n\n"
        "a, b = make()"
    ),
    "a function as a key": "def a(): pass\nb = {a: 1}",
    "a generator and its bits": (
        "import numpy\na = numpy.random.default_rng()\nb = a.bit_generator"
    ),
    "a frame in a dict": "import pandas\na = pandas.DataFrame({'x': [1]})\nb = {'a': a}",
}


@pytest.mark.parametrize("case", SHARING)
def test_values_that_share_an_object_belong_together(notebook: Any, case: Any) -> None:
    notebook.run(SHARING[case])
    assert groups(notebook, "a", "b") == [["a", "b"]]


APART = {
    "equal lists": "a = [1]\nb = [1]",
    "the same text and numbers": "a = ['x', 1.5, None, (1,)]\nb = [a[0], a[1], a[2], a[3]]",
    "instances of one class": (
        "class P:\n seen = {'x': []}\n @property\n def n(self): return 1\n"
        " @staticmethod\n def f(): return 2\na = P()\nb = P()"
    ),
    "instances of a data class": (
        "import dataclasses\n@dataclasses.dataclass\nclass D:\n x: list\na = D([1])\nb = D([1])"
    ),
    "members of an enumeration": (
        "import enum\nclass C(enum.Enum):\n RED = 1\na = [C.RED, {1}]\nb = [C.RED, {2}]"
    ),
    "functions of a library": "import numpy\na = {1: numpy.sum, 2: len}\nb = [{3}, numpy.sum, len]",
    "frames": (
        "import pandas\na = pandas.DataFrame({'x': ['u'], 'c': pandas.Categorical(['v'])})\n"
        "b = pandas.DataFrame({'x': ['u'], 'c': pandas.Categorical(['v'])})"
    ),
    "dates": "import datetime\na = {datetime.timezone.utc}\nb = [(1,), datetime.timezone.utc]",
}


@pytest.mark.parametrize("case", APART)
def test_values_that_share_nothing_that_can_change_stay_apart(notebook: Any, case: Any) -> None:
    notebook.run(APART[case])
    assert groups(notebook, "a", "b") == []


def test_sharing_passes_on_over_several_names(notebook: Any) -> None:
    notebook.run("x = [1]\ny = [2]\na = [x, 1]\nb = [y]\nc = {'x': x, 'y': y}\nd = [x[0]]")
    assert groups(notebook, "a", "b", "c", "d") == [["a", "b", "c"]]


def test_what_was_shared_is_shared_after_the_trip() -> None:
    array = np.zeros(100_000)
    values = {"a": array, "b": [array], "frame": pd.DataFrame({"x": [1]})}
    encoded = encode_together(values, None)
    assert any(blob.role == "buffer:0" for blob in encoded.blobs)
    taking, decoded = Taking(), []

    def decode_once() -> Any:
        decoded.append(1)
        return decode(encoded.format, blobs_of(encoded), allowed=["pickle"])

    back = {name: taking.take(name, "these files", decode_once) for name in values}
    assert back["a"] is back["b"][0]
    assert decoded == [1]
    with pytest.raises(CannotDecodeError, match="other values"):
        taking.take("c", "these files", decode_once)


def test_a_value_of_its_own_is_taken_as_it_is() -> None:
    encoded = encode({"a": 1}, OUT)
    taken = Taking().take(
        "x", "its files", lambda: decode("json", blobs_of(encoded), allowed=["json"])
    )
    assert taken == {"a": 1}
