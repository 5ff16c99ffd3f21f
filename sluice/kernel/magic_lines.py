"""Names that shell lines and magics read."""

from __future__ import annotations

import ast
import re
import sys

from .text_reads import AT_RUN_TIME, TextReads, constant, statements

_DOLLAR = re.compile(r"\$\$|\$(?P<name>[^\W\d]\w*)")
_BRACES = re.compile(r"\{([^{}]+)\}")
_OUTPUT_OPTION = re.compile(r"--(?:out|err|proc)[ =]+([^\W\d]\w*)")
_PASSED = re.compile(r"(?:^|\s)(?:-i|--input)[ =]+([\w,]+)")
_RETURNED = re.compile(r"(?:^|\s)(?:-o|--output)[ =]+([\w,]+)")

# Line magics that run the rest of their line; what `timeit` binds stays inside it.
_PYTHON_LINES = frozenset(["time", "prun", "lprun", "mprun", "pyinstrument", "snakeviz"])
_OWN_SCOPE_LINES = frozenset(["timeit", "memit"])
_NAME_LINES = frozenset(
    ["pinfo", "pinfo2", "psource", "pdoc", "pfile", "pdef", "store", "xdel", "pprint"]
)
_HISTORY_LINES = frozenset(["rerun", "recall", "rep", "load", "loadpy", "edit", "ed", "macro"])
_QUIET_LINES = frozenset(
    [
        *("alias", "alias_magic", "autoawait", "autocall", "automagic", "autoreload", "bookmark"),
        *("aimport", "cat", "cd", "code_wrap", "colors", "conda", "config", "cp", "debug", "dhist"),
        *("dirs", "doctest_mode", "env", "gui", "hist", "history", "killbgscripts", "ldir", "lf"),
        *("lk", "ll", "load_ext", "logoff", "logon", "logstart", "logstate", "logstop", "ls"),
        *("lsmagic", "lx", "magic", "mamba", "matplotlib", "micromamba", "mkdir", "mv", "notebook"),
        *("page", "pastebin", "pdb", "pip", "popd", "precision", "psearch", "pushd", "pwd"),
        *("pycat", "pylab", "quickref", "rehashx", "reload_ext", "reset", "reset_selective", "rm"),
        *("rmdir", "save", "sc", "set_env", "sluice", "slurm", "sx", "system", "tb", "unalias"),
        *("unload_ext", "uv", "who", "who_ls", "whos", "xmode"),
    ]
)
# Cell magics whose body is not Python of the notebook, or that the cell's parser took off.
_QUIET_CELLS = frozenset(
    [
        *("!", "HTML", "SVG", "bash", "capture", "file", "html", "javascript", "js", "latex"),
        *("markdown", "perl", "pypy", "python", "python2", "python3", "ruby", "script", "sh"),
        *("svg", "sx", "system", "writefile", "cmd", "slurm", "time", "timeit", "prun", "memit"),
        *("mprun", "lprun", "cython", "code_wrap", "sql"),
    ]
)
# Languages beside the notebook, which are handed values by `-i` and hand them back by `-o`.
_GUEST_CELLS = frozenset(["R", "julia", "octave", "matlab", "stata"])


def shell_call_reads(method: str, call: ast.Call) -> TextReads:
    """Return what a call of `get_ipython()` reads that stands for a magic or a shell line."""
    texts = [constant(argument) for argument in call.args]
    known = [text for text in texts if text is not None]
    if len(known) < len(texts) or not texts:
        return TextReads(cannot_know={f"get_ipython().{method}(…)": AT_RUN_TIME})
    if method in ("system", "getoutput"):
        return expanded(known[0])
    if method == "magic":
        name, _, line = known[0].lstrip("%").partition(" ")
        return _line_reads(name, line)
    line = known[1] if len(known) > 1 else ""
    if method == "run_line_magic":
        return _line_reads(known[0], line)
    return _cell_reads(known[0], line, known[2] if len(known) > 2 else "")


def expanded(text: str) -> TextReads:
    """Return what IPython would fill into a shell line: `{expression}` and `$name`."""
    names = [match["name"] for match in _DOLLAR.finditer(text) if match["name"]]
    code: list[ast.stmt] = []
    for expression in _BRACES.findall(text):
        # A brace that holds no Python is left as it is by IPython too: `awk '{print $1}'`.
        code += _filled_in(expression.strip())
    return TextReads(names=names, code=code)


def _filled_in(expression: str) -> list[ast.stmt]:
    # What follows is no Python: `{width:>10}`, `{path!s}`.
    shorter = (expression, expression.rpartition(":")[0], expression.partition(":")[0])
    for text in (*shorter, expression.rpartition("!")[0], shorter[2].rpartition("!")[0]):
        found = statements(text)
        if found:
            return found
    return []


def _line_reads(name: str, line: str) -> TextReads:
    reads = expanded(line)
    if name in _PYTHON_LINES:
        reads.code += _after_options(line)
    elif name in _OWN_SCOPE_LINES:
        reads.own_code += _after_options(line)
    elif name in _NAME_LINES:
        if re.search(r"(?:^|\s)-r\b", line):
            reads.cannot_know[f"%{name} {line}".strip()] = "it brings back values from a store"
        reads.names += re.findall(r"(?<![\w.>-])([^\W\d]\w*)", line)[:1]
    elif name == "run":
        reads.runs.append(line)
    elif name == "load_ext":
        reads.modules += filter(_is_no_extension_of_ipython, line.split()[:1])
    elif name in _HISTORY_LINES:
        reads.cannot_know[f"%{name} {line}".strip()] = "it runs or shows what was typed elsewhere"
    elif name in _GUEST_CELLS:
        _hand_over(reads, line)
    elif name not in _QUIET_LINES:
        reads.maybe_code += _after_options(line)
        reads.cannot_know[f"%{name}"] = "what this magic reads only the magic knows; use -i"
    return reads


def _cell_reads(name: str, line: str, body: str) -> TextReads:
    reads = expanded(line)
    reads.stores += _OUTPUT_OPTION.findall(line)
    if name in _OWN_SCOPE_LINES:
        # `%%timeit x = f()`: the line is the set-up, whose names the body sees.
        reads.code += _after_options(line)
    elif name in _GUEST_CELLS:
        _hand_over(reads, line)
    elif name not in _QUIET_CELLS or (name == "sql" and "{" in body):
        reads.maybe_code += statements(body) or []
        reads.cannot_know[f"%%{name}"] = "what this magic reads only the magic knows; use -i"
    return reads


def _is_no_extension_of_ipython(module: str) -> bool:
    """Whether a module that `%load_ext` names is looked for as any other."""
    extensions = sys.modules.get("IPython.core.extensions")
    return module not in getattr(extensions, "BUILTINS_EXTS", {})


def _hand_over(reads: TextReads, line: str) -> None:
    reads.names += [name for found in _PASSED.findall(line) for name in found.split(",") if name]
    given = [name for found in _RETURNED.findall(line) for name in found.split(",") if name]
    reads.stores += given


def _after_options(text: str) -> list[ast.stmt]:
    """Return the statement of a line magic such as `%timeit -n 10 f(x)`."""
    for match in re.finditer(r"\S+", text):
        code = statements(text[match.start() :])
        if code is not None:
            return code
    return []
