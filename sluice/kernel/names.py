"""The names that a cell reads before it writes them, in the order of its statements."""

# The names of the visit methods are those of the syntax tree.
# ruff: noqa: N802

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from .branches import Branches, last_name
from .nested import Scope, globals_read, globals_stored, local_names, scope_codes
from .text_names import namespace_call, namespace_key, text_reads

# Decorators that do not call what they decorate while the cell defines it.
_WAITING_DECORATORS = frozenset(
    [
        *("property", "staticmethod", "classmethod", "abstractmethod", "cached_property", "setter"),
        *("getter", "deleter", "dataclass", "lru_cache", "cache", "wraps", "contextmanager"),
        *("asynccontextmanager", "overload", "total_ordering", "jit", "njit"),
    ]
)


@dataclass
class CellNames:
    """What a cell does with the names of the notebook.

    Attributes
    ----------
    reads
        Read before they are surely written, in order; False: the cell may have bound it before.
    stores
        Bound by the cell somewhere.
    chains
        Dotted names such as `pkg.sub.f` that the cell spells out.
    cannot_know
        Expressions whose names only running them tells.
    """

    reads: dict[str, bool] = field(default_factory=dict)
    stores: set[str] = field(default_factory=set)
    chains: set[str] = field(default_factory=set)
    cannot_know: dict[str, None] = field(default_factory=dict)


def cell_names(tree: ast.Module) -> CellNames:
    """Walk a cell once, in the order in which Python would run it."""
    walk = _Walk()
    walk.block(tree.body)
    # A function that the cell only defines may be called by whoever gets it.
    walk.is_sure = False
    for name in list(walk.waiting):
        walk.read(name)
    walk.found.chains = {chain for node in ast.walk(tree) if (chain := _chain(node))}
    return walk.found


def _chain(node: ast.AST) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not parts or not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])


class _Walk(Branches):
    def __init__(self) -> None:
        super().__init__()
        self.found = CellNames()
        self.is_sure = True
        # What the body of a definition reads counts from the first use of its name.
        self.waiting: dict[str, set[str]] = {}
        self._using: set[str] = set()
        # Names of the comprehension or class body that is being walked.
        self._inner: list[set[str]] = []
        self._in_class = False
        self._globals: set[str] = set()

    # Reading and binding

    def read(self, name: str) -> None:
        if self.bound is None or any(name in names for names in self._inner):
            return
        if name not in self.bound:
            is_sure = self.is_sure and name not in self.found.stores
            self.found.reads[name] = self.found.reads.get(name, False) or is_sure
        if name in self.waiting and name not in self._using:
            self._using.add(name)
            for inner in sorted(self.waiting[name]):
                self.read(inner)
            self._using.discard(name)

    def store(self, name: str) -> None:
        if self._in_class and name not in self._globals:
            self._inner[-1].add(name)
            return
        self.found.stores.add(name)
        if self.bound is not None:
            self.bound |= {name}

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.read(node.id)
            return
        if isinstance(node.ctx, ast.Del):
            self.read(node.id)
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
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
        if node.value is not None or not isinstance(node.target, ast.Name):
            self.visit(node.target)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.store(node.target.id)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.store(alias.asname or alias.name.split(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name != "*":
                self.store(alias.asname or alias.name)

    # Definitions

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        with_types = self._open_type_parameters(node)
        for part in (*node.decorator_list, node.args, node.returns):
            if part is not None:
                self.visit(part)
        self._inner = self._inner[: len(self._inner) - with_types]
        self._define(node.name, node, waits=_waits(node.decorator_list))

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815

    def visit_arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)
        every = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
        for argument in every:
            if argument is not None and argument.annotation is not None:
                self.visit(argument.annotation)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        with_types = self._open_type_parameters(node)
        for part in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(part)
        outer = self._in_class, self._globals
        self._in_class, self._globals = True, set()
        self._inner.append(set())
        self.block(node.body)
        self._inner = self._inner[: len(self._inner) - 1 - with_types]
        self._in_class, self._globals = outer
        self._define(node.name, node, waits=_waits(node.decorator_list))

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self.visit(node.args)
        for name in sorted(self._reads_inside(node)):
            self.read(name)

    def _open_type_parameters(self, node: ast.AST) -> int:
        parameters = getattr(node, "type_params", [])
        if parameters:
            self._inner.append({parameter.name for parameter in parameters})
        return 1 if parameters else 0

    def _define(self, name: str, node: Scope, *, waits: bool) -> None:
        if isinstance(node, ast.Lambda):
            self.visit(node.args)
        inside = self._reads_inside(node)
        is_method = self._in_class
        self.store(name)
        if waits and not is_method:
            self.waiting[name] = self.waiting.get(name, set()) | inside
        elif not waits:
            for inner in sorted(inside):
                self.read(inner)

    def _reads_inside(self, node: Scope) -> set[str]:
        codes = scope_codes(node)
        self.found.stores |= globals_stored(codes)
        return globals_read(codes) | (self._text_inside(node) - local_names(codes))

    def _text_inside(self, node: Scope) -> set[str]:
        """Names read through text somewhere inside; their order cannot be known."""
        names: set[str] = set()
        for part in ast.walk(node):
            if isinstance(part, ast.Subscript) and (key := namespace_key(part)):
                names.add(key)
            if isinstance(part, ast.Call):
                reads = text_reads(part)
                names |= set(reads.names)
                for statement in reads.code:
                    names |= {n.id for n in ast.walk(statement) if isinstance(n, ast.Name)}
                if reads.cannot_know:
                    self.found.cannot_know.setdefault(reads.cannot_know)
        return names

    # Text that names variables

    def visit_Call(self, node: ast.Call) -> None:
        if namespace_call(node):
            self.found.cannot_know.setdefault(ast.unparse(node))
        is_known_get = isinstance(node.func, ast.Attribute) and namespace_call(node.func.value)
        reads = text_reads(node)
        if not (is_known_get and reads.names):
            self.visit(node.func)
        for argument in (*node.args, *node.keywords):
            self.visit(argument)
        for name in reads.names:
            self.read(name)
        self.block(reads.code)
        if reads.cannot_know:
            self.found.cannot_know.setdefault(reads.cannot_know)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        key = namespace_key(node)
        if key is None:
            self.generic_visit(node)
        elif isinstance(node.ctx, ast.Load):
            self.read(key)
        else:
            self.store(key)

    # Comprehensions

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehension(node.generators, [node.elt])

    visit_SetComp = visit_GeneratorExp = visit_ListComp  # noqa: N815

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node.generators, [node.key, node.value])

    def _comprehension(self, parts: list[ast.comprehension], results: list[ast.expr]) -> None:
        self.visit(parts[0].iter)
        sure, in_class = self.bound, self._in_class
        targets = [n for part in parts for n in ast.walk(part.target)]
        own = {n.id for n in targets if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self._inner.append(own)
        self._in_class = False
        for part in parts:
            if part is not parts[0]:
                self.visit(part.iter)
            for condition in part.ifs:
                self.visit(condition)
        for result in results:
            self.visit(result)
        self._inner.pop()
        # It may go round not even once, so a walrus in it binds nothing for sure.
        self.bound, self._in_class = sure, in_class


def _waits(decorators: list[ast.expr]) -> bool:
    return all(last_name(decorator) in _WAITING_DECORATORS for decorator in decorators)
