from __future__ import annotations

from typing import Any

from _sluice.values import encode
from matplotlib.figure import Figure

from .host import Host


def shown(done: Any) -> Any:
    """Everything that the cell showed, in order, with text of one stream in one piece."""
    found: list[Any] = []
    for line in done.lines:
        data = line["data"]
        if line["type"] == "stream":
            if found and found[-1][0] == data["name"]:
                found[-1] = (data["name"], found[-1][1] + data["text"])
            else:
                found.append((data["name"], data["text"]))
        elif line["type"] in ("display_data", "update_display_data", "execute_result"):
            found.append((line["type"], data["data"]["text/plain"]))
        elif line["type"] in ("clear_output", "error"):
            found.append((line["type"], data.get("ename", data.get("wait"))))
    return found


def test_a_cell_is_shown_as_in_a_notebook(either: Host) -> None:
    done = either.run(
        "print('one')\ndisplay([1])\nimport sys\nprint('two', file=sys.stderr)\n1 + 1"
    )
    assert shown(done) == [
        ("stdout", "one\n"),
        ("display_data", "[1]"),
        ("stderr", "two\n"),
        ("execute_result", "2"),
    ]
    assert [line["type"] for line in done.lines[-1:]] == ["finished"]
    assert (done.status, done.end["status"], done.end["exitCode"]) == (0, "ok", 0)
    assert done.end["lastSeq"] == len(done.lines)
    assert done.end["startedAt"] <= done.end["endedAt"]


def test_a_semicolon_hides_the_last_value(either: Host) -> None:
    done = either.run("1 + 1;  # quiet")
    assert shown(done) == []


def test_nothing_is_shown_for_none_and_statements(either: Host) -> None:
    assert shown(either.run("x = 1\nNone")) == []


def test_order_holds_between_python_child_processes_and_descriptors(either: Host) -> None:
    done = either.run(
        "import os, subprocess\n"
        "for n in range(20):\n"
        "    print('python', n)\n"
        "    subprocess.run(['echo', 'child', str(n)])\n"
        "    os.write(1, f'descriptor {n}\\n'.encode())\n"
        "    display(n)\n"
    )
    expected = []
    for n in range(20):
        expected.append(("stdout", f"python {n}\nchild {n}\ndescriptor {n}\n"))
        expected.append(("display_data", str(n)))
    assert shown(done) == expected


def test_order_holds_between_the_streams(either: Host) -> None:
    done = either.run(
        "import sys\nfor n in range(50): print(n, file=sys.stderr if n % 2 else sys.stdout)"
    )
    expected = [("stderr" if n % 2 else "stdout", f"{n}\n") for n in range(50)]
    assert shown(done) == expected


def test_many_lines_are_few_events(host: Host) -> None:
    done = host.run(
        "for n in range(100_000): print('line', n, flush=n % 2 == 0)",
        limits=limits(event_bytes=1_000_000),
    )
    assert done.text() == "".join(f"line {n}\n" for n in range(100_000))
    assert len(done.of("stream")) < 1000


def test_a_long_text_is_cut_into_events_of_the_allowed_size(either: Host) -> None:
    done = either.run("print('\\x01é\\U0001f600' * 50_000)", limits=limits(event_bytes=20_000))
    assert done.text() == "\x01é\U0001f600" * 50_000 + "\n"
    sizes = [len(line) for line in (done.attempt / "events.jsonl").read_bytes().splitlines()]
    assert max(sizes) <= 20_000
    assert len(sizes) > 20


def test_an_output_that_is_too_large_is_named(either: Host) -> None:
    source = (
        "class A:\n"
        "    def __repr__(self): return 'small'\n"
        "    def _repr_html_(self): return 'x' * 200_000\n"
        "A()"
    )
    [result] = either.run(source).of("execute_result")
    assert set(result["data"]) == {"text/plain"}
    assert result["data"]["text/plain"].startswith("small\n[text/html (")
    assert "text/html" in result["data"]["text/plain"]


def test_damaged_text_arrives_as_text(either: Host) -> None:
    done = either.run(
        "import os, sys, subprocess\n"
        "os.write(1, b'a\\xff')\nos.write(1, b'\\xc3')\nos.write(1, b'\\xa9\\n')\n"
        "print('half \\ud800 pair')\n"
        "sys.stdout.buffer.write(b'bytes \\xc3\\xa9\\n')"
    )
    assert done.text().split("\n")[:3] == ["a\ufffdé", "half ? pair", "bytes é"]


def test_progress_keeps_its_carriage_returns(either: Host) -> None:
    done = either.run(
        "import sys\nfor n in range(3): sys.stderr.write(f'\\r{n}/3'); sys.stderr.flush()"
    )
    assert done.text("stderr") == "\r0/3\r1/3\r2/3"


def test_threads_do_not_cut_each_others_texts(either: Host) -> None:
    done = either.run(
        "import threading, sys\n"
        "def work(k):\n"
        "    for n in range(500): sys.stdout.write(f'{k}-{n}\\n')\n"
        "threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]\n"
        "[t.start() for t in threads]; [t.join() for t in threads];"
    )
    assert sorted(done.text().split()) == sorted(f"{k}-{n}" for k in range(8) for n in range(500))


def test_c_code_that_holds_the_interpreter_can_write_any_amount(either: Host) -> None:
    done = either.run(
        "import ctypes\nn = 3_000_000\nprint(ctypes.PyDLL(None).write(1, b'x' * n, n))"
    )
    assert done.text() == "x" * 3_000_000 + "3000000\n"


def test_forked_children_print_too(either: Host) -> None:
    done = either.run(
        "import os\nprint('parent')\npid = os.fork()\n"
        "if pid == 0:\n    print('child')\n    os._exit(0)\n"
        "os.waitpid(pid, 0);\nprint('after')"
    )
    assert done.text() == "parent\nchild\nafter\n"


def test_a_forked_child_that_runs_on_does_not_end_the_task(either: Host) -> None:
    done = either.run(
        "import os, sys\npid = os.fork()\n"
        "if pid: print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 'parent')"
    )
    assert done.text() == "0 parent\n"
    assert done.end["status"] == "ok"


def test_displays_can_be_updated(either: Host) -> None:
    done = either.run("h = display('a', display_id='here')\nh.update('b')\ndisplay('c')")
    [first, second] = done.of("display_data")
    [update] = done.of("update_display_data")
    assert first["transient"] == update["transient"] == {"display_id": "here"}
    assert (update["data"]["text/plain"], second["transient"]) == ("'b'", {})


def test_outputs_can_be_cleared(host: Host) -> None:
    done = host.run(
        "from IPython.display import clear_output\nprint(1)\nclear_output(wait=True)\nprint(2)"
    )
    assert shown(done) == [("stdout", "1\n"), ("clear_output", True), ("stdout", "2\n")]


def test_rich_objects_of_ipython_arrive(host: Host) -> None:
    done = host.run(
        "from IPython.display import HTML, JSON, Latex, Image, Markdown, SVG, display\n"
        "display(HTML('<b>x</b>')); display(JSON({'a': float('nan'), 'b': [1]}))\n"
        "display(Latex('$x$')); display(Markdown('*x*')); display(SVG('<svg></svg>'))\n"
        "display(Image(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png', width=7))"
    )
    data = [output["data"] for output in done.of("display_data")]
    assert data[0]["text/html"] == "<b>x</b>"
    assert data[1]["application/json"] == {"a": None, "b": [1]}
    assert data[2]["text/latex"] == "$x$"
    assert data[3]["text/markdown"] == "*x*"
    assert data[4]["image/svg+xml"] == "<svg/>" or "svg" in data[4]["image/svg+xml"]
    assert data[5]["image/png"].strip() == "iVBORw0KGgo="
    assert done.of("display_data")[5]["metadata"] == {"image/png": {"width": 7}}


def test_rich_objects_need_no_ipython(plain_host: Host) -> None:
    done = plain_host.run(
        "class A:\n"
        "    def __repr__(self): return 'A!'\n"
        "    def _repr_html_(self): return '<i>'\n"
        "    def _repr_png_(self): return b'PNG', {'width': 3}\n"
        "    def _repr_latex_(self): return None\n"
        "    def _repr_mimebundle_(self, **_): return {'text/x': 'y'}\n"
        "A()"
    )
    [result] = done.of("execute_result")
    assert result == {
        "data": {"text/plain": "A!", "text/x": "y", "text/html": "<i>", "image/png": "UE5H"},
        "metadata": {"image/png": {"width": 3}},
    }


def test_figures_arrive_as_pictures(either: Host) -> None:
    done = either.run(
        "import matplotlib.pyplot as plt\n"
        "plt.plot([1, 2]); plt.show()\nprint('between')\n"
        "fig, ax = plt.subplots(); ax.plot([2, 1])\nlen(ax.lines)"
    )
    assert [kind for kind, _ in shown(done)] == [
        "display_data",
        "stdout",
        "execute_result",
        "display_data",
    ]
    for output in done.of("display_data"):
        assert output["data"]["image/png"].startswith("iVBOR")
    assert done.text("stderr") == ""


def test_a_figure_as_last_value_is_a_picture(either: Host) -> None:
    done = either.run(
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nplt.close(fig)\nfig"
    )
    [result] = done.of("execute_result")
    assert result["data"]["image/png"].startswith("iVBOR")
    assert done.of("display_data") == []


def test_a_figure_that_was_sent_is_a_picture(either: Host) -> None:
    figure = Figure()
    figure.subplots().plot([1, 2])
    value = either.send("fig", encode(figure, ["pickle"]))
    [result] = either.run("fig", values=[value]).of("execute_result")
    assert result["data"]["image/png"].startswith("iVBOR")


def test_figures_of_a_failing_cell_are_shown(either: Host) -> None:
    done = either.run("import matplotlib.pyplot as plt\nplt.plot([1])\nraise ValueError('late')")
    assert len(done.of("display_data")) == 1
    assert done.error["ename"] == "ValueError"


def test_await_at_the_top(either: Host) -> None:
    done = either.run("import asyncio\nawait asyncio.sleep(0)\nasync def f(): return 5\nawait f()")
    assert shown(done) == [("execute_result", "5")]


def test_magics_and_shell_lines(host: Host) -> None:
    done = host.run(
        "!echo from a shell\nout = !echo caught\nprint(out[0])\n%env SLUICE_X=1\n"
        "import os\nprint(os.environ['SLUICE_X'])\n%matplotlib inline\n%load_ext sluice"
    )
    assert done.text().replace("\r\n", "\n").split("\n")[:4] == [
        "from a shell",
        "caught",
        "env: SLUICE_X=1",
        "1",
    ]
    assert (done.status, done.text("stderr")) == (0, "")


def test_cell_magics(host: Host) -> None:
    assert host.run("%%bash\necho bash $((1 + 1))").text() == "bash 2\n"


def test_help_is_text_and_waits_for_nobody(host: Host) -> None:
    [shown_help] = host.run("len?").of("display_data")
    assert "number of items" in shown_help["data"]["text/plain"]


def limits(event_bytes: Any = 100_000, home_bytes: Any = 1_000_000) -> Any:
    return {"homeBytes": home_bytes, "eventBytes": event_bytes}
