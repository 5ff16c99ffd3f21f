"""Names that a cell reads through text: shell lines, magics, `eval`, `globals()`, `query`."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

_DOLLAR = re.compile(r"\$\$|\$(?P<name>[A-Za-z_]\w*)")
_QUERY_NAME = re.compile(r"@([A-Za-z_]\w*)")
_PYTHON_LINE_MAGICS = frozenset(["time", "timeit", "prun", "memit", "lprun", "mprun"])
_NAME_MAGICS = frozenset(["pinfo", "pinfo2", "psource", "pdoc", "pfile"])
_SHELL_CALLS = frozenset(["system", "getoutput", "run_line_magic", "run_cell_magic"])
_NAMESPACE_CALLS = frozenset(["globals", "locals", "vars"])


@dataclass
class TextReads:
    """What one call reads through text: `code` runs as Python, `cannot_know` is hidden."""

    names: list[str] = field(default_factory=list)
    code: list[ast.stmt] = field(default_factory=list)
    cannot_know: str | None = None


def text_reads(call: ast.Call) -> TextReads:
    """Return the names that a call reads through its text arguments."""
    function = call.func
    if isinstance(function, ast.Name):
        return _builtin_reads(function.id, call)
    if not isinstance(function, ast.Attribute):
        return TextReads()
    if _is_call_of(function.value, "get_ipython") and function.attr in _SHELL_CALLS:
        return _shell_reads(function.attr, call)
    if function.attr in ("query", "eval") and call.args:
        return TextReads(names=_QUERY_NAME.findall("".join(_constant_parts(call.args[0]))))
    if function.attr == "get" and namespace_call(function.value):
        key = _constant(call.args[0]) if call.args else None
        return TextReads() if key is None else TextReads(names=[key])
    return TextReads()


def namespace_call(node: ast.expr) -> bool:
    """Whether the expression is `globals()` or one of its like."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in _NAMESPACE_CALLS
        and not node.args
    )


def namespace_key(node: ast.Subscript) -> str | None:
    """Return the name in `globals()["name"]`, or None when it is something else."""
    return _constant(node.slice) if namespace_call(node.value) else None


def _builtin_reads(name: str, call: ast.Call) -> TextReads:
    if name not in ("eval", "exec") or not call.args:
        return TextReads()
    text = _constant(call.args[0])
    code = None if text is None else _statements(text)
    if code is None:
        return TextReads(cannot_know=f"{name}({ast.unparse(call.args[0])[:60]})")
    return TextReads(code=code)


def _shell_reads(method: str, call: ast.Call) -> TextReads:
    texts = [_constant(argument) or "" for argument in call.args]
    if method in ("system", "getoutput"):
        return _expanded(texts[0]) if texts else TextReads()
    if len(texts) < 2:
        return TextReads()
    reads = _expanded(texts[1])
    if method == "run_line_magic" and texts[0] in _PYTHON_LINE_MAGICS:
        reads.code += _after_options(texts[1])
    elif method == "run_line_magic" and texts[0] in _NAME_MAGICS:
        reads.names.append(texts[1].strip().split(".")[0])
    return reads


def _expanded(text: str) -> TextReads:
    """Return what IPython would fill into a shell line: `{expression}` and `$name`."""
    names = [match["name"] for match in _DOLLAR.finditer(text) if match["name"]]
    code: list[ast.stmt] = []
    for expression in re.findall(r"\{([^{}]+)\}", text):
        # A brace that holds no Python is left as it is by IPython too: `awk '{print $1}'`.
        code += _statements(expression.strip()) or []
    return TextReads(names=names, code=code)


def _after_options(text: str) -> list[ast.stmt]:
    """Return the statement of a line magic such as `%timeit -n 10 f(x)`."""
    for match in re.finditer(r"\S+", text):
        code = _statements(text[match.start() :])
        if code is not None:
            return code
    return []


def _statements(text: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(text).body
    except (SyntaxError, ValueError):
        return None


def _is_call_of(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _constant(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return None


def _constant_parts(node: ast.expr) -> list[str]:
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    return [text for text in map(_constant, values) if text is not None]
