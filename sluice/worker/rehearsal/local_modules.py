"""Modules that the kernel would find in places that are not installed."""

from __future__ import annotations

import os
from importlib.machinery import all_suffixes

from .installed import is_below


def local_module(name: str, sys_path: list[str], installed: list[str]) -> str | None:
    """Return the file that `import name` would have given the kernel, when it is a local one.

    Parameters
    ----------
    name
        Dotted and absolute.
    sys_path
        The kernel's, made absolute.
    installed
        Folders below which nothing is local.
    """
    for entry in sys_path:
        if any(is_below(entry, root) for root in installed):
            continue
        base = os.path.join(entry, *name.split("."))
        package = [os.path.join(base, f"__init__{suffix}") for suffix in all_suffixes()]
        for path in (*package, *(base + suffix for suffix in all_suffixes())):
            if os.path.isfile(path):
                return path
    return None
