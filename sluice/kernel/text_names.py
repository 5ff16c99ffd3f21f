"""Names that an expression reads through text: `eval`, `globals()`, `__main__`, `query`."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from .magic_lines import shell_call_reads
from .text_reads import AT_RUN_TIME, TextReads, constant, shown, statements

_QUERY_NAME = re.compile(r"@([^\W\d]\w*)")
_FROM_TABLE = re.compile(r"\b(?:from|join)\s+([^\W\d]\w*)", re.IGNORECASE)
_SHELL_LINES = frozenset(["system", "getoutput", "run_line_magic", "run_cell_magic", "magic"])
_SHELL_PYTHON = frozenset(["ev", "ex", "run_cell"])
_RUNNERS = frozenset(["eval", "exec"])
#: Builtins that, given away as values, hide what is read through them.
HIDING = frozenset(["eval", "exec", "globals"])
#: Words of which compiled code has one where its text may name the notebook's names.
TELLING_WORDS = frozenset(
    [
        *("eval", "exec", "globals", "__main__", "modules", "f_globals", "f_locals", "__globals__"),
        *("get_ipython", "run_line_magic", "run_cell_magic", "user_ns", "query", "evaluate", "sql"),
        *("execute", "from_query", "sqldf", "getattr", "vars", "import_module", "__import__"),
    ]
)
_ATTRIBUTE_CALLS = frozenset(["getattr", "hasattr", "setattr", "delattr"])
_KEY_METHODS = frozenset(["get", "pop", "setdefault", "__getitem__", "__contains__"])
_FRAME_NAMES = frozenset(["f_globals", "f_locals", "f_builtins", "__globals__"])
_SQL_METHODS = frozenset(["sql", "query", "execute", "from_query", "sqldf"])


class TextNames:
    """Reads text as Python would.

    Parameters
    ----------
    in_function
        There `locals()` and `vars()` are the function's own.
    is_hidden
        Whether a builtin's name means something else here.
    is_package
        Whether a name is bound to a package of the person's own, some of whose submodules the
        kernel may never have loaded.
    """

    def __init__(
        self,
        *,
        in_function: bool,
        is_hidden: Callable[[str], bool],
        is_package: Callable[[str], bool],
    ) -> None:
        self._dicts = ("globals",) if in_function else ("globals", "locals", "vars")
        self.is_hidden = is_hidden
        self._is_package = is_package

    def of(self, node: ast.AST) -> TextReads | None:
        """Return what this one expression reads through text; None: nothing."""
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            return self._subscript(node)
        if isinstance(node, ast.Attribute):
            return self._attribute(node)
        if isinstance(node, ast.Compare):
            return self._membership(node)
        return None

    def _subscript(self, node: ast.Subscript) -> TextReads | None:
        if not self._is_namespace(node.value):
            return None
        return self._by_key(node, node.value, node.slice, node.ctx)

    def _membership(self, node: ast.Compare) -> TextReads | None:
        """`"x" in globals()`."""
        container = node.comparators[0]
        is_in = isinstance(node.ops[0], (ast.In, ast.NotIn)) and self._is_namespace(container)
        return self._by_key(node, container, node.left, ast.Load()) if is_in else None

    def _attribute(self, node: ast.Attribute) -> TextReads | None:
        if _is_main(node.value) and node.attr != "__dict__":
            return self._named(node.attr, node.value, node.ctx)
        if node.attr in _FRAME_NAMES or self._is_namespace(node):
            return TextReads(cannot_know={shown(node): AT_RUN_TIME})
        return None

    def _by_key(
        self, whole: ast.AST, namespace: ast.expr, key: ast.expr, context: ast.expr_context
    ) -> TextReads:
        name = constant(key)
        if name is None:
            return TextReads(cannot_know={shown(whole): AT_RUN_TIME}, covered=_parts(namespace))
        return self._named(name, namespace, context)

    def _named(self, name: str, covered: ast.expr, context: ast.expr_context) -> TextReads:
        reads = TextReads(covered=_parts(covered))
        (reads.stores if isinstance(context, ast.Store) else reads.names).append(name)
        return reads

    def _call(self, call: ast.Call) -> TextReads | None:
        function = call.func
        if isinstance(function, ast.Name) and not self.is_hidden(function.id):
            return self._builtin_call(function.id, call)
        if isinstance(function, ast.Attribute):
            return self._method_call(function, call)
        return None

    def _builtin_call(self, name: str, call: ast.Call) -> TextReads | None:
        if name in _RUNNERS and call.args:
            return self._running(call, call.args[0])
        if name in _ATTRIBUTE_CALLS and len(call.args) > 1:
            return self._attribute_call(call)
        if self._is_namespace(call):
            return TextReads(cannot_know={shown(call): AT_RUN_TIME}, covered=[call.func])
        return None

    def _running(self, call: ast.Call, text: ast.expr) -> TextReads:
        if isinstance(text, ast.Call) and _last(text.func) == "compile" and text.args:
            text = text.args[0]
        known = constant(text)
        if known is None and isinstance(text, ast.JoinedStr):
            known = "".join(_constant_parts(text)) if _is_plain(text) else None
        code = None if known is None else statements(known.strip())
        if code is None:
            # `exec(code, scope)` reads what the scope holds, and that travels as a value.
            return TextReads(cannot_know={shown(call): AT_RUN_TIME})
        return TextReads(code=code)

    def _attribute_call(self, call: ast.Call) -> TextReads | None:
        owner, name = call.args[0], constant(call.args[1])
        if _is_main(owner) or _is_module_by_text(owner):
            if name is None:
                return TextReads(cannot_know={shown(call): AT_RUN_TIME}, covered=_parts(owner))
            is_store = _last(call.func) == "setattr"
            return self._named(name, owner, ast.Store() if is_store else ast.Load())
        if name is None and isinstance(owner, ast.Name) and self._is_package(owner.id):
            reason = "which submodule it takes is known only when it runs; import it in the cell"
            return TextReads(cannot_know={shown(call): reason})
        return None

    def _method_call(self, function: ast.Attribute, call: ast.Call) -> TextReads | None:
        method, owner = function.attr, function.value
        is_shell = _is_shell(owner)
        if method in ("run_line_magic", "run_cell_magic") or (is_shell and method in _SHELL_LINES):
            return shell_call_reads(method, call)
        if call.args and is_shell and method in _SHELL_PYTHON:
            return self._running(call, call.args[0])
        if call.args and method in _RUNNERS and _last(owner) in ("builtins", "__builtins__"):
            return self._running(call, call.args[0])
        if method in _KEY_METHODS and call.args and self._is_namespace(owner):
            return self._by_key(call, owner, call.args[0], ast.Load())
        return _query_reads(method, owner, call)

    def _is_namespace(self, node: ast.AST) -> bool:
        """Whether the expression is `globals()` or one of its like."""
        if isinstance(node, ast.Attribute):
            if node.attr == "__dict__":
                return _is_main(node.value)
            return node.attr in ("user_ns", "user_global_ns") and _is_shell(node.value)
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            return False
        name = node.func.id
        if node.args:
            return name == "vars" and _is_main(node.args[0])
        return name in self._dicts and not node.keywords and not self.is_hidden(name)


def _query_reads(method: str, owner: ast.expr, call: ast.Call) -> TextReads | None:
    if not call.args or method not in ("query", "eval", "evaluate", *_SQL_METHODS):
        return None
    text = "".join(_constant_parts(call.args[0]))
    if method in ("query", "eval") and "@" in text:
        return TextReads(names=_QUERY_NAME.findall(text))
    if method == "evaluate" or (method == "eval" and _last(owner) in ("pd", "pandas")):
        return TextReads(maybe_code=statements(text) or [])
    # DuckDB finds frames by the names of the caller's variables.
    if method in _SQL_METHODS:
        return TextReads(maybe=[f"{name}" for name in _FROM_TABLE.findall(text)])
    return None


def _is_main(node: ast.expr) -> bool:
    """Whether the expression is the notebook's module."""
    if isinstance(node, ast.Name):
        return node.id == "__main__"
    if isinstance(node, ast.Subscript) and _is_modules(node.value):
        is_own_name = isinstance(node.slice, ast.Name) and node.slice.id == "__name__"
        return is_own_name or constant(node.slice) == "__main__"
    if isinstance(node, ast.Call) and _last(node.func) in ("__import__", "import_module"):
        return bool(node.args) and constant(node.args[0]) == "__main__"
    return False


def _is_module_by_text(node: ast.expr) -> bool:
    """Whether it is `sys.modules[name]`, which may be the notebook's module."""
    return (
        isinstance(node, ast.Subscript) and _is_modules(node.value) and constant(node.slice) is None
    )


def _is_modules(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "modules" and _last(node.value) == "sys"


def _is_shell(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _last(node.func) in ("get_ipython", "InteractiveShell")


def _last(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _parts(node: ast.expr) -> list[ast.AST]:
    """Return a namespace expression and the builtin that it calls."""
    return [node, node.func] if isinstance(node, ast.Call) else [node]


def _is_plain(node: ast.JoinedStr) -> bool:
    return all(constant(value) is not None for value in node.values)


def _constant_parts(node: ast.expr) -> list[str]:
    values = node.values if isinstance(node, ast.JoinedStr) else [node]
    return [text for text in map(constant, values) if text is not None]
