"""What a cell does with the names of the notebook."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field


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
        Dotted names such as `pkg.sub.f` that the cell and its scripts spell out.
    modules
        What they import.
    run_modules
        What `%run -m` runs and `%load_ext` imports.
    scripts
        Text of the scripts of `%run`, by the path as it was typed.
    scripts_left
        Those that cannot be read or understood, with the reason.
    cannot_know
        Expressions whose names only running them tells, with the reason.
    """

    reads: dict[str, bool] = field(default_factory=dict)
    stores: set[str] = field(default_factory=set)
    chains: set[str] = field(default_factory=set)
    modules: set[str] = field(default_factory=set)
    run_modules: set[str] = field(default_factory=set)
    scripts: dict[str, str] = field(default_factory=dict)
    scripts_left: dict[str, str] = field(default_factory=dict)
    cannot_know: dict[str, str] = field(default_factory=dict)

    def look_over(self, tree: ast.AST) -> None:
        """Note the dotted names and imports of a tree, wherever in it they are."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                chain = _chain(node)
                if chain is not None:
                    self.chains.add(chain)
            elif isinstance(node, ast.Import):
                self.modules.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                self.modules.add(node.module)

    def read_all(self, tree: ast.AST) -> None:
        """Take every name in a tree that is too deep to be walked in order."""
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        for name in names:
            if isinstance(name.ctx, ast.Load):
                self.reads.setdefault(name.id, False)
            else:
                self.stores.add(name.id)
        self.cannot_know["the cell"] = "it is nested too deeply; all that it names travels"


def _chain(node: ast.AST) -> str | None:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not parts or not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])
