"""Brings the names that the cell reads into its namespace."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .blobs import read_blobs
from .faults import WorkerError
from .spec import Spec

if TYPE_CHECKING:
    from ..values import Taking


def load_imports(spec: Spec, namespace: dict[str, Any]) -> None:
    """Bind the names that are only imports.

    Raises
    ------
    WorkerError
        A package is not in this Python, or has not what the notebook took from it.
    """
    for wanted in spec.imports:
        module = _import(wanted, spec.target)
        attribute = wanted["attribute"]
        if attribute is None:
            namespace[wanted["name"]] = module
        elif hasattr(module, attribute):
            namespace[wanted["name"]] = getattr(module, attribute)
        else:
            raise WorkerError(
                "ImportError",
                f"cannot import name {attribute!r} from {wanted['module']!r} on {spec.target}: "
                f"{_words(wanted)} works in the notebook; the version here{_version(module)} "
                f"seems to be another ({_python()})",
            )


def load_values(spec: Spec, namespace: dict[str, Any]) -> None:
    """Bind the names whose values were sent, or lie here since a former task.

    Raises
    ------
    WorkerError
        A value's bytes are missing, or do not give the value in this Python.
    """
    values = given_values(spec)
    if not values:
        return
    from ..values import CannotDecodeError, Taking

    taking = Taking()
    for value in values:
        try:
            namespace[value["name"]] = decoded_value(spec, value, namespace, taking)
        except CannotDecodeError as fault:
            cause = fault.__cause__
            if isinstance(cause, ModuleNotFoundError) and cause.name:
                message = (
                    f"the variable {value['name']} ({value['type']}) needs the package "
                    f"{_top(cause.name)} (import {cause.name}), which is not on {spec.target}: "
                    f"{_python()}. {_ADVICE}"
                )
                raise WorkerError("ModuleNotFoundError", message) from fault
            message = f"the variable {value['name']} ({value['type']}) cannot be loaded: {fault}"
            raise WorkerError("ValueUnreadable", message) from fault


def given_values(spec: Spec) -> list[dict[str, Any]]:
    """Return all values that the cell is given, those of former tasks in the form of sent ones."""
    former = [
        {"name": each["name"], "type": "kept", "format": each["format"], "blobs": each["files"]}
        for each in spec.handles
    ]
    return spec.values + former


def decoded_value(
    spec: Spec, value: dict[str, Any], namespace: dict[str, Any], taking: Taking
) -> Any:
    """Decode one value of the capture, as it was when it was sent.

    Raises
    ------
    WorkerError
        A blob is missing or damaged.
    CannotDecodeError
        The bytes do not give the value in this Python.
    """
    from ..values import VALUE_FORMATS, decode

    def decoded() -> Any:
        blobs = read_blobs(spec.root, value)
        return decode(value["format"], blobs, allowed=VALUE_FORMATS, namespace=namespace)

    files = tuple((blob["sha256"], blob.get("path")) for blob in value["blobs"])
    return taking.take(value["name"], files, decoded)


_ADVICE = "Install it there, or name an environment or `python` for the target that has it."


def _import(wanted: dict[str, Any], target: str) -> Any:
    name = wanted["module"]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as fault:
        missing = fault.name or name
        by_another = "" if name == missing or name.startswith(f"{missing}.") else f" of {name}"
        message = (
            f"the package {_top(missing)} is not on {target}: {_words(wanted)}{by_another} needs "
            f"the module {missing}, which is not in {_python()}. {_ADVICE}"
        )
        raise WorkerError("ModuleNotFoundError", message) from fault
    except Exception as fault:
        message = (
            f"{_words(wanted)} fails on {target} ({_python()}): {type(fault).__name__}: {fault}"
        )
        raise WorkerError("ImportError", message) from fault


def _words(wanted: dict[str, Any]) -> str:
    """Return the import as one would write it."""
    name, module, attribute = wanted["name"], wanted["module"], wanted["attribute"]
    if attribute is not None:
        alias = "" if attribute == name else f" as {name}"
        return f"`from {module} import {attribute}{alias}`"
    return f"`import {module}{'' if name == _top(module) else f' as {name}'}`"


def _top(module: str) -> str:
    return module.split(".", maxsplit=1)[0]


def _python() -> str:
    return f"Python {sys.version.split()[0]} ({Path(sys.executable)})"


def _version(module: Any) -> str:
    version = getattr(module, "__version__", None)
    return f" ({version})" if isinstance(version, str) else ""
