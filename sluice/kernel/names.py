"""The names that a cell reads before it writes them, in the order of its statements."""

# The names of the visit methods are those of the syntax tree.
# ruff: noqa: D102, N802

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .annotations import annotation_names
from .branches import Branches, last_name
from .cell_names import CellNames as CellNames
from .nested import Scope, globals_read, globals_stored, scope_codes
from .run_script import parse_run
from .surroundings import Surroundings
from .text_inside import text_inside
from .text_names import HIDING, TextNames
from .text_reads import AT_RUN_TIME, TextReads

# Decorators that do not call what they decorate while the cell defines it.
_WAITING_DECORATORS = frozenset(
    [
        *("property", "staticmethod", "classmethod", "abstractmethod", "cached_property", "setter"),
        *("getter", "deleter", "dataclass", "lru_cache", "cache", "wraps", "contextmanager"),
        *("asynccontextmanager", "overload", "total_ordering", "jit", "njit"),
    ]
)


def cell_names(tree: ast.Module, around: Surroundings | None = None) -> CellNames:
    """Walk a cell once, in the order in which Python would run it."""
    found = CellNames()
    walk = NameWalk(around or Surroundings(), found)
    try:
        walk.block(tree.body)
        # A function that the cell only defines may be called by whoever gets it.
        walk.is_sure = False
        for name in list(walk.waiting):
            walk.read(name)
    except RecursionError:
        found.read_all(tree)
    found.look_over(tree)
    return found


class NameWalk(Branches):
    """Notes in `found` what is read and bound."""

    def __init__(self, around: Surroundings, found: CellNames) -> None:
        super().__init__()
        self.found = found
        self.is_sure = True
        # What the body of a definition reads counts from the first use of its name.
        self.waiting: dict[str, set[str]] = {}
        self._around = around
        self._has_lazy_annotations = around.has_lazy_annotations()
        self._text = self._text_names(in_function=False)
        self._text_below = self._text_names(in_function=True)
        self._covered: set[int] = set()
        self._using: set[str] = set()
        # Names of the comprehensions and type parameters around.
        self._inner: list[set[str]] = []
        # The class body around: what it binds is in `bound` with this prefix.
        self._class: str | None = None
        self._globals: set[str] = set()

    def _text_names(self, *, in_function: bool) -> TextNames:
        return TextNames(
            in_function=in_function,
            is_hidden=self._is_hidden,
            is_package=self._around.is_own_package,
        )

    def _is_hidden(self, builtin: str) -> bool:
        return builtin in self.found.stores or self._around.has(builtin)

    # Reading and binding

    def read(self, name: str) -> None:
        """Note that a name is read here."""
        if self.bound is None or any(name in names for names in self._inner):
            return
        if self._class is not None and self._class + name in self.bound:
            name = self._class + name
        elif name not in self.bound:
            is_sure = self.is_sure and name not in self.found.stores
            self.found.reads[name] = self.found.reads.get(name, False) or is_sure
        if name in self.waiting and name not in self._using:
            self._using.add(name)
            inner, self._inner = self._inner, []
            self._read_below(self.waiting[name])
            self._inner = inner
            self._using.discard(name)

    def _read_below(self, names: set[str]) -> None:
        """Read what a function reads, which does not see the names of a class around it."""
        around, self._class = self._class, None
        for name in sorted(names):
            self.read(name)
        self._class = around

    def store(self, name: str) -> None:
        """Bind a name here."""
        if self._class is not None and name not in self._globals:
            name = self._class + name
        else:
            self.found.stores.add(name)
        if self.bound is not None:
            self.bound |= {name}

    @contextmanager
    def _perhaps(self, *, is_sure: bool = False) -> Iterator[None]:
        """Walk what may not run, or not here."""
        before, self.is_sure = self.is_sure, self.is_sure and is_sure
        yield
        self.is_sure = before

    def visit(self, node: ast.AST) -> Any:
        """Visit a node, then hear what its text says."""
        reads = None if id(node) in self._covered else self._text.of(node)
        if reads is not None:
            self._covered.update(map(id, reads.covered))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            self._covered.add(id(node.func))
        super().visit(node)
        if reads is not None:
            self._hear(reads)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            is_given_away = node.id in HIDING and id(node) not in self._covered
            if is_given_away and not self._is_hidden(node.id):
                self.found.cannot_know.setdefault(node.id, AT_RUN_TIME)
            self.read(node.id)
            return
        if isinstance(node.ctx, ast.Del):
            self.read(node.id)
            if self._class is not None and self.bound is not None:
                self.bound -= {self._class + node.id}
                return
        # After `del` a read does not reach the kernel's value either.
        self.store(node.id)

    def visit_Global(self, node: ast.Global) -> None:
        self._globals |= set(node.names)

    # Statements whose order is not that of their fields

    def visit_Assign(self, node: ast.Assign) -> None:
        target = node.targets[0]
        if isinstance(node.value, ast.Lambda) and isinstance(target, ast.Name):
            self._define(target.id, node.value, waits=True)
        else:
            self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self.read(node.target.id)
        self.visit(node.value)
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
        self._annotation(node.annotation)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def _annotation(self, node: ast.expr) -> None:
        with self._perhaps(is_sure=not self._has_lazy_annotations):
            self.visit(node)
        with self._perhaps():
            for name in annotation_names(node):
                if self._around.is_type(name):
                    self.read(name)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.store(node.target.id)

    def visit_TypeAlias(self, node: Any) -> None:
        with self._type_parameters(node), self._perhaps():
            self.visit(node.value)
        self.store(node.name.id)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.store(alias.asname or alias.name.split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module == "__future__":
            names = {alias.name for alias in node.names}
            self._has_lazy_annotations = self._has_lazy_annotations or "annotations" in names
        for alias in node.names:
            if alias.name == "*":
                self._star(None if node.level else node.module)
            else:
                self.store(alias.asname or alias.name)

    def _star(self, module: str | None) -> None:
        names = None if module is None else self._around.star_names(module)
        if names is None:
            # From here on any name may be the module's.
            self.is_sure = False
        for name in names or ():
            self.store(name)

    # Definitions

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        with self._type_parameters(node):
            self.visit(node.args)
            if node.returns is not None:
                self._annotation(node.returns)
        self._define(node.name, node, waits=_waits(node.decorator_list))

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)
        every = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
        for argument in every:
            if argument is not None and argument.annotation is not None:
                self._annotation(argument.annotation)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for decorator in node.decorator_list:
            self.visit(decorator)
        outer = self._class, self._globals
        with self._type_parameters(node):
            for part in (*node.bases, *node.keywords):
                self.visit(part)
            # No name holds a dot.
            self._class, self._globals = f"{outer[0] or ''}{node.name}.", set()
            self.block(node.body)
        prefix = self._class
        if self.bound is not None:
            self.bound = frozenset(n for n in self.bound if not n.startswith(prefix))
        self.waiting = {n: e for n, e in self.waiting.items() if not n.startswith(prefix)}
        self._class, self._globals = outer
        self._define(node.name, node, waits=_waits(node.decorator_list))

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        self._read_below(self._reads_inside(node))

    @contextmanager
    def _type_parameters(self, node: ast.AST) -> Iterator[None]:
        parameters = getattr(node, "type_params", [])
        self._inner.append({parameter.name for parameter in parameters})
        with self._perhaps():
            for parameter in parameters:
                self.generic_visit(parameter)
        yield
        self._inner.pop()

    def _define(self, name: str, node: Scope, *, waits: bool) -> None:
        if isinstance(node, ast.Lambda):
            self.visit(node.args)
        inside = self._reads_inside(node)
        self.store(name)
        if waits:
            if self._class is not None and name not in self._globals:
                name = self._class + name
            self.waiting[name] = self.waiting.get(name, set()) | inside
        else:
            self._read_below(inside)

    def _reads_inside(self, node: Scope) -> set[str]:
        codes = scope_codes(node)
        self.found.stores |= globals_stored(codes)
        reads = text_inside(node, self._text_below)
        self.found.cannot_know.update(reads.cannot_know)
        self.found.stores.update(reads.stores)
        with self._perhaps():
            for line in reads.runs:
                self._run(line)
        tables = {name for name in reads.maybe if self._around.is_table(name)}
        return globals_read(codes) | {*reads.names} | tables

    # Text that names variables

    def _hear(self, reads: TextReads) -> None:
        for name in reads.names:
            self.read(name)
        self.block(reads.code)
        for name in reads.stores:
            self.store(name)
        with self._perhaps():
            for name in filter(self._around.is_table, reads.maybe):
                self.read(name)
            before = self.bound
            self.block(reads.maybe_code)
            self.bound = before
        before = self.bound
        self.block(reads.own_code)
        self.bound = before
        for line in reads.runs:
            self._run(line)
        self.found.run_modules.update(reads.modules)
        self.found.cannot_know.update(reads.cannot_know)

    def _run(self, line: str) -> None:
        run = parse_run(self._filled(line))
        if run is not None and run.module is not None:
            self.found.run_modules.update([run.module, f"{run.module}.__main__"])
        if run is None or run.path is None or "{" in run.path or "$" in run.path:
            if run is None or run.path is not None:
                self.found.cannot_know[f"%run {line}"] = "which script it runs is not known here"
            return
        script = self._around.script(run.path)
        if script.tree is None:
            self.found.scripts_left[run.path] = script.problem or "it cannot be read"
        if run.path in self.found.scripts:
            return
        if script.source:
            self.found.scripts[run.path] = script.source
        if script.tree is None:
            return
        self.found.look_over(script.tree)
        if run.is_shared:
            self.block(script.tree.body)
        else:
            self._take_names_of(script.tree)

    def _filled(self, line: str) -> str:
        """Fill in the strings that names hold, as IPython does before it runs the line."""
        for name in list(self.found.reads):
            text = None if name in self.found.stores else self._around.text(name)
            if text is not None:
                line = line.replace(f"{{{name}}}", text).replace(f"${name}", text)
        return line

    def _take_names_of(self, tree: ast.Module) -> None:
        """Bind what a script binds that ran in names of its own."""
        apart = NameWalk(self._around, CellNames())
        apart.block(tree.body)
        self.found.cannot_know.update(apart.found.cannot_know)
        self.found.scripts.update(apart.found.scripts)
        self.found.scripts_left.update(apart.found.scripts_left)
        self.found.run_modules |= apart.found.run_modules
        self.found.stores |= apart.found.stores
        for name in apart.bound or ():
            self.store(name)

    # Comprehensions

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    visit_SetComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])

    def _comprehension(self, parts: list[ast.comprehension], results: list[ast.expr]) -> None:
        self.visit(parts[0].iter)
        sure, around = self.bound, self._class
        targets = [n for part in parts for n in ast.walk(part.target)]
        own = {n.id for n in targets if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._inner.append(own)
        # The names of a class body are not seen from here.
        self._class = None
        for part in parts:
            if part is not parts[0]:
                self.visit(part.iter)
            self._read_inside_target(part.target)
            for condition in part.ifs:
                self.visit(condition)
        for result in results:
            self.visit(result)
        self._inner.pop()
        # It may go round not even once, so a walrus in it binds nothing for sure.
        self.bound, self._class = sure, around

    def _read_inside_target(self, target: ast.expr) -> None:
        """`for box[key] in …` reads both names."""
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.read(node.id)


def _waits(decorators: list[ast.expr]) -> bool:
    return all(last_name(decorator) in _WAITING_DECORATORS for decorator in decorators)
