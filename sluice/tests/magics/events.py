"""Short ways to write down what a task said."""

from __future__ import annotations

from typing import Any


def stream(text: str, name: str = "stdout") -> dict[str, Any]:
    """Something printed."""
    return {"type": "stream", "data": {"name": name, "text": text}}


def display(text: str, display_id: str | None = None, *, update: bool = False) -> dict[str, Any]:
    """Something displayed, or displayed anew."""
    transient = {} if display_id is None else {"display_id": display_id}
    data = {"data": {"text/plain": text}, "metadata": {}, "transient": transient}
    return {"type": "update_display_data" if update else "display_data", "data": data}


def clear(*, wait: bool) -> dict[str, Any]:
    """The outputs so far are thrown away."""
    return {"type": "clear_output", "data": {"wait": wait}}


def result(**data: Any) -> dict[str, Any]:
    """The cell's last value."""
    bundle = {name.replace("_", "/"): value for name, value in data.items()}
    return {"type": "execute_result", "data": {"data": bundle, "metadata": {}}}


def error(ename: str, evalue: str) -> dict[str, Any]:
    """An exception of the cell."""
    traceback = ["-----", f"File x.py:1\n{ename}: {evalue}"]
    return {"type": "error", "data": {"ename": ename, "evalue": evalue, "traceback": traceback}}
