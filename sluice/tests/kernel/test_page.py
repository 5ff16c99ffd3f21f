"""The helper in a real kernel, asked as the page asks: silently, by user expressions."""

import ast
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from jupyter_client.manager import start_new_kernel

PACKAGE = Path(__file__).parents[2]
DEADLINE_S = 60


def snippet(package: Any) -> Any:
    return (PACKAGE / "kernel" / "snippet.txt").read_text().replace("{package}", repr(str(package)))


class Kernel:
    def __init__(self, client: Any, folder: Any) -> None:
        self.client = client
        self.spool = folder
        self.nonce = folder / "nonce"
        self.nonce.write_text("n0nce")
        self.package = PACKAGE

    def run(self, source: Any) -> Any:
        """Run a cell and return the text of its last value."""
        shown: list[Any] = []
        self.client.execute_interactive(
            source, output_hook=shown.append, timeout=DEADLINE_S, allow_stdin=False
        )
        errors = [m["content"]["evalue"] for m in shown if m["msg_type"] == "error"]
        assert errors == []
        results = [m["content"]["data"] for m in shown if m["msg_type"] == "execute_result"]
        return results[-1]["text/plain"] if results else None

    def ask(self, name: Any, **arguments: Any) -> Any:
        """Return the answer and the messages that a person might see."""
        literal = json.dumps(json.dumps(arguments))
        shown: list[Any] = []
        reply = self.client.execute_interactive(
            snippet(self.package),
            silent=True,
            store_history=False,
            allow_stdin=False,
            stop_on_error=False,
            output_hook=shown.append,
            timeout=DEADLINE_S,
            user_expressions={
                "answer": "__import__('_sluice.kernel', fromlist=['page'])"
                f".page.call('{name}', {literal})"
            },
        )
        answer = reply["content"]["user_expressions"]["answer"]
        assert answer["status"] == "ok", answer
        visible = [message for message in shown if message["msg_type"] != "status"]
        return json.loads(ast.literal_eval(answer["data"]["text/plain"])), visible

    def capture(self, source: Any) -> Any:
        paths = {"spool": str(self.spool), "noncePath": str(self.nonce)}
        return self.ask("capture", source=source, maxVariableBytes=10**6, **paths)


@pytest.fixture
def kernel(tmp_path: Any) -> Any:
    arguments = ["--IPKernelApp.capture_fd_output=False"]
    environment = {**os.environ, "IPYTHONDIR": str(tmp_path / "ipython")}
    manager, client = start_new_kernel(
        startup_timeout=DEADLINE_S, extra_arguments=arguments, env=environment, cwd=str(tmp_path)
    )
    try:
        yield Kernel(client, tmp_path)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_a_cell_is_captured_without_a_trace(kernel: Any) -> None:
    kernel.run("import numpy as np\ndata = np.arange(3)\nk = 'é\"\\'\\n'\ndef f(): return k")
    before = kernel.run("sorted(globals()), len(In)")
    answer, visible = kernel.capture("!echo {k}\n'é \\' \"', f(), data, get_ipython(), open")
    assert visible == []
    assert answer["nonce"] == "n0nce"
    assert answer["obstacles"] == answer["leftOut"] == []
    assert {v["name"]: v["format"] for v in answer["values"]} == {
        "k": "json",
        "f": "pickle",
        "data": "npy",
    }
    names, count = ast.literal_eval(before)
    after_names, after_count = ast.literal_eval(kernel.run("sorted(globals()), len(In)"))
    # IPython itself counts the cell that asked.
    assert [name for name in after_names if name not in names and not name.startswith("_")] == []
    assert after_count == count + 1


def test_a_survey_writes_nothing(kernel: Any, tmp_path: Any) -> None:
    kernel.run("data = [1, 2]\nclass A: pass\na = A()")
    paths = {"spool": str(tmp_path), "noncePath": str(tmp_path / "nonce")}
    source = "data, a\nb = 1"
    answer, visible = kernel.ask(
        "capture", source=source, maxVariableBytes=10**6, write=False, **paths
    )
    assert visible == []
    assert [(v["name"], v["format"], v["blobs"]) for v in answer["values"]] == [
        ("data", "json", []),
        ("a", "pickle", []),
    ]
    assert not (tmp_path / "blobs").exists()
    # The table of what was held is for cells that run.
    assert kernel.run("__import__('_sluice.kernel', fromlist=['held']).held._table") == (
        "OrderedDict()"
    )


def test_the_kernel_keeps_the_text_of_what_was_typed(kernel: Any) -> None:
    kernel.run(
        "import dataclasses, collections\n@dataclasses.dataclass\nclass Row:\n    a: int = 1"
    )
    kernel.run("Pair = collections.namedtuple('Pair', 'x y')\nclass Empty: pass")
    kernel.run("def f(name):\n    !cat {name}\n    return globals()[name]\nrow = Row()")
    answer, _ = kernel.capture("f('x'), row, Empty, Pair")
    found = {each["name"]: each["source"] for each in answer["sources"]}
    assert {*found} == {"f", "Row", "Empty"}
    assert found["Row"].startswith("@dataclasses.dataclass\nclass Row:")
    assert "get_ipython().system('cat {name}')" in found["f"]
    assert answer["notes"] == []
    assert [left["name"] for left in answer["leftOut"]] == ["globals()[name] in f"]


def test_a_script_of_a_run_is_seen_by_the_kernel(kernel: Any, tmp_path: Any) -> None:
    (tmp_path / "prep.py").write_text("y = x\n")
    kernel.run("x = 1\ny = 2")
    answer, _ = kernel.capture("%run -i prep.py\ny")
    assert [value["name"] for value in answer["values"]] == ["x"]
    assert answer["sources"] == [{"name": "%run prep.py", "source": "y = x\n"}]


def test_an_edit_that_autoreload_has_loaded_is_no_change(kernel: Any, tmp_path: Any) -> None:
    (tmp_path / "auto_mod.py").write_text("K = 1\ndef f(): return 1\n")
    kernel.run("%load_ext autoreload\n%autoreload 2\nimport auto_mod")

    def is_changed() -> Any:
        [found] = kernel.capture("auto_mod.f()")[0]["loaded"]
        return found["isChanged"]

    assert is_changed() is False
    (tmp_path / "auto_mod.py").write_text("K = 2\ndef f(): return 22\n")
    assert is_changed() is True
    assert kernel.run("auto_mod.f() + auto_mod.K") == "24"
    assert is_changed() is False


def test_results_are_bound_and_rebound_names_kept(kernel: Any, tmp_path: Any) -> None:
    from _sluice.kernel.held import source_key

    kernel.run("x = [1]\ny = [1]")
    source = "x = 1; y = 1"
    kernel.capture(source)
    kernel.run("y = 'mine'")
    (tmp_path / "five").write_text("5")
    variables = [
        {
            "name": name,
            "type": "int",
            "bytes": 1,
            "format": "json",
            "files": [{"role": "json", "path": str(tmp_path / "five")}],
            "reason": None,
        }
        for name in ("x", "y")
    ]
    reports, visible = kernel.ask("restore", variables=variables, bound=source_key(source))
    assert visible == []
    assert [report["bound_as"] for report in reports] == ["x", "y_slurm"]
    assert kernel.run("x, y, y_slurm") == "(5, 'mine', 5)"


def test_a_kernel_on_another_machine_says_so(kernel: Any, tmp_path: Any) -> None:
    kernel.package = tmp_path / "not" / "here"
    answer, visible = kernel.capture("x")
    assert visible == []
    assert answer["nonce"] is None
    assert answer["host"]
    assert answer["values"] == answer["obstacles"] == []
    # As soon as the files are there, the stand-in gives way.
    kernel.package = PACKAGE
    assert kernel.capture("x")[0]["nonce"] == "n0nce"


def test_the_magic_is_loaded_where_sluice_is_not_installed(kernel: Any, tmp_path: Any) -> None:
    elsewhere = tmp_path / "files" / "sluice"
    ignored = shutil.ignore_patterns("tests", "labextension", "service", "__pycache__")
    shutil.copytree(PACKAGE, elsewhere, ignore=ignored)
    # An editable install of the checkout would be found first.
    kernel.run(f"import sys; sys.path[:] = [p for p in sys.path if p != {str(PACKAGE.parent)!r}]")
    kernel.run("path = list(sys.path)")
    kernel.package = elsewhere
    answer, visible = kernel.ask("load_magic")
    assert visible == []
    assert answer == {"loaded": True, "problem": None}
    assert kernel.run("'slurm' in get_ipython().magics_manager.magics['cell']") == "True"
    assert kernel.run("sys.path == path") == "True"
    assert kernel.ask("load_magic")[0]["loaded"]


def test_the_snippet_needs_nothing_of_ipython(tmp_path: Any) -> None:
    import subprocess

    (tmp_path / "nonce").write_text("n0nce")
    arguments = {
        "source": "x",
        "spool": str(tmp_path),
        "noncePath": str(tmp_path / "nonce"),
        "maxVariableBytes": 1000,
    }
    program = (
        "x = 1\n" + snippet(PACKAGE) + "\nprint(__import__('_sluice.kernel', fromlist=['page'])"
        f".page.call('capture', {json.dumps(json.dumps(arguments))}))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert [value["name"] for value in json.loads(run.stdout)["values"]] == ["x"]
