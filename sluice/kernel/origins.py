"""Whether a kernel name is only an import, and of what."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any, Optional

from .cell import running_shell

_OUTPUT_HISTORY = re.compile(r"_{1,3}|_\d+|_i{1,3}|_i\d+|In|Out|_[ido]h")
_LAST_OUTPUTS = frozenset(["_", "__", "___"])
_ALWAYS_THERE = frozenset(
    [
        *("__name__", "__doc__", "__package__", "__loader__", "__spec__", "__builtin__"),
        *("__builtins__", "__file__", "__annotations__", "__session__", "__pypy__"),
        *("get_ipython", "exit", "quit", "display", "__vsc_ipynb_file__"),
    ]
)

Import = dict[str, Optional[str]]


def is_history(name: str, value: Any) -> bool:
    """Whether this is IPython's record of past inputs and outputs, not a person's own value."""
    if _OUTPUT_HISTORY.fullmatch(name) is None:
        return False
    shell = running_shell()
    if shell is None or name not in _LAST_OUTPUTS:
        return True
    # Before the first output it is empty text, there as here. Whoever binds it ends that use.
    is_empty = type(value) is str and value == ""
    return not is_empty and getattr(shell.displayhook, name, None) is value


def is_furniture(name: str, value: Any) -> bool:
    """Whether the name was there before the person did anything, and still is that."""
    shell = running_shell()
    hidden: Mapping[str, Any] = {} if shell is None else shell.user_ns_hidden
    return name in _ALWAYS_THERE or (name in hidden and hidden[name] is value)


def import_of(name: str, value: Any) -> Import | None:
    """Return the import that gives `value` in another process, or None when there is none."""
    # `isinstance` would ask the value itself for its class.
    if issubclass(type(value), ModuleType):
        module = _module_name(value)
        return None if module is None else _import(name, module, None)
    try:
        module, attribute = getattr(value, "__module__", None), _own_name(value)
        if not isinstance(module, str) or attribute is None or module == "__main__":
            return None
        is_found = getattr(sys.modules.get(module), attribute, None) is value
    except Exception:  # noqa: BLE001
        # A proxy object may raise anything when asked who it is; then it is a value.
        return None
    if not is_found or value is None:
        return None
    return _import(name, _public_module(module), attribute)


def submodule_imports(name: str, module: str, chains: Iterable[str]) -> list[Import]:
    """Return the submodules that `name.sub.thing` relies on.

    `import concurrent.futures` binds `concurrent` only; importing that alone elsewhere would not
    bring the submodule. Their `name` is dotted: they are imported and bound to nothing.
    """
    needed: dict[str, Import] = {}
    for chain in chains:
        parts = chain.split(".")
        if parts[0] != name:
            continue
        for end in range(2, len(parts) + 1):
            dotted = ".".join([module, *parts[1:end]])
            if not isinstance(sys.modules.get(dotted), ModuleType):
                break
            needed[dotted] = _import(".".join(parts[:end]), dotted, None)
    return list(needed.values())


def spelled_submodules(name: str, module: str, words: set[str]) -> list[Import]:
    """Return the loaded submodules of which each part is among the words of a function's code."""
    found: list[str] = []
    pending = [module]
    while pending:
        parent = pending.pop()
        inner = [known for word in words if (known := f"{parent}.{word}") in sys.modules]
        found += inner
        pending += inner
    return [_import(name + known[len(module) :], known, None) for known in sorted(found)]


def has_place(module: str) -> bool:
    """Whether a module may lie on disk; some exist in memory only, such as Cython's own."""
    loaded = sys.modules.get(module)
    return loaded is None or any(getattr(loaded, each, None) for each in ("__file__", "__path__"))


def _module_name(module: ModuleType) -> str | None:
    name = module.__name__
    if sys.modules.get(name) is module:
        return name
    # Such as `six.moves`, or a module that was put under another name.
    for known, other in list(sys.modules.items()):
        if other is module:
            return known
    return None


def _public_module(module: str) -> str:
    # On the cluster there is only the module at the top, which the worker supplies.
    return "sluice" if module.startswith("sluice.") else module


def _own_name(value: Any) -> str | None:
    """Return the name at the top of its module; what is nested travels as a value."""
    for attribute in ("__qualname__", "__name__"):
        name = getattr(value, attribute, None)
        if isinstance(name, str):
            return name if name.isidentifier() else None
    return None


def _import(name: str, module: str, attribute: str | None) -> Import:
    return {"name": name, "module": module, "attribute": attribute}
