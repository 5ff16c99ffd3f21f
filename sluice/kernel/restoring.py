"""Brings the values of a finished task into the notebook's names."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..values import CannotDecodeError, Taking, decode, readable_formats, type_name
from .bindable import is_taken, name_problem
from .held import binds, note_bound, still_holds
from .remote_value import RemoteValue, about_remote


def restore(
    variables: Iterable[Mapping[str, Any]],
    *,
    namespace: dict[str, Any],
    bound: str,
) -> list[dict[str, Any]]:
    """Bind values that came home, without overwriting what was changed here meanwhile.

    A large one that stayed on its target whole is bound as a `RemoteValue`.

    Parameters
    ----------
    variables
        `Task.variables`. Each is trusted as its format says: the service lets pickles of a target
        come home only where the person trusts them.
    namespace
        The notebook's names.
    bound
        `Task.sourceSha256`: the key under which the capture noted what each name held.

    Returns
    -------
    list of dict
        `{name, bound_as, type, error}` for each; `bound_as` is None where nothing was bound.
    """
    taking = Taking()
    return [_restore_one(variable, namespace, bound, taking) for variable in variables]


def decoded_variable(variable: Mapping[str, Any], namespace: dict[str, Any]) -> Any:
    """Give back the value of an entry of `Task.variables` that is here.

    Parameters
    ----------
    variable
        The entry.
    namespace
        The notebook's names.

    Raises
    ------
    CannotDecodeError
        Its files do not give a value.
    OSError
        Its files cannot be read.
    """
    files = tuple(file["path"] for file in variable["files"])
    name = str(variable["name"])
    return Taking().take(name, files, lambda: _decoded(variable, namespace))


def _restore_one(
    variable: Mapping[str, Any], namespace: dict[str, Any], bound: str, taking: Taking
) -> dict[str, Any]:
    name = str(variable["name"])
    report = {"name": name, "bound_as": None, "type": variable["type"], "error": None}
    problem = name_problem(name)
    if problem is not None:
        return {**report, "error": f"it is not bound: {problem}"}
    if variable["reason"] is not None:
        return _restore_handle(variable, report, namespace, bound)
    files = tuple(file["path"] for file in variable["files"])
    try:
        value = taking.take(name, files, lambda: _decoded(variable, namespace))
    except (CannotDecodeError, OSError, ValueError) as fault:
        return {**report, "error": str(fault)}
    return {**_bind(name, value, namespace, bound), "type": type_name(value)}


def _restore_handle(
    variable: Mapping[str, Any], report: dict[str, Any], namespace: dict[str, Any], bound: str
) -> dict[str, Any]:
    """Bind the handle of a value that stayed there whole; others only say why they are not here."""
    if variable.get("kept") != "large" or variable.get("from") is None:
        return {**report, "error": variable["reason"]}
    handle = RemoteValue(variable, namespace)
    return {**_bind(report["name"], handle, namespace, bound), "type": variable["type"]}


def _bind(name: str, value: Any, namespace: dict[str, Any], bound: str) -> dict[str, Any]:
    is_free = _is_free(name, namespace, bound)
    target = name if is_free else f"{name}_slurm"
    namespace[target] = value
    if is_free:
        note_bound(bound, name, value)
    return {"name": name, "bound_as": target, "error": None}


def _is_free(name: str, namespace: dict[str, Any], bound: str) -> bool:
    if name not in namespace:
        return not is_taken(name) or binds(bound, name)
    if about_remote(namespace[name]) is not None:
        # Its value, or a newer one.
        return True
    return still_holds(bound, name, namespace) and (not is_taken(name) or binds(bound, name))


def _decoded(variable: Mapping[str, Any], namespace: dict[str, Any]) -> Any:
    # Arrays keep this memory, so it must be one that can be written to.
    blobs = {file["role"]: _read(Path(file["path"])) for file in variable["files"]}
    allowed = readable_formats()
    return decode(str(variable["format"]), blobs, allowed=allowed, namespace=namespace)


def _read(path: Path) -> bytearray:
    """Return a file's bytes in memory that can be written to, without a second copy of them."""
    with path.open("rb", buffering=0) as file:
        data = bytearray(os.fstat(file.fileno()).st_size)
        view, read = memoryview(data), 0
        while read < len(data):
            count = file.readinto(view[read:])
            if not count:
                raise CannotDecodeError(f"{path} became shorter while it was read")
            read += count
    return data
