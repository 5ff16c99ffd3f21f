"""What the page asks of a kernel: JSON in, JSON out, through one user expression."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from .capturing import capture
from .cell import running_shell
from .loading import load_magic
from .restoring import restore


def call(name: str, text: str) -> str:
    """Run one of the page's functions.

    The page sends `__import__('_sluice.kernel', fromlist=['page']).page.call(NAME, JSON)` as a
    user expression. The answer is ASCII, so its `repr` is undone by taking off the quotes and
    every backslash before the character that it protects. A fault of our own raises, which the
    kernel reports as the expression's error without showing it to anyone.

    Parameters
    ----------
    name
        `capture` with `{source, spool, noncePath, include, exclude, maxVariableBytes, recompute,
        columns, write}` (`recompute`: a list of names; `columns`: lists of columns by name;
        `write` false: a survey), `restore` with `{variables, bound}`, or `load_magic` with `{}`.
    text
        The arguments as JSON.

    Returns
    -------
    str
        The answer as JSON: a `Capture`; the list of `{name, bound_as, type, error}`; or
        `{"loaded": bool, "problem": str | null}`.
    """
    return json.dumps(_FUNCTIONS[name](json.loads(text)))


def notebook_namespace() -> dict[str, Any]:
    """Return the names that cells of this kernel see."""
    shell = running_shell()
    names: dict[str, Any] = vars(sys.modules["__main__"]) if shell is None else shell.user_ns
    return names


def _capture(arguments: dict[str, Any]) -> dict[str, Any]:
    return capture(
        arguments["source"],
        namespace=notebook_namespace(),
        spool=arguments["spool"],
        nonce_path=arguments["noncePath"],
        include=arguments.get("include") or (),
        exclude=arguments.get("exclude") or (),
        max_bytes=arguments["maxVariableBytes"],
        recompute=arguments.get("recompute") or (),
        columns=arguments.get("columns") or {},
        write=arguments.get("write", True),
    )


def _restore(arguments: dict[str, Any]) -> list[dict[str, Any]]:
    namespace = notebook_namespace()
    return restore(arguments["variables"], namespace=namespace, bound=arguments["bound"])


def _load_magic(_: dict[str, Any]) -> dict[str, Any]:
    return load_magic()


_FUNCTIONS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "capture": _capture,
    "restore": _restore,
    "load_magic": _load_magic,
}
