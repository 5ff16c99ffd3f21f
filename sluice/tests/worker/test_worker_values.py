from __future__ import annotations

import types
from typing import Any

import numpy as np
import pandas as pd
import pytest
from _sluice.values import VALUE_FORMATS, Taking, decode, encode, encode_together

from .host import TYPED, Host

PICKLES = {"accepts": list(VALUE_FORMATS), "trust": "pickles"}


def home(done: Any, name: Any, namespace: Any = None) -> Any:
    return Taking().take(name, "files", lambda: decoded(done, name, namespace))


def decoded(done: Any, name: Any, namespace: Any = None) -> Any:
    data = done.variables[name]
    return decode(
        data["format"], done.blobs(name), allowed=VALUE_FORMATS, namespace=namespace or {}
    )


def sent(host: Any, **values: Any) -> Any:
    out = ["json", "npy", "pickle"]
    return [host.send(name, encode(value, out)) for name, value in values.items()]


def test_values_are_there_and_what_is_new_comes_home(either: Host) -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    done = either.run(
        "total = sum(numbers) + array.sum()\ntable = frame * 2\nmean = array.mean()\n"
        "text = 'é'\nscores = {'a': [1.5, None]}\n_hidden = 1\nimport math\nfrom math import pi\n"
        "for i in range(3): pass\n",
        values=sent(either, numbers=[1, 2], array=np.arange(4.0), frame=frame),
    )
    assert done.home == {"total", "table", "mean", "text", "scores", "i"}
    assert set(done.variables) == done.home
    assert home(done, "scores") == {"a": [1.5, None]}
    assert home(done, "text") == "é"
    assert home(done, "mean") == 1.5
    pd.testing.assert_frame_equal(home(done, "table"), frame * 2)


def test_only_accepted_formats_come_home(either: Host) -> None:
    done = either.run(
        "import pandas\ntable = pandas.DataFrame({'a': [1.5]})", accepts=["json", "npy", "frame"]
    )
    assert done.variables["table"]["format"] == "frame"


def test_sent_values_come_home_only_when_changed(either: Host) -> None:
    done = either.run(
        "a.append(3)\nb[0] = 7\nc['k'] = 1\nf.loc[0, 'v'] = 9\n"
        "len(same), same_array.sum(), same_frame.sum(), same_set\nn += 1",
        values=sent(
            either,
            a=[1, 2],
            b=np.zeros(3),
            c={},
            f=pd.DataFrame({"v": [1.0]}),
            n=1,
            same=[1],
            same_array=np.zeros(3),
            same_frame=pd.DataFrame({"v": [1.0], "w": ["x"]}),
            same_set={1, "a", (2, 3)},
        ),
    )
    assert done.home == {"a", "b", "c", "f", "n"}
    assert set(done.variables) == done.home
    assert home(done, "a") == [1, 2, 3]
    assert home(done, "b").tolist() == [7, 0, 0]


def test_large_arrays_can_be_written_to(either: Host) -> None:
    done = either.run(
        "big[0] = 1\nparts['x'][0] = 2\nprint(big[0], parts['x'][0])\ndel big, parts",
        values=sent(either, big=np.zeros(50_000), parts={"x": np.zeros(50_000), "y": {1}}),
    )
    assert done.text() == "1.0 2.0\n"


def test_functions_see_the_globals_of_the_cell(either: Host) -> None:
    notebook = types.ModuleType("__main__").__dict__
    exec(
        "factor = 2\ndef scaled(x): return x * factor\nclass A:\n  def n(self): return factor",
        notebook,
    )
    values = [
        either.send(name, encode(notebook[name], ["json", "pickle"], namespace=notebook))
        for name in ("factor", "scaled", "A")
    ]
    values.append(either.send("one", encode(notebook["A"](), ["pickle"], namespace=notebook)))
    done = either.run(
        "print(scaled(3))\nfactor = 10\nprint(scaled(3), one.n(), isinstance(one, A))",
        values=values,
    )
    assert done.text() == "6\n30 10 True\n"
    assert set(done.variables) == {"factor"}


def test_objects_come_home_as_what_they_were(either: Host) -> None:
    notebook = types.ModuleType("__main__").__dict__
    exec("class A: pass\none = A()", notebook)
    values = [either.send("one", encode(notebook["one"], ["pickle"], namespace=notebook))]
    done = either.run("one.n = 5\nmore = [one, type(one)()]", values=values, **PICKLES)
    assert done.home == {"one", "more"}
    for item in [home(done, "one", notebook), *home(done, "more", notebook)]:
        assert type(item) is notebook["A"]


def test_code_stays_unless_pickles_are_trusted(either: Host) -> None:
    source = "def f(): return k\nclass A: pass\nk = 1\nfrom os.path import *\nimport json as j"
    done = either.run(source)
    assert done.home == {"k"}
    assert set(done.variables) == {"f", "A", "k"}
    assert done.variables["f"]["reason"].startswith("is code; ")
    done = either.run(source, **PICKLES)
    assert done.home == {"f", "A", "k"}
    assert home(done, "f", {"k": 6})() == 6


def test_what_has_no_typed_format_stays_with_a_reason(either: Host) -> None:
    done = either.run("pair = (1, object())\nopen_file = open(__import__('os').devnull)")
    assert done.home == set()
    assert "trust" in done.variables["pair"]["reason"]
    assert done.variables["pair"]["kept"] == "withheld"
    assert home(done, "pair")[0] == 1
    assert (done.variables["open_file"]["kept"], done.variables["open_file"]["files"]) == (None, [])
    done = either.run("pair = (1, 2)\nimport threading\nlock = threading.Lock()", **PICKLES)
    assert done.home == {"pair"}
    assert "lock" in done.variables["lock"]["reason"]


def test_the_smallest_come_home_up_to_the_limit(either: Host) -> None:
    limits = {"homeBytes": 10_000, "eventBytes": 100_000}
    done = either.run(
        "import numpy\nhuge = numpy.zeros(10_000)\n"
        "c = 'c' * 5_000\nb = 'b' * 4_000\na = 'a' * 3_000\n"
        "deep = [(n,) for n in range(10_000)]",
        limits=limits,
        **PICKLES,
    )
    assert done.home == {"a", "b"}
    assert done.variables["huge"]["reason"].startswith("78 kB, more than the 9.8 kB")
    assert done.variables["c"]["reason"].startswith("4.9 kB; with smaller ones")
    assert done.variables["deep"]["reason"].startswith("more than the 9.8 kB")
    assert {n for n, data in done.variables.items() if data["kept"] == "large"} == {
        "huge",
        "c",
        "deep",
    }
    assert len(home(done, "deep")) == 10_000
    assert len(list((done.attempt / "results").iterdir())) == 5


def test_named_outputs_alone_come_home(either: Host) -> None:
    done = either.run("a = 1\nb = 2\n_c = 3", outputs=["b", "_c", "b"])
    assert list(done.variables) == ["b", "_c"]
    assert done.status == 0


def test_a_missing_output_is_an_error_after_what_was_shown(either: Host) -> None:
    done = either.run("a = 1\nprint('shown')", outputs=["a", "nowhere"])
    assert done.home == {"a"}
    assert "nowhere" in done.error["evalue"]
    assert (done.status, done.end["ename"]) == (1, "NameError")
    kinds = [line["type"] for line in done.lines]
    assert kinds.index("stream") < kinds.index("error")


def test_what_a_failing_cell_bound_comes_home(either: Host) -> None:
    done = either.run("kept = 1\nraise ValueError('late')\nnever = 2", outputs=["kept", "never"])
    assert done.home == {"kept"}
    assert done.error["ename"] == "ValueError"


def test_a_name_that_is_imported_and_bound_comes_home(either: Host) -> None:
    done = either.run("from math import pi\npi = pi * 2\nfrom os import sep")
    assert done.home == {"pi"}


def test_a_value_of_a_missing_package_is_named(
    either: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("torchlike")
    exec("class Tensor: pass", module.__dict__)
    monkeypatch.setitem(__import__("sys").modules, "torchlike", module)
    value = either.send("weights", encode(module.Tensor(), ["pickle"]), "torchlike.Tensor")
    done = either.run("print('never')", values=[value])
    assert done.error["ename"] == "ModuleNotFoundError"
    for word in ("weights", "torchlike", "Python 3.", "testbed"):
        assert word in done.error["evalue"]
    assert (done.status, done.text()) == (2, "")


def test_new_and_changed_files_are_told(either: Host) -> None:
    done = either.run(
        "import os, pathlib\nos.makedirs('out/deep')\n"
        "pathlib.Path('out/deep/a.bin').write_bytes(b'x' * 10)\n"
        "pathlib.Path('../up.txt').write_text('é')\nos.makedirs('__pycache__')\n"
        "pathlib.Path('__pycache__/x.pyc').write_text('')\nos.symlink('out', 'link')"
    )
    assert done.files() == [("../up.txt", 2, True), ("link", 0, True), ("out/deep/a.bin", 10, True)]
    assert done.of("file")[1]["problem"] == "it is a symbolic link"


def test_typed_formats_are_what_a_notebook_accepts() -> None:
    assert set(TYPED) < set(VALUE_FORMATS)


def test_values_that_share_an_object_are_compared_and_sent_home_together(either: Host) -> None:
    row, kept = [1], [0]
    values = {"row": row, "table": [row], "kept": kept, "holder": {"kept": kept}}
    both = encode_together(values, None)
    done = either.run(
        "row.append(2)\nassert table[0] is row and holder['kept'] is kept\nnew = [table]",
        values=[either.send(name, both) for name in values],
        **PICKLES,
    )
    assert done.home == {"row", "table", "new"}
    assert done.blobs("row") == done.blobs("table") == done.blobs("new")
    together = decoded(done, "row")
    assert together["new"][0][0] is together["row"]


def test_cells_run_first_in_place_of_what_is_too_large(either: Host) -> None:
    cells = [
        ("cell 3", "print('loud')\nfactor = 1\nbig = [factor] * n"),
        ("cell 5", "display('loud')\nbig = [each + factor for each in big]"),
    ]
    prelude = [{"name": name, "source": source} for name, source in cells]
    done = either.run(
        "total = sum(big) + factor", values=sent(either, n=3, factor=10), prelude=prelude
    )
    # The factor that another cell made after the first of them, and before the second.
    assert home(done, "total") == 43
    assert done.home == {"total"}
    assert done.text() == ""
    assert done.of("display_data") == []


def test_a_cell_that_fails_before_the_cell_is_named(either: Host) -> None:
    prelude = [{"name": "cell 3", "source": "x = 1\nbig = gone()"}]
    done = either.run("print(big)", prelude=prelude)
    assert done.status == 2
    assert done.error["ename"] == "PreludeError"
    assert "cell 3" in done.error["evalue"]
    assert "NameError" in done.error["evalue"]


def test_values_of_every_outward_format_are_there(either: Host) -> None:
    outward = ["safetensors", "json", "npy", "arrow", "pickle", "dill"]
    values: dict[str, Any] = {
        "weights": {"w": np.ones(3), "b": np.zeros((0, 2))},
        "tree": ({"x", "y"}, 1 + 2j),
        "frame": pd.DataFrame({"a": ["x", None]}),
        "upward": {"x": super(bool, True)},
    }
    sent = [either.send(name, encode(value, outward)) for name, value in values.items()]
    assert [each["format"] for each in sent] == ["safetensors", "json", "arrow", "dill"]
    done = either.run(
        "print(weights['w'].sum(), weights['b'].shape, sorted(tree[0]), tree[1], "
        "frame['a'].isna().sum(), type(upward['x']).__name__)",
        values=sent,
    )
    assert done.text() == "3.0 (0, 2) ['x', 'y'] (1+2j) 1 super\n"
    # Nothing was changed.
    assert done.home == set()


def test_typed_results_of_many_kinds_come_home_without_pickles(either: Host) -> None:
    done = either.run(
        "import numpy as np, datetime, pathlib\n"
        "weights = {'w': np.ones(3)}\n"
        "found = [(pathlib.PurePosixPath('a'), {None: np.arange(2)})]\n"
        "day = datetime.date(2026, 11, 22)",
        accepts=["safetensors", *TYPED],
    )
    assert done.home == {"weights", "found", "day"}
    assert home(done, "weights")["w"].tolist() == [1, 1, 1]
    [(path, inner)] = home(done, "found")
    assert (str(path), inner[None].tolist()) == ("a", [0, 1])
    assert str(home(done, "day")) == "2026-11-22"


def test_arrow_comes_home_only_where_it_is_accepted(either: Host) -> None:
    source = "import pandas\nframe = pandas.DataFrame({'a': pandas.Categorical(['x', 'y'])})"
    done = either.run(source, accepts=["json", "npy", "arrow", "frame"])
    assert done.variables["frame"]["format"] == "arrow"
    assert list(home(done, "frame")["a"].cat.categories) == ["x", "y"]
    assert either.run(source, accepts=["json", "npy", "frame"]).home == set()


def test_views_stay_views_on_both_roads(either: Host) -> None:
    base = np.arange(10.0)
    together = encode_together({"base": base, "part": base[2:]}, None)
    values = [either.send(name, together) for name in ("base", "part")]
    done = either.run("base[3] = 7\nprint(part[1])", values=values, **PICKLES)
    assert done.text() == "7.0\n"
    assert done.home == {"base", "part"}
    taking = Taking()
    back = {
        name: taking.take(name, "files", lambda name=name: decoded(done, name))
        for name in done.home
    }
    back["base"][4] = -1
    assert back["part"][2] == -1


@pytest.mark.parametrize(
    ("package", "value"),
    [
        ("dill", [super(bool, True)]),
        ("numpy", np.ones(3)),
        ("numpy", {"w": np.ones(3)}),
        ("pyarrow", pd.DataFrame({"a": ["x"]})),
    ],
    ids=["dill", "npy", "safetensors", "arrow"],
)
def test_a_package_that_is_not_there_is_named(host: Host, package: Any, value: Any) -> None:
    formats = ["safetensors", "npy", "arrow", "pickle", "dill"]
    values = [host.send("x", encode(value, formats))]
    folder = host.root / "without"
    folder.mkdir()
    (folder / "sitecustomize.py").write_text(f"import sys\nsys.modules[{package!r}] = None")
    host.environment["PYTHONPATH"] = str(folder)
    done = host.run("print(x)", values=values)
    assert done.status == 2
    assert f"needs the package {package}" in done.error["evalue"]
