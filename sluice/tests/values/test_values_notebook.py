import sys
import types
from typing import Any

import numpy as np
import pytest
from _sluice.values import CannotDecodeError, CannotEncodeError, TooLargeError, decode, encode

from .notebook import Notebook, blobs_of, run_elsewhere


@pytest.fixture
def notebook(monkeypatch: Any) -> Any:
    notebook = Notebook()
    monkeypatch.setitem(sys.modules, "__main__", notebook.module)
    return notebook


def test_periods_and_intervals_arrive_as_such(notebook: Any, tmp_path: Any) -> None:
    notebook.run(
        "import pandas\na = pandas.Series([1], index=pandas.period_range('2020-01', periods=1))\n"
        "b = pandas.Series(pandas.interval_range(0, 1))"
    )
    assert notebook.encode(notebook.names["a"]).format == "arrow"
    printed = run_elsewhere(notebook, ["a", "b"], "print(a.index.dtype, b.dtype)", tmp_path)
    assert printed == "period[D] interval[int64, right]\n"


CASES = {
    "a global": ("factor = 3\ndef f(x): return x * factor", "print(f(2))", "6"),
    "a global that the cell rebinds": (
        "factor = 3\ndef f(x): return x * factor",
        "factor = 10\nprint(f(2))",
        "20",
    ),
    "a global that the function sets": (
        "count = 0\ndef f():\n global count\n count += 1",
        "f(); f(); print(count)",
        "2",
    ),
    "recursion": ("def f(n): return 1 if n == 0 else n * f(n - 1)", "print(f(5))", "120"),
    "mutual recursion": (
        "def f(n): return n == 0 or g(n - 1)\ndef g(n): return n != 0 and f(n - 1)",
        "print(f(4), f(3))",
        "True False",
    ),
    "a closure": (
        "def make(n):\n def f(x): return x + n + base\n return f\nbase = 1\nf = make(10)",
        "print(f(5))",
        "16",
    ),
    "a class inside a function": (
        "size = 7\ndef f():\n class A:\n  n = size\n return A.n",
        "print(f())",
        "7",
    ),
    "an alias of a module": ("import math as m\ndef f(x): return m.sqrt(x)", "print(f(9))", "3.0"),
    "default values": ("def f(a, b=[1, 2], *, c=3): return a + sum(b) + c", "print(f(1))", "7"),
    "a decorator": (
        "import functools\nlog = []\n"
        "def noted(f):\n @functools.wraps(f)\n def w(*a):\n  log.append(a)\n  return f(*a)\n"
        " return w\n"
        "@noted\ndef f(x): return -x",
        "print(f(4), log, f.__name__)",
        "-4 [(4,)] f",
    ),
    "a cache": (
        "import functools\n@functools.lru_cache(maxsize=7, typed=True)\n"
        "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)",
        "print(f(30), f.cache_parameters())",
        "832040 {'maxsize': 7, 'typed': True}",
    ),
    "partial": (
        "import functools\nk = 2\ndef g(a, b): return a * b * k\nf = functools.partial(g, 3)",
        "print(f(4))",
        "24",
    ),
    "properties and class methods": (
        "unit = 'm'\nclass A:\n def __init__(self, n): self.n = n\n @property\n"
        " def text(self): return f'{self.n}{unit}'\n @classmethod\n def one(cls): return cls(1)\n"
        " @staticmethod\n def two(): return 2\nf = A(5)",
        "print(f.text, type(f).one().text, f.two())",
        "5m 1m 2",
    ),
    "a cached property": (
        "import functools\nclass A:\n @functools.cached_property\n def n(self): return 5\nf = A()",
        "print(f.n, f.n)",
        "5 5",
    ),
    "inheritance and super": (
        "class A:\n def n(self): return 1\n"
        "class B(A):\n def n(self): return super().n() + 1\nf = B()",
        "print(f.n(), [c.__name__ for c in type(f).__mro__])",
        "2 ['B', 'A', 'object']",
    ),
    "a data class": (
        "import dataclasses\n@dataclasses.dataclass(order=True)\nclass P:\n x: int\n"
        " y: list = dataclasses.field(default_factory=list)\nf = P(1)",
        "print(f, f == type(f)(1), dataclasses.replace(f, x=2))\n",
        "P(x=1, y=[]) True P(x=2, y=[])",
    ),
    "an enumeration": (
        "import enum\nclass C(enum.Enum):\n RED = 1\n BLUE = 2\nf = [C.RED, C]",
        "print(f[0] is f[1].RED, f[1](2).name)",
        "True BLUE",
    ),
    "a named tuple": (
        "import collections\nP = collections.namedtuple('P', 'x y')\nf = P(1, 2)",
        "print(f.x, f._replace(y=3))",
        "1 P(x=1, y=3)",
    ),
    "slots": (
        "import abc\nclass A(abc.ABC):\n __slots__ = ('a', '__b')\n"
        " def __init__(self): self.__b = 4\n def b(self): return self.__b\n"
        "class B(A): __slots__ = 'c'\nf = B()\nf.a = 1",
        "print(f.a, f.b(), hasattr(f, 'c'), hasattr(f, '__dict__'), type(f).__mro__[1].__slots__)",
        "1 4 False False ('a', '__b')",
    ),
    "an exception with arguments of its own": (
        "class E(ValueError):\n def __init__(self, a, b):\n  super().__init__(a)\n  self.b = b\n"
        "f = E('text', 2)",
        "print(repr(f), f.args, f.b, isinstance(f, ValueError))",
        "E('text') ('text',) 2 True",
    ),
    "an exception that keeps more than its arguments": (
        "class E(OSError):\n def __init__(self, *a): super().__init__(*a)\nf = E(2, 'gone', 'p')",
        "print(f.errno, f.filename)",
        "2 p",
    ),
    "single dispatch": (
        "import functools\n@functools.singledispatch\ndef f(x): return 'any'\n"
        "@f.register\ndef _(x: int): return 'int'\nf(1)",
        "print(f(1), f('s'))\n@f.register\ndef _(x: str): return 'str'\nprint(f('s'))",
        "int any\nstr",
    ),
    "names for types": (
        "import typing\nU = typing.NewType('U', int)\n"
        "P = typing.ParamSpec('P') if hasattr(typing, 'ParamSpec') else None\n"
        "def f(a: U, b: P = None) -> U: return a",
        "kind = f.__annotations__['a']\n"
        "print(f(3), kind.__name__, kind.__module__, kind.__supertype__, f.__annotations__['b'])",
        "3 U __main__ <class 'int'> ~P",
    ),
    "the namespace itself": ("n = 4\nf = globals()", "print(f is globals(), f['n'])", "True 4"),
}


def travelling(notebook: Any, name: Any) -> Any:
    """The names that must travel with one, found as a capture finds them."""
    found, todo = [], [name]
    while todo:
        current = todo.pop()
        if current in found or isinstance(notebook.names[current], types.ModuleType):
            continue
        found.append(current)
        todo += notebook.encode(notebook.names[current]).references.names
    return found


@pytest.mark.parametrize("case", CASES)
def test_code_of_a_notebook_runs_elsewhere(case: Any, notebook: Any, tmp_path: Any) -> None:
    before, cell, printed = CASES[case]
    notebook.run(before)
    names = travelling(notebook, "f")
    if case == "the namespace itself":
        names.append("n")
    imports = "\n".join(line for line in before.splitlines() if line.startswith("import "))
    output = run_elsewhere(notebook, names, f"{imports}\n{cell}", tmp_path)
    assert output.strip() == printed


def test_names_read_at_any_depth_are_noted(notebook: Any) -> None:
    notebook.run(
        "a = b = c = d = e = unread = 1\n"
        "def outer(x=lambda: a):\n"
        "  def inner():\n    class K:\n      v = b\n      def m(self): return [c for _ in 'x']\n"
        "    return K\n"
        "  del_ = lambda: d\n"
        "  return inner, missing, len\n"
        "class N:\n  def m(self): return e\n"
        "pair = [outer, N()]"
    )
    references = notebook.encode(notebook.names["pair"]).references
    assert references.names == {"a", "b", "c", "d", "e"}
    assert references.code


def test_modules_and_imports_are_noted(notebook: Any, tmp_path: Any, monkeypatch: Any) -> None:
    package = tmp_path / "local_package"
    package.mkdir()
    (package / "__init__.py").write_text("class Base: pass\n")
    (package / "part.py").write_text("class Thing: pass\ndef work(): pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    notebook.run(
        "import local_package.part as part, local_package\n"
        "class Mine(local_package.Base): pass\n"
        "def f():\n  import later.sub\n  from third import one, two\n  return part\n"
        "value = [part.Thing(), part.work, part, Mine(), f]"
    )
    references = notebook.encode(notebook.names["value"]).references
    assert references.modules == {"local_package", "local_package.part"}
    assert references.imports == {
        ("later.sub", None),
        ("third", None),
        ("third", "one"),
        ("third", "two"),
    }


def test_isinstance_holds_out_and_home_again(notebook: Any, tmp_path: Any) -> None:
    notebook.run("class A:\n  seen = []\n  def n(self): return k\nk = 5\nx = A()")
    run_elsewhere(
        notebook,
        ["A", "x", "k"],
        "assert isinstance(x, A)\ny = [x, A()]\ndef g(): return k",
        tmp_path,
        ("y", "g"),
    )
    home = {}
    for name in ("y", "g"):
        blobs = {"pickle": (tmp_path / f"back-{name}.0").read_bytes()}
        home[name] = decode("pickle", blobs, allowed=["pickle"], namespace=notebook.names)
    assert [type(item) is notebook.names["A"] for item in home["y"]] == [True, True]
    notebook.names["k"] = 6
    assert (home["y"][0].n(), home["g"]()) == (6, 6)


def test_a_class_that_is_here_keeps_what_was_changed_in_it(notebook: Any) -> None:
    notebook.run("class A:\n  n = 1\nx = A()")
    encoded = notebook.encode(notebook.names["x"], ["pickle"])
    notebook.names["A"].n = 2
    assert notebook.decode(encoded).n == 2


def test_loading_a_function_leaves_builtins_alone(notebook: Any) -> None:
    notebook.run("def f(): return len('ab')")
    notebook.names["__builtins__"] = before = __import__("builtins")
    function = notebook.decode(notebook.encode(notebook.names["f"]))
    assert function() == 2
    assert notebook.names["__builtins__"] is before


def test_large_buffers_lie_beside_the_pickle_and_are_not_copied() -> None:
    large, small = np.zeros(100_000), np.ones(3)
    encoded = encode({1: large, 2: small}, ["pickle"])
    assert [blob.role for blob in encoded.blobs] == ["pickle", "buffer:0"]
    assert np.shares_memory(np.frombuffer(encoded.blobs[1].parts[0]), large)
    back = decode("pickle", blobs_of(encoded), allowed=["pickle"])
    np.testing.assert_array_equal(back[1], large)
    back[1][0] = back[2][0] = 5


@pytest.mark.parametrize("value", [b"x" * 1000, np.zeros(100_000), [object()] * 2000])
def test_a_pickle_stops_at_the_limit(value: Any) -> None:
    with pytest.raises(TooLargeError):
        encode([value], ["pickle"], max_bytes=500)


class Refuses:
    def __reduce__(self) -> Any:
        raise RuntimeError("the connection stays here")


def deep() -> Any:
    value: tuple[Any, ...] = ()
    for _ in range(200_000):
        value = (value,)
    return value


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ((i for i in "a"), "generator"),
        (__import__("threading").Lock(), "lock"),
        ([Refuses()], "the connection stays here"),
        (deep(), "deep"),
    ],
    ids=["generator", "lock", "own words", "deep"],
)
def test_what_cannot_be_pickled_has_a_reason(value: Any, reason: Any) -> None:
    with pytest.raises(CannotEncodeError, match=reason):
        encode(value, ["pickle"])


def test_code_of_another_python_is_refused_and_data_is_not(notebook: Any) -> None:
    notebook.run("def f(): pass")
    here = f"{sys.version_info[0]}.{sys.version_info[1]}".encode()
    for value, is_code in ((notebook.names["f"], True), ((1, 2), False)):
        blobs = blobs_of(notebook.encode(value, ["pickle"]))
        blobs["pickle"] = blobs["pickle"].replace(b" %s " % here, b" 3.8 ", 1)
        if is_code:
            with pytest.raises(CannotDecodeError, match=r"Python 3\.8"):
                decode("pickle", blobs, allowed=["pickle"], namespace=notebook.names)
        else:
            assert decode("pickle", blobs, allowed=["pickle"]) == value


def test_a_missing_module_is_named(notebook: Any, monkeypatch: Any) -> None:
    module = types.ModuleType("only_here")
    exec("class A: pass", module.__dict__)
    monkeypatch.setitem(sys.modules, "only_here", module)
    blobs = blobs_of(notebook.encode(module.A()))
    monkeypatch.delitem(sys.modules, "only_here")
    with pytest.raises(CannotDecodeError, match=r"only_here.*Python"):
        decode("pickle", blobs, allowed=["pickle"], namespace=notebook.names)


@pytest.mark.parametrize("data", [b"", b"sluice-pickle 3.11\n", b"\x80\x05N."])
def test_a_damaged_pickle_is_refused(data: Any) -> None:
    with pytest.raises(CannotDecodeError):
        decode("pickle", {"pickle": data}, allowed=["pickle"])
