from __future__ import annotations

import socket
import textwrap
from pathlib import Path

import pytest

from .host import Host
from .rehearsing import Notebook


@pytest.fixture
def notebook(either: Host, tmp_path: Path) -> Notebook:
    folder = tmp_path / "project"
    folder.mkdir()
    return Notebook(either, folder)


@pytest.fixture
def quick(host: Host, tmp_path: Path) -> Notebook:
    """With IPython only, where that makes no difference."""
    folder = tmp_path / "project"
    folder.mkdir()
    return Notebook(host, folder)


def test_a_cell_that_needs_what_travels_is_fine(notebook: Notebook) -> None:
    notebook.take("data/rain.csv", "1\n2\n")
    notebook.take_module("rain/__init__.py", "from .read import total\n")
    notebook.take_module(
        "rain/read.py",
        "import json\n\ndef total(path):\n    return sum(map(int, open(path)))\n",
    )
    made = notebook.rehearse(
        "import rain, json, pathlib, tempfile\n"
        "print(rain.total('data/rain.csv'))\n"
        "pathlib.Path('out.txt').write_text('x')\n"
        "open('out.txt').read()\n"
        "with tempfile.TemporaryDirectory() as folder:\n"
        "    path = pathlib.Path(folder) / 'own'\n"
        "    path.write_text('y')\n"
        "    print(path.read_text(), [one.name for one in path.parent.iterdir()])\n"
    )
    assert made.finding["uncaptured"] == []
    assert (made.finding["ok"], made.stopped) == (True, None)
    assert "needed nothing that does not travel" in made.message
    assert made.done.text() == "3\ny ['own']\n"
    assert made.done.end["status"] == "ok"
    assert made.done.lines[-2]["type"] == "rehearsal"


def test_nothing_of_it_comes_home(quick: Notebook) -> None:
    made = quick.rehearse("x = 1\nopen('made.txt', 'w').write('x')")
    assert made.done.of("variable") == []
    assert made.done.of("file") == []


def test_a_file_that_was_not_captured_is_named_with_the_line_that_opens_it(
    notebook: Notebook,
) -> None:
    notebook.write("data/rain.csv")
    made = notebook.rehearse("\n\nx = 1\nopen('data/rain.csv')\nprint('not here')")
    assert made.names == [("file", "data/rain.csv", 4)]
    assert "-i data/rain.csv" in made.finding["uncaptured"][0]["text"]
    assert (made.finding["ok"], made.stopped) == (False, "missing")
    assert "line 4 of 5" in made.message
    assert made.done.text() == ""
    assert made.done.end["ename"] == "FileNotFoundError"


def test_a_file_that_the_code_does_without_is_named_too(notebook: Notebook) -> None:
    notebook.write("settings.json")
    made = notebook.rehearse(
        "try:\n    open('settings.json')\nexcept FileNotFoundError:\n    print('none')"
    )
    assert made.names == [("file", "settings.json", 2)]
    assert (made.finding["ok"], made.stopped) == (False, None)
    assert made.done.text() == "none\n"


def test_a_probe_for_a_file_that_is_nowhere_is_no_news(notebook: Notebook) -> None:
    made = notebook.rehearse("try:\n    open('nowhere')\nexcept OSError:\n    pass")
    assert made.finding["ok"]


def test_a_file_that_is_nowhere_ends_it(notebook: Notebook) -> None:
    made = notebook.rehearse("x = 1\nopen('nowhere.csv')")
    assert made.names == [("file", "nowhere.csv", 2)]
    assert made.stopped == "missing"


def test_the_line_is_the_cells_and_the_words_name_the_module(notebook: Notebook) -> None:
    notebook.write("data/deep.txt")
    notebook.take_module(
        "tools/reading.py", "def read(path):\n    with open(path) as file:\n        return file\n"
    )
    made = notebook.rehearse(
        "from tools import reading\nfor n in range(2):\n"
        "    x = n\n    reading.read('data/deep.txt')"
    )
    assert made.names == [("file", "data/deep.txt", 4)]
    assert "tools/reading.py, line 2" in made.finding["uncaptured"][0]["text"]
    assert "tools/reading.py, line 2" in made.message


def test_paths_above_the_notebook_and_below_work_are_told_as_seen_from_it(
    notebook: Notebook,
) -> None:
    notebook.write("../shared/big.bin")
    made = notebook.rehearse(
        "import pathlib\n"
        "for name in ('../shared/big.bin', '../other.bin'):\n"
        "    try:\n"
        "        pathlib.Path(name).read_bytes()\n"
        "    except OSError: pass\n",
    )
    assert made.names == [("file", "../shared/big.bin", 4)]


def test_the_notebook_may_be_deeper_in_what_travels(notebook: Notebook) -> None:
    notebook.write("a.csv")
    made = notebook.rehearse(
        "open('../notes/../a.csv')", cwd="notes", order={"folder": str(notebook.folder / "notes")}
    )
    assert made.names == [("file", "../a.csv", 1)]


def test_an_absolute_path_of_this_machine_is_named(notebook: Notebook) -> None:
    path = notebook.write("data/rain.csv", "text")
    made = notebook.rehearse(f"print(open({str(path)!r}).read())")
    assert made.names == [("file", str(path), 1)]
    assert "sluice.path()" in made.finding["uncaptured"][0]["text"]
    assert (made.finding["ok"], made.stopped) == (False, None)
    assert made.done.text() == "text\n"


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import os\nos.listdir('data')", "data"),
        ("import os\nlist(os.scandir('data'))", "data"),
        ("import os\nos.chdir('data')", "data"),
        ("import os\nos.open('data/a.txt', os.O_RDONLY)", "data/a.txt"),
        ("import sqlite3\nsqlite3.connect('data/a.txt')", "data/a.txt"),
        ("import sqlite3\nsqlite3.connect('file:data/a.txt?mode=ro', uri=True)", "data/a.txt"),
        ("import ctypes\nctypes.CDLL('./data/a.txt')", "data/a.txt"),
        ("import subprocess, sys\nsubprocess.run([sys.executable, 'data/a.txt'])", "data/a.txt"),
        ("import subprocess\nsubprocess.run('cat <data/a.txt', shell=True)", "data/a.txt"),
        ("import subprocess\nsubprocess.run(['cat', '--of=data/a.txt'])", "data/a.txt"),
        ("import os\nos.system('cat data/a.txt >/dev/null')", "data/a.txt"),
        ("import pathlib\npathlib.Path('data/a.txt').open()", "data/a.txt"),
        ("import numpy\nnumpy.loadtxt('data/a.txt')", "data/a.txt"),
        ("import pandas\npandas.read_csv('data/a.txt')", "data/a.txt"),
        ("import pandas\npandas.read_parquet('data/a.txt')", "data/a.txt"),
        ("import pyarrow.parquet as p\np.read_table('data/a.txt')", "data/a.txt"),
        ("import shutil\nshutil.copy('data/a.txt', 'b.txt')", "data/a.txt"),
        ("import glob\nglob.glob('data/*')", "data"),
    ],
)
def test_each_way_to_a_file_is_heard(source: str, name: str, quick: Notebook) -> None:
    quick.write("data/a.txt")
    assert quick.rehearse(source).names == [("file", name, 2)]


def test_a_shell_line_is_heard(quick: Notebook) -> None:
    quick.write("tool.py", "print(1)")
    made = quick.rehearse("import sys\n!{sys.executable} tool.py")
    assert made.names == [("file", "tool.py", 2)]


def test_lines_below_a_time_magic_are_the_cells(quick: Notebook) -> None:
    quick.write("a.txt")
    made = quick.rehearse("%%time\nx = 1\nopen('a.txt')")
    assert made.names == [("file", "a.txt", 3)]


def test_what_the_machine_and_python_have_is_no_news(quick: Notebook) -> None:
    made = quick.rehearse(
        textwrap.dedent("""\
        import os, pathlib, random, subprocess, sys, zoneinfo
        import numpy, pandas
        %matplotlib inline
        import matplotlib.pyplot as plt
        plt.plot([1, 2]); plt.title('x'); plt.show()
        open('/etc/passwd').read(), open('/proc/self/status').read(), open(os.devnull)
        open(os.__file__).read(), os.listdir('.'), os.listdir('/'), os.listdir('/tmp')
        subprocess.run([sys.executable, '-c', 'pass'])
        try: import not_there_at_all
        except ImportError: pass
        frame = pandas.DataFrame({'a': [1]}); frame.to_csv('out.csv'); pandas.read_csv('out.csv')
        """)
    )
    assert made.finding["uncaptured"] == []
    assert made.finding["ok"]


def test_a_module_that_was_not_captured_is_named(notebook: Notebook) -> None:
    notebook.write("helpers.py", "x = 1")
    made = notebook.rehearse("x = 1\nimport helpers")
    assert made.names == [("module", "helpers", 2)]
    assert str(notebook.folder / "helpers.py") in made.finding["uncaptured"][0]["text"]
    assert made.stopped == "missing"
    assert made.done.end["ename"] == "ModuleNotFoundError"


def test_a_module_that_the_code_does_without_is_named_where_the_kernel_has_it(
    notebook: Notebook,
) -> None:
    notebook.write("extras/fast.py", "x = 1")
    notebook.take_module("extras/__init__.py", "")
    made = notebook.rehearse(
        "try:\n    from extras import fast\nexcept ImportError:\n    fast = None\n"
        "try:\n    import nowhere\nexcept ImportError:\n    pass"
    )
    assert made.names == [("module", "extras.fast", 2)]
    assert made.stopped is None


def test_a_package_that_is_nowhere_ends_it(notebook: Notebook) -> None:
    made = notebook.rehearse("import nowhere_at_all")
    assert made.names == [("module", "nowhere_at_all", 1)]
    assert made.stopped == "missing"


def test_a_lazy_import_in_captured_code_is_named(notebook: Notebook) -> None:
    notebook.write("late.py", "x = 1")
    notebook.take_module(
        "early.py", "import importlib\n\ndef get(name):\n    return importlib.import_module(name)\n"
    )
    made = notebook.rehearse("import early\nearly.get('la' + 'te')")
    assert made.names == [("module", "late", 2)]
    assert "early.py, line 4" in made.finding["uncaptured"][0]["text"]


def test_the_services_own_path_does_not_leak_in(notebook: Notebook) -> None:
    notebook.write("leaky.py", "x = 1")
    host = notebook.host
    before = host.environment.get("PYTHONPATH")
    host.environment["PYTHONPATH"] = ":".join(filter(None, [before, str(notebook.folder)]))
    made = notebook.rehearse("import os\nprint(os.environ.get('PYTHONPATH'))\nimport leaky")
    assert made.done.text() == "None\n"
    assert made.names == [("module", "leaky", 3)]


def test_a_module_from_a_place_that_stays_behind_is_named(notebook: Notebook) -> None:
    path = notebook.write("elsewhere/found.py", "x = 1")
    made = notebook.rehearse(
        f"import sys\nsys.path.append({str(path.parent)!r})\nimport found\nprint(found.x)"
    )
    assert made.names == [("module", "found", 3)]
    assert made.done.text() == "1\n"


def test_what_the_cell_reads_may_be_missing_too(notebook: Notebook) -> None:
    notebook.write("helpers.py", "def clean(): pass")
    imports = [{"name": "clean", "module": "helpers", "attribute": "clean"}]
    made = notebook.rehearse("clean()", imports=imports)
    assert made.names == [("module", "helpers", None)]
    assert made.stopped == "missing"
    assert "did not come to the first line" in made.message


def test_hosts_are_named_once(notebook: Notebook) -> None:
    made = notebook.rehearse(
        "import socket\n"
        "def ask(name):\n"
        "    try: socket.create_connection((name, 9), timeout=0.01)\n"
        "    except OSError: pass\n"
        "ask('nowhere.invalid')\nask('nowhere.invalid')\nask('192.0.2.1')"
    )
    assert [name[:2] for name in made.names] == [
        ("host", "nowhere.invalid"),
        ("host", "192.0.2.1"),
    ]
    assert "port 9" in made.finding["uncaptured"][0]["text"]


def test_a_server_of_this_machine_is_named_and_the_tasks_own_is_not(quick: Notebook) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        made = quick.rehearse(
            f"import socket\nsocket.create_connection(('127.0.0.1', {port})).close()\n"
        )
    assert made.names == [("host", "127.0.0.1", 2)]
    made = quick.rehearse(
        "import socket\nserver = socket.create_server(('127.0.0.1', 0))\n"
        "socket.create_connection(server.getsockname()).close()\n"
    )
    assert made.names == []


def test_threads_are_heard(quick: Notebook) -> None:
    quick.write("a.txt")
    made = quick.rehearse(
        "import threading\n"
        "def read():\n"
        "    try: open('a.txt')\n"
        "    except OSError: pass\n"
        "thread = threading.Thread(target=read); thread.start(); thread.join()"
    )
    assert made.names == [("file", "a.txt", 3)]


def test_the_list_has_an_end(quick: Notebook) -> None:
    for n in range(1005):
        quick.write(f"many/{n}.txt")
    made = quick.rehearse(
        "for n in range(1005):\n    try: open(f'many/{n}.txt')\n    except OSError: pass"
    )
    assert len(made.finding["uncaptured"]) == 1000
    assert "5 more were not noted" in made.message


def test_a_script_is_rehearsed_too(notebook: Notebook) -> None:
    notebook.write("a.txt")
    made = notebook.rehearse(
        "import sys\nprint(sys.argv[1])\nopen('a.txt')", kind="script", arguments=["x"], outputs=[]
    )
    assert made.names == [("file", "a.txt", 3)]
    assert made.done.text() == "x\n"


def test_a_hook_that_fails_raises_nothing_and_says_so(quick: Notebook) -> None:
    quick.take("a.txt")
    made = quick.rehearse(
        "import os\nbefore, os.path.realpath = os.path.realpath, None\n"
        "text = open('a.txt').read()\nos.path.realpath = before\nprint(text)"
    )
    assert made.done.text() == "1\n\n"
    assert not made.finding["ok"]
    assert "The list may have gaps" in made.message


def test_whoever_looks_for_distributions_opens_nothing(quick: Notebook) -> None:
    quick.write("../src/tool.py")
    made = quick.rehearse(
        f"import sys\nsys.path.append({str(quick.folder.parent / 'src')!r})\n"
        "import importlib.metadata\nlist(importlib.metadata.entry_points())"
    )
    assert made.names == []


def test_a_folder_to_write_to_is_named(notebook: Notebook) -> None:
    (notebook.folder / "out").mkdir()
    made = notebook.rehearse("x = 1\nopen('out/table.csv', 'w')")
    assert made.names == [("file", "out/", 2)]
    assert "os.makedirs('out', exist_ok=True)" in made.finding["uncaptured"][0]["text"]
    assert made.stopped == "missing"
    made = notebook.rehearse("import os\nos.makedirs('out')\nopen('out/table.csv', 'w').close()")
    assert made.finding["ok"]


def test_a_script_that_run_does_not_find_is_named(quick: Notebook) -> None:
    quick.write("tools/plot.py")
    made = quick.rehearse("x = 1\n%run tools/plot.py")
    assert made.names == [("file", "tools/plot.py", 2)]
    assert made.stopped == "missing"


def test_a_folder_of_which_only_a_part_travels_is_named_when_it_is_listed(
    notebook: Notebook,
) -> None:
    notebook.take("data/a.csv")
    notebook.write("data/b.csv")
    notebook.write("data/.hidden")
    notebook.write("beside.txt")
    made = notebook.rehearse("import os\nos.listdir('.')\nos.listdir('data')\nos.listdir('data')")
    assert made.names == [("file", "data/", 3)]
    assert "(b.csv)" in made.finding["uncaptured"][0]["text"]
    notebook.take("data/b.csv")
    assert notebook.rehearse("import os\nos.listdir('data')").finding["ok"]
