"""Figures of matplotlib without IPython."""

from __future__ import annotations

import importlib.util
import io
import os
import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable


def is_figure(value: Any) -> bool:
    """Whether a value is a figure of matplotlib."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(value, module.Figure)


def figure_png(figure: Any) -> bytes:
    """Return a figure as a picture, cut to what is drawn as in a notebook."""
    file = io.BytesIO()
    figure.savefig(file, format="png", bbox_inches="tight")
    return file.getvalue()


class Figures:
    """Shows the open figures where the code says `show`, and what is left open at the end."""

    def __init__(self, show_one: Callable[[Any], None]) -> None:
        self._show_one = show_one

    def install(self) -> None:
        """Prepare for a `matplotlib` that may be imported later."""
        os.environ.setdefault("MPLBACKEND", "Agg")
        sys.meta_path.insert(0, _WhenImported("matplotlib.pyplot", self._adapt))

    def flush(self) -> None:
        """Show and close all open figures."""
        pyplot = sys.modules.get("matplotlib.pyplot")
        if pyplot is None:
            return
        for number in pyplot.get_fignums():
            self._show_one(pyplot.figure(number))
        pyplot.close("all")

    def _adapt(self, pyplot: ModuleType) -> None:
        def show(*_args: Any, **_settings: Any) -> None:
            """Show all open figures."""
            self.flush()

        pyplot.show = show  # type: ignore[attr-defined]


class _WhenImported(MetaPathFinder):
    """Calls a function with a module as soon as that has been imported."""

    def __init__(self, name: str, then: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._then = then

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != self._name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is None or spec.loader is None:
            return spec
        execute, then = spec.loader.exec_module, self._then

        def execute_then(module: ModuleType) -> None:
            execute(module)
            then(module)

        spec.loader.exec_module = execute_then  # type: ignore[method-assign]
        return spec
