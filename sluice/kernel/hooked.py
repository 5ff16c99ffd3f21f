"""What the kernel's import hooks answer, where its path alone would not tell."""

from __future__ import annotations

import os
import sys
import zipimport
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from typing import Any

from .loaded import LocalModule
from .modules import module_file, plain_attributes, search_folders

_PLAIN_FINDERS = (BuiltinImporter, FrozenImporter)
# Tables of the hooks that editable installs leave: setuptools, editables (Hatch, PDM),
# scikit-build-core, meson-python.
_TABLES = (
    *("MAPPING", "NAMESPACES", "_redirections", "known_source_files", "known_wheel_files"),
    "_top_level_modules",
)
_PLACEHOLDER = "__editable__."
_ARCHIVE = "it comes from the archive {place}, which does not travel; unpack it beside the notebook"
_IN_MEMORY = "it exists in this kernel's memory only; put it into a file"


@dataclass
class Hooked:
    """`modules`: `{module, file, folders}`; `left_out`: what a hook hides, with the reason."""

    modules: list[dict[str, Any]] = field(default_factory=list)
    left_out: list[dict[str, str]] = field(default_factory=list)


def hooked_modules(
    wanted: Iterable[str],
    local: Iterable[LocalModule],
    sys_path: list[str],
    installed: tuple[str, ...],
) -> Hooked:
    """Ask every finder as an import would, without importing anything.

    Parameters
    ----------
    wanted
        Dotted names that the cell and what travels with it import.
    local
        What is loaded and not installed.
    sys_path
        The absolute import path; what lies there needs no word.
    installed
        What the paths of installed files begin with.
    """
    answer = Hooked()
    found: dict[str, dict[str, Any]] = {}
    tops = {name.partition(".")[0] for name in wanted} | _names_of_tables()
    for name in sorted(tops):
        _ask(name, found, answer, sys_path, installed)
    for module in local:
        if module.name not in found and not _is_plain(module.name, module.file, sys_path):
            # What is loaded is what the kernel's code gets, whatever a finder would say.
            found[module.name] = _answer_of_loaded(module)
    answer.modules = [found[name] for name in sorted(found)]
    return answer


def _ask(
    name: str,
    found: dict[str, dict[str, Any]],
    answer: Hooked,
    sys_path: list[str],
    installed: tuple[str, ...],
) -> None:
    if name in sys.builtin_module_names or name in ("", "__main__", "sluice", "_sluice"):
        return
    loaded = sys.modules.get(name)
    file = module_file(loaded)
    if file is not None and (file.startswith(installed) or _is_plain(name, file, sys_path)):
        _note_archive(name, file, answer)
        return
    try:
        spec, is_hook = _find(name)
    except Exception as fault:  # noqa: BLE001
        # A hook is anyone's code; an import of this name would fail in the same way.
        problem = f"an import hook failed: {type(fault).__name__}: {fault}"
        answer.left_out.append({"kind": "module", "name": name, "reason": problem})
        return
    if spec is None:
        if loaded is not None and _is_memory_only(loaded):
            answer.left_out.append({"kind": "module", "name": name, "reason": _IN_MEMORY})
        return
    origin = spec.origin if spec.has_location else None
    folders = _folders(spec.submodule_search_locations or ())
    places = [each for each in (origin, *folders) if each]
    _note_archive(name, origin or "", answer, spec)
    if is_hook and places and not all(each.startswith(installed) for each in places):
        place = os.path.abspath(origin) if origin else None  # noqa: PTH100
        found[name] = {"module": name, "file": place, "folders": folders}


def _find(name: str) -> tuple[ModuleSpec | None, bool]:
    """Ask the finders in their order; also say whether it was a hook that answered."""
    for finder in list(sys.meta_path):
        is_plain = any(finder is each for each in _PLAIN_FINDERS)
        find = None if is_plain else getattr(finder, "find_spec", None)
        if find is None or _asks_for_more(finder):
            continue
        spec = find(name, None, None)
        if isinstance(spec, ModuleSpec):
            return spec, not _is_path_finder(finder) or _is_by_path_hook(spec)
    return None, False


def _is_path_finder(finder: Any) -> bool:
    return finder is PathFinder


def _is_by_path_hook(spec: ModuleSpec) -> bool:
    """Whether a placeholder on the path answered, as for setuptools' namespace packages."""
    holders = [entry for entry in sys.path if str(entry).startswith(_PLACEHOLDER)]
    return bool(holders) and spec.origin is None and spec.submodule_search_locations is not None


def _asks_for_more(finder: Any) -> bool:
    """Whether asking a finder imports something: setuptools' own for `distutils` does."""
    return str(getattr(type(finder), "__module__", "")).startswith("_distutils_hack")


def _names_of_tables() -> set[str]:
    """Return the top-level names that known hooks serve."""
    names: set[str] = set()
    for finder in list(sys.meta_path):
        kind: Any = finder if issubclass(type(finder), type) else type(finder)
        # Some keep their table in their module, some in themselves.
        is_setuptools = kind.__name__ == "_EditableFinder"
        home = plain_attributes(sys.modules.get(kind.__module__)) if is_setuptools else None
        for table in _TABLES:
            names |= _keys(_own_attributes(finder).get(table)) | _keys((home or {}).get(table))
    return {name.partition(".")[0] for name in names}


def _own_attributes(finder: Any) -> dict[str, Any]:
    """Return what a finder holds itself, without asking it."""
    if issubclass(type(finder), type):
        return dict(vars(finder))
    try:
        return dict(object.__getattribute__(finder, "__dict__"))
    except AttributeError:
        return {}


def _keys(table: Any) -> set[str]:
    is_table = isinstance(table, (dict, set, frozenset, list, tuple))
    return {key for key in list(table) if isinstance(key, str)} if is_table else set()


def _is_plain(name: str, file: str, sys_path: list[str]) -> bool:
    """Whether a walk along the path, or its package's folders, gives this very file."""
    parent, _, last = name.rpartition(".")
    folder, base = os.path.split(file)
    is_init = base.startswith("__init__.")
    if is_init:
        folder, base = os.path.split(folder)
    if (base if is_init else base.partition(".")[0]) != last:
        return False
    if not parent:
        return _is_first_on_path(name, folder, sys_path)
    places = search_folders(sys.modules.get(parent))
    return any(os.path.abspath(each) == folder for each in places)  # noqa: PTH100


def _is_first_on_path(name: str, folder: str, sys_path: list[str]) -> bool:
    for entry in sys_path:
        if os.path.normpath(entry) == folder:
            return True
        # An earlier one of that name came onto the path after it was loaded.
        places = (os.path.join(entry, name, "__init__.py"), os.path.join(entry, f"{name}.py"))  # noqa: PTH118
        if any(os.path.isfile(place) for place in places):  # noqa: PTH113
            return False
    return False


def _answer_of_loaded(module: LocalModule) -> dict[str, Any]:
    folders = _folders(search_folders(sys.modules.get(module.name)))
    return {"module": module.name, "file": module.file, "folders": folders}


def _folders(places: Iterable[Any]) -> list[str]:
    """Return the folders of a package; among them may be placeholders of hooks."""
    texts = [str(place) for place in places]
    return [os.path.abspath(each) for each in texts if not each.startswith(_PLACEHOLDER)]  # noqa: PTH100


def _note_archive(name: str, file: str, answer: Hooked, spec: ModuleSpec | None = None) -> None:
    attributes = plain_attributes(sys.modules.get(name)) or {}
    loader = attributes.get("__loader__") if spec is None else spec.loader
    if isinstance(loader, zipimport.zipimporter):
        reason = _ARCHIVE.format(place=loader.archive)
        answer.left_out.append({"kind": "module", "name": name, "reason": reason})


def _is_memory_only(module: Any) -> bool:
    attributes = plain_attributes(module) or {}
    return all(attributes.get(each) is None for each in ("__spec__", "__file__", "__path__"))
