"""What the walk of a cell may ask of the kernel that it is in."""

from __future__ import annotations
import __future__

import sys
from collections.abc import Iterable, Mapping
from typing import Any

from .cell import running_shell
from .modules import below, is_package, module_file, plain_attributes
from .run_script import Script, read_script

_FRAMES = frozenset(["DataFrame", "Series", "LazyFrame", "Table", "Dataset", "RecordBatch"])
_TYPING = frozenset(["typing", "types", "typing_extensions"])


class Surroundings:
    """Knows nothing: for a cell without a kernel."""

    def has(self, name: str) -> bool:
        """Whether the notebook has a name."""
        return False

    def text(self, name: str) -> str | None:
        """Return the string that a name holds."""
        return None

    def is_type(self, name: str) -> bool:
        """Whether a name holds something that an annotation may name."""
        return False

    def is_table(self, name: str) -> bool:
        """Whether a name holds a table that a query may name."""
        return False

    def is_own_package(self, name: str) -> bool:
        """Whether a name holds a package that is not installed."""
        return False

    def star_names(self, module: str) -> list[str] | None:
        """Return what `from module import *` binds; None where only the import tells."""
        return None

    def has_lazy_annotations(self) -> bool:
        """Whether an earlier cell said `from __future__ import annotations`."""
        return False

    def script(self, path: str) -> Script:
        """Read the script of a `%run`."""
        return Script(path, "", "it is known only to the kernel")


class KernelSurroundings(Surroundings):
    """Answers from the notebook's names, without running anything of theirs."""

    def __init__(self, namespace: Mapping[str, Any], cwd: str, installed: Iterable[str]) -> None:
        self._namespace = namespace
        self._cwd = cwd
        self._installed = below(installed)

    def has(self, name: str) -> bool:  # noqa: D102
        return name in self._namespace

    def text(self, name: str) -> str | None:  # noqa: D102
        value = self._namespace.get(name)
        return str(value) if issubclass(type(value), str) else None

    def is_type(self, name: str) -> bool:  # noqa: D102
        kind = type(self._namespace.get(name))
        return issubclass(kind, type) or kind.__module__ in _TYPING

    def is_table(self, name: str) -> bool:  # noqa: D102
        return type(self._namespace.get(name)).__name__ in _FRAMES

    def is_own_package(self, name: str) -> bool:  # noqa: D102
        value = self._namespace.get(name)
        file = module_file(value)
        return is_package(value) and not (file or "").startswith(self._installed)

    def star_names(self, module: str) -> list[str] | None:  # noqa: D102
        loaded = sys.modules.get(module)
        attributes = None if loaded is None else plain_attributes(loaded)
        if attributes is None:
            return None
        public = attributes.get("__all__")
        if isinstance(public, (list, tuple)):
            return [name for name in public if isinstance(name, str)]
        return [name for name in list(attributes) if not name.startswith("_")]

    def has_lazy_annotations(self) -> bool:  # noqa: D102
        shell = running_shell()
        flags = 0 if shell is None else getattr(shell.compile, "flags", 0)
        return bool(flags & __future__.annotations.compiler_flag)

    def script(self, path: str) -> Script:  # noqa: D102
        return read_script(path, self._cwd)
