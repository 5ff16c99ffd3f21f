"""`display` without IPython: what objects say of themselves, as representations by type."""

from __future__ import annotations

import builtins
import secrets
from typing import Any, Callable

from .figures import figure_png, is_figure

Event = Callable[[str, dict[str, Any]], None]

_METHODS = {
    "_repr_html_": "text/html",
    "_repr_markdown_": "text/markdown",
    "_repr_latex_": "text/latex",
    "_repr_svg_": "image/svg+xml",
    "_repr_png_": "image/png",
    "_repr_jpeg_": "image/jpeg",
    "_repr_json_": "application/json",
    "_repr_javascript_": "application/javascript",
}


def bundle_of(value: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the representations of a value and their metadata, by type."""
    data: dict[str, Any] = {"text/plain": repr(value)}
    metadata: dict[str, Any] = {}
    if is_figure(value):
        data["image/png"] = figure_png(value)
        return data, metadata
    if isinstance(value, type):
        return data, metadata
    bundle = getattr(value, "_repr_mimebundle_", None)
    if callable(bundle):
        _add(data, metadata, bundle())
    for method, mime in _METHODS.items():
        say = getattr(value, method, None)
        if mime not in data and callable(say):
            said = say()
            if said is not None:
                _add(data, metadata, _named(mime, said))
    return data, metadata


def _named(mime: str, said: Any) -> Any:
    if isinstance(said, tuple) and len(said) == 2:
        return {mime: said[0]}, {mime: said[1]}
    return {mime: said}


def _add(data: dict[str, Any], metadata: dict[str, Any], said: Any) -> None:
    if isinstance(said, tuple) and len(said) == 2:
        metadata.update(said[1])
        said = said[0]
    if isinstance(said, dict):
        data.update(said)


class Display:
    """What `display` is in a cell."""

    def __init__(self, event: Event) -> None:
        self._event = event

    def __call__(self, *values: Any, display_id: Any = None, update: bool = False) -> Any:
        """Show values; with `display_id`, return a handle that can show another in their place."""
        name = secrets.token_hex(8) if display_id is True else display_id
        for value in values:
            self.show(value, name, update)
        return Handle(self, name) if name is not None else None

    def show(self, value: Any, display_id: str | None, update: bool) -> None:
        """Show one value."""
        data, metadata = bundle_of(value)
        transient = {} if display_id is None else {"display_id": display_id}
        type = "update_display_data" if update else "display_data"
        self._event(type, {"data": data, "metadata": metadata, "transient": transient})

    def result(self, value: Any) -> None:
        """Show the value of a cell's last expression."""
        data, metadata = bundle_of(value)
        self._event("execute_result", {"data": data, "metadata": metadata})

    def install(self) -> None:
        """Make it a builtin, as it is in a notebook."""
        builtins.display = self  # type: ignore[attr-defined]


class Handle:
    """A place among the outputs."""

    def __init__(self, display: Display, display_id: str) -> None:
        self._display = display
        self.display_id = display_id

    def display(self, value: Any) -> None:
        """Show a value in a new place of the same name."""
        self._display.show(value, self.display_id, False)

    def update(self, value: Any) -> None:
        """Show a value instead of the one before."""
        self._display.show(value, self.display_id, True)
