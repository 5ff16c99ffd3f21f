"""Brings the values of a finished task into the notebook's names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from ..values import CannotDecodeError, Taking, decode, readable_formats, type_name
from .held import note_bound, still_holds


def restore(
    variables: Iterable[Mapping[str, Any]],
    *,
    namespace: dict[str, Any],
    bound: str,
) -> list[dict[str, Any]]:
    """Bind values that came home, without overwriting what was rebound here meanwhile.

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


def _restore_one(
    variable: Mapping[str, Any], namespace: dict[str, Any], bound: str, taking: Taking
) -> dict[str, Any]:
    name = str(variable["name"])
    report = {"name": name, "bound_as": None, "type": variable["type"], "error": None}
    if variable["reason"] is not None:
        return {**report, "error": variable["reason"]}
    files = tuple(file["path"] for file in variable["files"])
    try:
        value = taking.take(name, files, lambda: _decoded(variable, namespace))
    except (CannotDecodeError, OSError) as fault:
        return {**report, "error": str(fault)}
    is_free = name not in namespace or still_holds(bound, name, namespace[name])
    target = name if is_free else f"{name}_slurm"
    namespace[target] = value
    if is_free:
        note_bound(bound, name, value)
    return {**report, "bound_as": target, "type": type_name(value)}


def _decoded(variable: Mapping[str, Any], namespace: dict[str, Any]) -> Any:
    # Arrays keep this memory, so it must be one that can be written to.
    blobs = {f["role"]: bytearray(Path(f["path"]).read_bytes()) for f in variable["files"]}
    allowed = readable_formats()
    return decode(variable["format"], blobs, allowed=allowed, namespace=namespace)
