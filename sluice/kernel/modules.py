"""Looks at loaded modules without waking them: a lazy one loads when an attribute is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from types import ModuleType
from typing import Any


def plain_attributes(module: Any) -> dict[str, Any] | None:
    """Return the names of a module as they are now; None for what is no module."""
    if not issubclass(type(module), ModuleType):
        return None
    attributes: dict[str, Any] = object.__getattribute__(module, "__dict__")
    return attributes


def module_file(module: Any) -> str | None:
    """Return the file that a module was loaded from."""
    attributes = plain_attributes(module)
    file = None if attributes is None else attributes.get("__file__")
    return file if isinstance(file, str) else None


def is_package(module: Any) -> bool:
    """Whether a module may have submodules."""
    attributes = plain_attributes(module)
    return attributes is not None and attributes.get("__path__") is not None


def search_folders(module: Any) -> list[str]:
    """Return the folders in which a package's submodules are looked for."""
    attributes = plain_attributes(module)
    places = None if attributes is None else attributes.get("__path__")
    if places is None:
        return []
    try:
        return [str(place) for place in places]
    except Exception:  # noqa: BLE001
        # A namespace package whose parent was thrown out of `sys.modules`, or anyone's own list.
        return []


def below(folders: Iterable[str]) -> tuple[str, ...]:
    """Return what the paths below some folders begin with."""
    return tuple(folder.rstrip(os.sep) + os.sep for folder in folders)
