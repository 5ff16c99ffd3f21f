import ast
import builtins
from typing import Any

import pytest

BUILTINS = set(dir(builtins))


def walked(source: Any) -> Any:
    from _sluice.kernel.cell import parse_cell
    from _sluice.kernel.names import cell_names

    return cell_names(parse_cell(source))


def reads(source: Any) -> Any:
    return {name for name in walked(source).reads if name not in BUILTINS | {"get_ipython"}}


CASES = {
    "plain read": ("x = 1\nx + y", "y"),
    "augmented assignment": ("x += 1", "x"),
    "del needs the name": ("del x\nx", "x"),
    "annotation without value": ("x: T\nx", "T x"),
    "annotation with value": ("x: int = 1\nx", ""),
    "import binds": ("import a.b, c as d\nfrom e import f as g\na, d, g, c, f", "c f"),
    "star import binds nothing for sure": ("from m import *\nx", "x"),
    "comprehension scope": ("[i * k for i in xs if i in ys]\ni", "k xs ys i"),
    "first iterable is outside": ("[x for x in x]", "x"),
    "nested comprehension": ("{a: b for a, q in z for b in q}", "z"),
    "walrus": ("if (n := len(a)) > 10:\n    n", "a"),
    "walrus in a comprehension is unsure": ("any((h := v) for v in vs)\nh", "vs h"),
    "f-string": ('f"{a!r:{width}} {b=}"', "a width b"),
    "with binds": ("with open(p) as f:\n    t = f.read()\nt", "p"),
    "suppress is unsure": ("with suppress(E):\n    t = 1\nt", "suppress E t"),
    "if binds in both": ("if c:\n    x = 1\nelse:\n    x = 2\nx", "c"),
    "if binds in one": ("if c:\n    x = 1\nx", "c x"),
    "main guard": ('if __name__ == "__main__":\n    x = 1\nx', ""),
    "for may not go round": ("for i in q:\n    y = 1\ny", "q y"),
    "for goes round": ("for i in range(3):\n    y = 1\ny, i", ""),
    "for reads a later name": ("for i in [1]:\n    x\n    x = 1", "x"),
    "for with continue": ("for i in [1, 2]:\n    if i: continue\n    y = 1\ny", "y"),
    "while true ends by break": ("while True:\n    x = 1\n    if x: break\nx", ""),
    "while may not go round": ("while c:\n    x = 1\nx", "c x"),
    "try and except bind": ("try:\n    import f\nexcept E:\n    f = 0\nf", "E"),
    "try without else": ("try:\n    x = g()\nexcept E as e:\n    print(e)\nx", "g E x"),
    "except that raises": ("try:\n    x = g()\nexcept E:\n    raise\nx", "g E"),
    "finally sees nothing for sure": ("try:\n    x = 1\nfinally:\n    x", "x"),
    "match": (
        "match v:\n case [a, *r]: a, r\n case {'k': k, **o}: k, o\n case C(z=w): w\n case D.e: f",
        "v C D f",
    ),
    "match with a rest binds": ("match v:\n case 1: x = 1\n case _: x = 2\nx", "v"),
    "function body": ("def f(a, *b, c=d, **e):\n    g = a\n    return g, h\nf()", "d h"),
    "decorator and annotations": ("@dec\ndef f(a: T) -> R: pass", "dec T R"),
    "function called before a name is bound": ("def f(): return a\nf()\na = 1", "a"),
    "function called after a name is bound": ("def f(): return a\na = 1\nf()", ""),
    "functions that call each other": ("def f(): g()\ndef g(): f(), z\nf()", "z"),
    "unknown decorator may call": ("@dec\ndef f(): return g()\ndef g(): pass", "dec g"),
    "property waits": ("class A:\n @property\n def p(self): return g()\ndef g(): 1\nA()", ""),
    "nonlocal": (
        "def f():\n    n = 1\n    def g():\n        nonlocal n\n        n = m\n    g()",
        "m",
    ),
    "global": ("def f():\n    global n\n    n = n + 1\nf()", "n"),
    "lambda": ("k = lambda x, y=d: x + y + z\nk(1)", "d z"),
    "lambda in a comprehension": ("[(lambda: i + j) for i in xs]", "j xs"),
    "class body and methods": (
        "class A(B, metaclass=M):\n    x = w\n    y = x\n    def m(self): return x, h\nA()",
        "B M w x h",
    ),
    "class in a function": ("def f():\n    class A(B):\n        x = 1\n        y = x\nf()", "B"),
    "top-level await": ("await go(x)", "go x"),
    "code after raise": ("raise E(x)\ny", "E x"),
    "shell line": ("!ls {folder}/$name $$pid '{print $1}'", "folder name"),
    "shell assignment": ("out = !cat {f(x)}\nout", "f x"),
    "line magic": ("%cd {folder}", "folder"),
    "timed line": ("%timeit -n 10 -q f(x)", "f x"),
    "time binds": ("%time y = f(x)\ny", "f x"),
    "timed cell": ("%%time\ny = f(x)\ny", "f x"),
    "cell for another language": ("%%bash\necho $x {y}", ""),
    "its line is filled in": ("%%bash -s {arg}\necho $x", "arg"),
    "eval of a constant": ("eval('p + q')", "p q"),
    "query": ("df.query('a > @t and b < @u')", "df t u"),
    "globals by name": ("globals()['k'], globals().get('m')", "k m"),
    "text inside a function": ("def f(loc):\n    !echo {loc} {glob}\nf(1)", "glob"),
}


@pytest.mark.parametrize("name", CASES)
def test_reads_before_writes(name: Any) -> None:
    source, expected = CASES[name]
    assert reads(source) == set(expected.split())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("eval(code)", "eval(code)"),
        ("def f():\n    exec(text)", "exec(text)"),
        ("globals()[key]", "globals()"),
    ],
)
def test_says_what_it_cannot_know(source: Any, text: Any) -> None:
    assert list(walked(source).cannot_know) == [text]


def test_a_name_that_may_be_bound_before_is_unsure() -> None:
    found = walked("for i in q:\n    y = 1\ny\nz")
    assert found.reads == {"q": True, "y": False, "z": True}


def test_names_that_the_cell_binds() -> None:
    source = "a = 1\nfor b, *c in d: pass\nimport e\ndef f():\n    global g\n    g = 1\n    h = 1"
    assert walked(source).stores == set("abcefg")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("x = 1\ny = = 2", 2),
        ("\n\n  \nx = (1", 4),
        ("x = 1\nreturn x", 2),
        ("%%time\n\nx = = 2", 3),
        ("!ls \\\n  -l\nx = 1\nfor", 4),
        ("a = 1\nawait = 3", 2),
        ("x = '\0'", 1),
    ],
)
def test_syntax_errors_have_the_line_that_was_typed(source: Any, line: Any) -> None:
    from _sluice.kernel.cell import CellSyntaxError, parse_cell

    with pytest.raises(CellSyntaxError) as caught:
        parse_cell(source)
    assert caught.value.line == line
    assert caught.value.problem


def test_parses_without_ipython(monkeypatch: Any) -> None:
    import sys

    from _sluice.kernel.cell import parse_cell

    monkeypatch.setitem(sys.modules, "IPython.core.inputtransformer2", None)
    assert isinstance(parse_cell("x = 1"), ast.Module)
