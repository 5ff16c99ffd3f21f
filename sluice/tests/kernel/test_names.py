import ast
import builtins
import sys
from typing import Any

import pytest

BUILTINS = set(dir(builtins))


def walked(source: Any, around: Any = None) -> Any:
    from _sluice.kernel.cell import parse_cell
    from _sluice.kernel.names import cell_names

    return cell_names(parse_cell(source), around or everything_is_a_type())


def everything_is_a_type() -> Any:
    from _sluice.kernel.surroundings import Surroundings

    around = Surroundings()
    around.is_type = lambda _: True
    return around


def reads(source: Any) -> Any:
    furniture = BUILTINS | {"get_ipython", "sys", "__name__"}
    return {name for name in walked(source).reads if name not in furniture}


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
    "a class body is no scope for its comprehensions": (
        "class A:\n    w = 1\n    v = [w for _ in w]\nA",
        "w",
    ),
    "nor for a class inside it": ("class A:\n    w = 1\n    class B:\n        v = w\nA", "w"),
    "a class body may bind in one branch": ("class A:\n    if c: w = 1\n    v = w\nA", "c w"),
    "a class body binds in both": (
        "class A:\n    if c: w = 1\n    else: w = 2\n    v = w\nA",
        "c",
    ),
    "a class body deletes": ("class A:\n    w = 1\n    del w\n    v = w\nA", "w"),
    "a name of a class is none of the cell": ("class A:\n    w = 1\nw", "w"),
    "global in a class": ("class A:\n    global w\n    w = 1\nw", ""),
    "metaclass and decorator of a class": (
        "@d(k)\nclass A(B, metaclass=M, z=q): pass",
        "d k B M q",
    ),
    "comprehension into a place": ("[1 for box[key] in rows]", "box key rows"),
    "condition of a comprehension": ("{k: v for k, v in d.items() if k in keep}", "d keep"),
    "async comprehension": ("[x async for x in agen(k) if await ok(x)]", "agen k ok"),
    "async with and for": (
        "async with a() as b:\n    async for c in b: d(c)",
        "a d",
    ),
    "generator as an argument": ("sum(w * x for x in xs)", "w xs"),
    "nested f-string": ("f\"{f'{x}':>{w + n}}\"", "x w n"),
    "f-string in a format": ("f'{x:{fmt}}'", "x fmt"),
    "f-string with a call": ("f'{g(a)!s}'", "g a"),
    "f-string in a function": ("def f():\n    return f'{a:{b}}'\nf()", "a b"),
    "decorator with arguments": ("@retry(times=n)\ndef f(): pass", "retry n"),
    "decorator chain": ("@a.b(c)[d]\ndef f(): pass", "a c d"),
    "defaults run at once": ("def f(a=b): pass\nb = 1", "b"),
    "keyword-only default": ("def f(*, a=b): pass", "b"),
    "string annotation": ("x: 'Model' = 1", "Model"),
    "string inside an annotation": ("def f(x: list['Model']) -> 'Out': pass", "Model Out"),
    "strings of Literal are values": ("x: Literal['a', 'b'] = y", "Literal y"),
    "text beside a type is no type": ("x: Annotated[T, 'a'] = y", "Annotated T y"),
    "annotations of locals are not run": ("def f():\n    a: T = 1\n    return a\nf()", ""),
    "star and double star": ("f(*a, **b)", "f a b"),
    "slice": ("x[a:b:c]", "x a b c"),
    "stored into": ("x[a] = b\ny.z = c", "x a b y c"),
    "augmented part": ("x[a] += b\ny.z += c", "x a b y c"),
    "unpacking binds": ("a, *b = c\na, b", "c"),
    "chained assignment": ("a = b = c\na, b", "c"),
    "del of a part": ("del x[k]", "x k"),
    "with several targets": ("with a as (b, c), d(b) as e.f: c", "a d e"),
    "assert and raise": ("assert a, b\nraise c from d", "a b c d"),
    "try star": ("try:\n    f()\nexcept* E as e:\n    e", "f E"),
    "walrus in a condition": ("while (c := f()): c\nc", "f"),
    "walrus in a comprehension's condition": ("[y for x in xs if (y := g(x))]", "xs g"),
    "conditional expression": ("a if b else c", "a b c"),
    "and may not go on": ("(x := a) and (y := b)\nx, y", "a b y"),
    "lambda default": ("f(lambda x=d, *, y=e: x)", "f d e"),
    "lambda waits": ("k = lambda: a\na = 1\nk()", ""),
    "lambda in a class": ("class A:\n    f = lambda self: a\nA", "a"),
    "a lambda does not see the names of a class": (
        "class A:\n    w = 1\n    f = lambda self: w\nA",
        "w",
    ),
    "nor does a decorated method": (
        "class A:\n    w = 1\n    @d\n    def m(self): return w\nA",
        "d w",
    ),
    "a class body calls what it defines": (
        "class A:\n    def m(): return k\n    m()\n    k = 2\nk = 1\nA",
        "k",
    ),
    "a function that a comprehension calls": (
        "def f(): return x\n[f() for x in xs]",
        "x xs",
    ),
    "text where a name is another function's own": (
        "def f(a): return a\ndef g(df): return df.query('x > @a')\nf(1), g(2)",
        "a",
    ),
    "class in a class with methods": (
        "class A:\n    class B:\n        def m(self): return k\nA",
        "k",
    ),
    "global and nonlocal together": (
        "def f():\n    x = 1\n    def g():\n        global y\n        nonlocal x\n"
        "        x = y = z\n    g()\nf()",
        "z",
    ),
    "yield and await": ("async def f():\n    yield a\n    await b\nf()", "a b"),
    "match class keyword and guard": (
        "match v:\n case P(x=a, y=0) if a > k: a\n case {'t': [b, *_]}: b\n case m.N: q",
        "v P k m q",
    ),
    "match or": ("match v:\n case A() | B() as c: c", "v A B"),
    "return value of a shell": ("n = !wc -l {path!s}", "path"),
    "shell with a subscript": ("!echo {d['k']} {x:>5}", "d x"),
    "shell with an attribute": ("!echo $cfg.path", "cfg"),
    "two exclamation marks": ("!!ls $where", "where"),
    "capture binds its name": ("%%capture out\nf(x)", "f x"),
    "time of several": ("%time a, b = f(x)\na + b", "f x"),
    "what timeit binds stays in it": ("%timeit y = f(x)\ny", "f x y"),
    "set-up of timeit": ("%%timeit -n 3 y = f(x)\ng(y)", "f x g"),
    "magic with an assignment": ("r = %timeit -o f(x)\nr", "f x"),
    "magic inside a block": ("if c:\n    %time f(x)", "c f x"),
    "shell inside a function": ("def f(a):\n    !ls {a} {b}\nf(1)", "b"),
    "output of a script": ("%%bash --out o\nls\n", ""),
    "a magic that nobody knows": ("%%profile_it\ny = f(x)", "f x"),
    "a line magic that nobody knows": ("%trace f(x)", "f x"),
    "handed to another language": ("%%R -i df,w -o res\nres <- df", "df w"),
    "exec of a constant binds": ("exec('a = b')\na", "b"),
    "eval of a compiled constant": ("eval(compile('a', 'f', 'eval'))", "a"),
    "is it there": ("if 'k' not in globals():\n    k = 1\nk", "k"),
    "locals of the cell": ("locals()['k'], vars()['m']", "k m"),
    "the notebook as a module": ("import __main__\n__main__.k, vars(__main__)['m']", "k m"),
    "by way of sys.modules": (
        "sys.modules['__main__'].k, getattr(sys.modules[__name__], 'm')",
        "k m",
    ),
    "by way of the shell": ("get_ipython().user_ns['k'], get_ipython().ev('m')", "k m"),
    "query with text in a function": (
        "def f(df, t):\n    return df.query('a > @t + @u')\nf(1)",
        "u",
    ),
    "pandas' own eval": ("import pandas as pd\npd.eval('p + q')", "p q"),
    "non-ASCII": ("größe = über + 1\ngröße + ñ", "über ñ"),
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
        ("globals()[key]", "globals()[key]"),
        ("globals().get(key)", "globals().get(key)"),
        ("globals().keys()", "globals()"),
        ("def f():\n    return globals()", "globals()"),
        ("list(map(eval, texts))", "eval"),
        ("run = exec", "exec"),
        ("f'{eval(text)}'", "eval(text)"),
        ("eval(f'{a}_{b}')", "eval(f'{a}_{b}')"),
        ("import __main__\ngetattr(__main__, n)", "getattr(__main__, n)"),
        ("getattr(sys.modules[m], n)", "getattr(sys.modules[m], n)"),
        ("vars(__main__)", "vars(__main__)"),
        ("get_ipython().user_ns[k]", "get_ipython().user_ns[k]"),
        ("get_ipython().run_cell(text)", "get_ipython().run_cell(text)"),
        ("sys._getframe().f_globals['k']", "sys._getframe().f_globals"),
        ("f.__globals__", "f.__globals__"),
        ("builtins.eval(text)", "builtins.eval(text)"),
        ("%%profile_it\nfor x", "%%profile_it"),
        ("%trace f(x)", "%trace"),
        ("%rerun 3", "%rerun 3"),
        ("%store -r big", "%store -r big"),
        ("%run {made}.py", "%run {made}.py"),
        ("class A:\n    def m(self): return eval(self.t)", "eval(self.t)"),
    ],
)
def test_says_what_it_cannot_know(source: Any, text: Any) -> None:
    assert list(walked(source).cannot_know) == [text]


@pytest.mark.parametrize(
    "source",
    [
        "getattr(model, name)",
        "setattr(config, key, 1)",
        "def eval(model): pass\neval(model)",
        "frame.eval('a = b')",
        "def f():\n    return locals(), vars()",
        "vars(args)",
        "a.__dict__",
        "%matplotlib inline",
        "%%bash\nls",
        "%pip install x",
        "%%time\nf(x)",
        "!ls",
    ],
)
def test_is_silent_where_nothing_is_hidden(source: Any) -> None:
    assert walked(source).cannot_know == {}


def test_a_notebook_may_have_an_eval_of_its_own() -> None:
    from _sluice.kernel.surroundings import KernelSurroundings

    around = KernelSurroundings({"eval": len}, "/", [])
    assert walked("eval(model)", around).cannot_know == {}


def test_future_annotations_are_not_run() -> None:
    found = walked("from __future__ import annotations\nx: T = y\ndef f(a: U) -> V: pass")
    assert found.reads == {"y": True, "T": False, "U": False, "V": False}


def test_strings_in_annotations_name_types_only() -> None:
    from _sluice.kernel.surroundings import KernelSurroundings

    around = KernelSurroundings({"Model": dict, "train": [1]}, "/", [])
    assert list(walked("def f(a: 'Model', b: 'train'): pass", around).reads) == ["Model"]


def test_a_star_import_binds_what_a_loaded_module_exports() -> None:
    from _sluice.kernel.surroundings import KernelSurroundings

    found = walked("from math import *\nsin, tau, other", KernelSurroundings({}, "/", []))
    assert list(found.reads) == ["other"]


def test_after_an_unknown_star_import_nothing_is_sure() -> None:
    assert walked("a\nfrom nowhere_to_be_found import *\nx").reads == {"a": True, "x": False}


def test_a_cell_that_is_too_deep_for_the_walk_loses_no_name() -> None:
    found = walked("total = " + " + ".join(f"x{n}" for n in range(2500)))
    assert {f"x{n}" for n in range(2500)} <= {*found.reads}
    assert found.cannot_know


def test_generics_and_type_aliases_where_python_has_them() -> None:
    source = (
        "type Pair[T] = tuple[T, K]\nclass A[T: B](C[T]):\n    x: T\n"
        "def f[S](a: S, b: D) -> S: return a\nPair, f"
    )
    if sys.version_info >= (3, 12):
        assert reads(source) == set("KBCD")
    else:
        from _sluice.kernel.cell import CellSyntaxError

        with pytest.raises(CellSyntaxError):
            reads(source)


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
        ("x = '" + "a" * 5_000_000 + "'", 1),
        ("x = " + "(" * 100_000, 1),
        ("x = '\ud800'", 1),
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
