import os
import sys
import threading
from typing import Any

import pytest

from .conftest import NONCE


def test_what_a_cell_reads_arrives_whole(notebook: Any) -> None:
    notebook.run(
        """
import math as m
import numpy as np
from json import dumps as to_text
factor = 2
def scale(x): return x * factor + m.floor(0.5)
class Model:
    def fit(self, data): return scale(data.sum())
model = Model()
data = np.arange(10.0)
unused = "stays"
"""
    )
    answer = notebook.capture("result = to_text(model.fit(data))")
    assert answer["obstacles"] == answer["leftOut"] == []
    assert answer["reads"] == ["to_text", "model", "data"]
    assert {v["name"]: (v["format"], v["why"]) for v in answer["values"]} == {
        "model": ("pickle", "read by the cell"),
        "data": ("npy", "read by the cell"),
        "scale": ("pickle", "read by model"),
        "factor": ("json", "read by scale"),
    }
    assert {"name": "to_text", "module": "json", "attribute": "dumps"} in answer["imports"]
    assert {"name": "m", "module": "math", "attribute": None} in answer["imports"]
    other = notebook.arrive(answer)
    exec("import math as m", other)
    assert other["model"].fit(other["data"]) == 90.0
    # The receiver's own name is seen by the functions, as here.
    other["factor"] = 3
    assert other["scale"](1) == 3


def test_a_name_that_the_cell_binds_first_stays(notebook: Any) -> None:
    notebook.run("x = 1")
    assert notebook.values("x = 2\nprint(x)") == {}


def test_submodules_that_are_spelled_are_imported_too(notebook: Any) -> None:
    notebook.run(
        "import concurrent.futures, os.path, xml.dom.minidom\ndef f(): xml.dom.minidom.parse"
    )
    answer = notebook.capture("concurrent.futures.ThreadPoolExecutor, os.path.join, f")
    imported = {(each["name"], each["module"]) for each in answer["imports"]}
    assert ("concurrent.futures", "concurrent.futures") in imported
    assert ("xml.dom.minidom", "xml.dom.minidom") in imported
    assert "concurrent.futures" in answer["modules"]


def test_local_modules_of_classes_functions_and_instances_are_named(
    notebook: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    package = tmp_path / "shapes_pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "square.py").write_text("class Square: pass\ndef make(): return Square()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    notebook.run("from shapes_pkg.square import make as build\nsquare = build()")
    answer = notebook.capture("build(), square")
    assert answer["imports"] == [
        {"name": "build", "module": "shapes_pkg.square", "attribute": "make"}
    ]
    assert [value["name"] for value in answer["values"]] == ["square"]
    assert "shapes_pkg.square" in answer["modules"]
    assert str(tmp_path) in answer["sysPath"]


def test_what_the_worker_supplies_is_imported_from_the_top(notebook: Any) -> None:
    notebook.run("import sluice\nfrom sluice import path")
    assert notebook.capture("path('data'), sluice.task()")["imports"] == [
        {"name": "path", "module": "sluice", "attribute": "path"},
        {"name": "sluice", "module": "sluice", "attribute": None},
    ]


def test_modules_that_are_nowhere_on_disk_are_not_looked_for(notebook: Any) -> None:
    notebook.run("import sys, json, pandas as pd\nframe = pd.DataFrame({'a': [1]})")
    modules = notebook.capture("sys, json, frame")["modules"]
    assert {"json", "pandas"} <= set(modules)
    nowhere = [name for name in modules if not getattr(sys.modules[name], "__file__", None)]
    assert nowhere == []


def test_a_stale_class_of_a_reloaded_module_is_no_import(
    notebook: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    import importlib

    (tmp_path / "fresh_mod.py").write_text("def go(): return 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    notebook.run("import fresh_mod\nfrom fresh_mod import go")
    importlib.reload(notebook.names["fresh_mod"])
    assert notebook.capture("go()")["imports"] == []


def test_what_cannot_travel_is_named_with_the_reason(notebook: Any) -> None:
    notebook.names["lock"] = threading.Lock()
    notebook.run("def f(): return lock")
    answer = notebook.capture("f()")
    [obstacle] = answer["obstacles"]
    assert obstacle["code"] == "variable-unserializable"
    assert obstacle["details"]["name"] == "lock"
    assert "lock" in obstacle["details"]["type"]
    assert "`lock` is a lock" in obstacle["details"]["problem"]


def test_what_the_cell_may_bind_itself_forbids_nothing(notebook: Any) -> None:
    notebook.names["handle"] = threading.Lock()
    answer = notebook.capture("for i in []:\n    handle = i\nprint(handle)")
    assert answer["obstacles"] == []
    assert [(left["kind"], left["name"]) for left in answer["leftOut"]] == [("variable", "handle")]


@pytest.mark.parametrize("made", ["bytes(2000)", "list(range(2000))", "np.zeros(2000)"])
def test_too_large_values_are_refused(notebook: Any, made: Any) -> None:
    notebook.run(f"import numpy as np\nbig = {made}")
    answer = notebook.capture("big", max_bytes=1000)
    [obstacle] = answer["obstacles"]
    assert obstacle["code"] == "variable-too-large"
    assert obstacle["details"]["name"] == "big"
    assert obstacle["details"]["limit"] == "1.0 kB"
    assert answer["values"] == []
    assert not (notebook.spool / "blobs").exists()


def test_include_and_exclude(notebook: Any) -> None:
    notebook.run("a = 1\nb = 2\ndef f(): return b")
    answer = notebook.capture("f()", include=["a", "!b", "nope"])
    assert [value["name"] for value in answer["values"]] == ["f", "a"]
    assert [(left["name"], left["reason"]) for left in answer["leftOut"]] == [
        ("b", "excluded with -i !b")
    ]
    assert answer["obstacles"] == [{"code": "variable-unknown", "details": {"name": "nope"}}]


def test_a_syntax_error_forbids_the_run(notebook: Any) -> None:
    answer = notebook.capture("x = 1\nfor in")
    [obstacle] = answer["obstacles"]
    assert obstacle["code"] == "syntax-error"
    assert obstacle["details"]["line"] == 2


def test_history_of_outputs_stays(notebook: Any) -> None:
    notebook.run("_ = 1\n_3 = 2\nIn = ['']")
    answer = notebook.capture("_ + _3, In")
    assert answer["values"] == answer["leftOut"] == []
    refused = {each["details"]["name"] for each in answer["obstacles"]}
    assert refused == {"_", "_3", "In"}
    assert "give the value a name" in answer["obstacles"][0]["details"]["problem"]


def test_history_that_the_cell_binds_itself_forbids_nothing(notebook: Any) -> None:
    notebook.run("_ = 1")
    answer = notebook.capture("for _ in range(2): pass\nprint(_)")
    assert answer["obstacles"] == answer["values"] == answer["leftOut"] == []


def test_names_known_only_at_run_time_are_reported(notebook: Any) -> None:
    notebook.run("code = 'x'")
    answer = notebook.capture("eval(code)")
    assert [(left["kind"], left["name"]) for left in answer["leftOut"]] == [("name", "eval(code)")]


def test_blobs_are_private_and_written_once(notebook: Any) -> None:
    notebook.run("x = [1, 2]\ny = [1, 2]")
    answer = notebook.capture("x, y")
    [blob] = (notebook.spool / "blobs").iterdir()
    assert blob.stat().st_mode & 0o777 == 0o600
    assert {value["blobs"][0]["sha256"] for value in answer["values"]} == {blob.name}
    before = blob.stat()
    notebook.capture("x")
    assert (blob.stat().st_ino, blob.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_blob_that_was_cut_short_is_written_anew(notebook: Any) -> None:
    notebook.run("x = [1, 2]")
    notebook.capture("x")
    [blob] = (notebook.spool / "blobs").iterdir()
    blob.write_bytes(b"[")
    assert notebook.arrive(notebook.capture("x"))["x"] == [1, 2]


def test_a_spool_that_cannot_be_written_is_an_obstacle(notebook: Any) -> None:
    notebook.run("x = [1, 2]")
    (notebook.spool / "blobs").write_text("in the way")
    answer = notebook.capture("x")
    assert [obstacle["code"] for obstacle in answer["obstacles"]] == ["store-unusable"]


def test_without_the_nonce_nothing_is_written(notebook: Any, tmp_path: Any) -> None:
    notebook.run("x = 1")
    answer = notebook.capture("x", nonce_path=tmp_path / "elsewhere")
    assert answer["nonce"] is None
    assert answer["values"] == []
    assert not (notebook.spool / "blobs").exists()


def test_the_kernel_describes_itself(notebook: Any, tmp_path: Any, monkeypatch: Any) -> None:
    import sysconfig

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "lib", "/x/site-packages/deep", *sys.path])
    answer = notebook.capture("1")
    assert answer["nonce"] == NONCE
    assert answer["python"]["executable"] == sys.executable
    assert answer["cwd"] == os.path.realpath(tmp_path)
    assert answer["sysPath"][:2] == [answer["cwd"], f"{answer['cwd']}/lib"]
    assert {"/x/site-packages", sysconfig.get_path("stdlib")} <= {*answer["installedRoots"]}
    assert "json" in answer["accepts"]


def test_capturing_changes_no_names_and_says_nothing(notebook: Any, capsys: Any) -> None:
    notebook.run("x = 1\ndef f(): return x")
    before = dict(notebook.names)
    notebook.capture("f('\\d')")
    assert notebook.names == before
    assert capsys.readouterr() == ("", "")


def test_values_that_share_an_object_share_it_where_they_arrive(notebook: Any) -> None:
    notebook.run("row = [1]\ntable = {'row': row}\nother = [1]\ndef f(): return table")
    answer = notebook.capture("row.append(2)\nprint(f(), other)")
    shared = {v["name"]: v["blobs"] for v in answer["values"] if v["name"] in ("row", "table")}
    assert shared["row"] == shared["table"]
    sizes = {value["name"]: value["bytes"] for value in answer["values"]}
    assert sizes["row"] < sizes["table"]
    assert {v["name"]: v["format"] for v in answer["values"]}["other"] == "json"
    there = notebook.arrive(answer)
    there["row"].append(2)
    assert there["f"]() == {"row": [1, 2]}


def test_the_made_up_module_of_a_named_tuple_is_not_looked_for(notebook: Any) -> None:
    notebook.run("from collections import namedtuple\nPair = namedtuple('Pair', 'a b')")
    assert notebook.capture("Pair(1, 2)")["modules"] == ["collections"]
