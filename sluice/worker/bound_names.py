"""Which names a cell binds by importing."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any


@dataclass
class ImportedNames:
    """Names that `import` statements of a cell bind, and nothing else there does."""

    names: set[str] = field(default_factory=set)
    #: Modules of which the cell takes everything.
    starred: set[str] = field(default_factory=set)

    def holds(self, name: str, value: Any) -> bool:
        """Whether a name of the namespace is only an import."""
        if isinstance(value, ModuleType) or name in self.names:
            return True
        missing = object()
        return any(
            getattr(sys.modules.get(module), name, missing) is value for module in self.starred
        )


def imported_names(python: str) -> ImportedNames:
    """Read the imports from a cell; one that Python refuses has none."""
    try:
        tree = ast.parse(python)
    except (SyntaxError, ValueError, RecursionError):
        return ImportedNames()
    found = ImportedNames()
    others: set[str] = set()
    for node in _outside_functions(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                if alias.name == "*":
                    found.starred.add(getattr(node, "module", None) or "")
                else:
                    found.names.add(alias.asname or alias.name.split(".", maxsplit=1)[0])
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            others.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            others.add(node.name)
    found.names -= others
    return found


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes that run in the cell's own scope."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            yield from _outside_functions(child)
