"""Where this kernel runs: its Python, its folders, and the proof of a shared disk."""

from __future__ import annotations

import functools
import os
import platform
import site
import sys
import sysconfig
from pathlib import Path
from typing import Any

_NONCE_BYTES = 4096
_DISTRIBUTIONS = frozenset(["site-packages", "dist-packages"])


def python_facts() -> dict[str, str]:
    """Describe the interpreter, as the wire wants it."""
    return {
        "version": platform.python_version(),
        "executable": sys.executable or "",
        "prefix": sys.prefix,
        "implementation": sys.implementation.name,
        "platform": sys.platform,
        "machine": platform.machine(),
    }


def read_nonce(path: str) -> str | None:
    """Return what the service wrote into its nonce file, or None where it cannot be read."""
    try:
        with Path(path).open(encoding="ascii") as file:
            return file.read(_NONCE_BYTES).strip() or None
    except (OSError, ValueError):
        # Another machine or another user: the service tells the person so.
        return None


def working_directory() -> str:
    """Return the working directory, also when it has been deleted."""
    try:
        return str(Path.cwd())
    except OSError:
        return os.environ.get("PWD", "/")


def absolute_sys_path(cwd: str) -> list[str]:
    """Return the import path in order, each once, relative entries seen from `cwd`."""
    entries = [str(entry) for entry in sys.path]
    return list(dict.fromkeys(os.path.normpath(Path(cwd) / entry) for entry in entries))


def installed_roots(sys_path: list[str]) -> list[str]:
    """Return the folders below which nothing is local: the standard library and distributions."""
    return list(_installed_roots(tuple(sys_path)))


@functools.lru_cache(maxsize=8)
def _installed_roots(sys_path: tuple[str, ...]) -> list[str]:
    known: list[Any] = [
        sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")
    ]
    # Some sites start Python without `site`, or with an old virtualenv's.
    if hasattr(site, "getsitepackages"):
        known += site.getsitepackages()
    if hasattr(site, "getusersitepackages"):
        known.append(site.getusersitepackages())
    for entry in sys_path:
        parts = Path(entry).parts
        ends = [n for n, part in enumerate(parts) if part in _DISTRIBUTIONS]
        if ends:
            known.append(str(Path(*parts[: ends[-1] + 1])))
    roots = [str(root) for root in known if root]
    resolved = [os.path.realpath(root) for root in roots]
    return sorted({*roots, *resolved})
