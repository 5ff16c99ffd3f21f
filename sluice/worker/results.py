"""Sends home what the cell bound, as far as it may and is small enough."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

from .spec import Spec
from .words import size_words

_CODE = (FunctionType, BuiltinFunctionType, MethodType, type)


@dataclass
class _Result:
    name: str
    type: str
    size: int
    encoded: Any = None
    reason: str | None = None

    def stays(self, size: int, limit: int) -> None:
        """Leave it on the cluster for its size; its memory is free again."""
        self.size = size
        self.encoded = None
        self.reason = (
            f"{size_words(size)}, more than the {size_words(limit)} that come home by themselves; "
            "it stays there (write it to a file in the cell to keep it)"
        )


def results_of(
    spec: Spec, names: list[str], namespace: dict[str, Any], folder: Path
) -> list[dict[str, Any]]:
    """Write the values of some names to files; return the `variable` event of each.

    The smallest come first, up to the limit for all together.
    """
    results: list[_Result] = []
    for name in names:
        results.append(_encoded(spec, name, namespace))
        _keep_smallest(results, spec.home_bytes)
    if _takes_pickles(spec):
        _join_sharing(results, namespace)
    return [_written(result, folder) for result in results]


def _encoded(spec: Spec, name: str, namespace: dict[str, Any]) -> _Result:
    from ..values import CannotEncodeError, TooLargeError, encode, type_name

    value = namespace[name]
    result = _Result(name, type_name(value), _shallow_size(value))
    pickles = _takes_pickles(spec)
    if isinstance(value, _CODE) and not pickles:
        result.reason = f"is code; {_why_no_pickle(spec)}"
        return result
    # What dill makes needs it at home as well.
    allowed = [name for name in spec.accepts if name != "dill" and (name != "pickle" or pickles)]
    limit = spec.home_bytes
    try:
        encoded = encode(value, allowed, namespace=namespace, max_bytes=limit)
        result.encoded, result.size = encoded, encoded.size
    except TooLargeError as fault:
        result.stays(fault.size or limit, limit)
        if fault.size is None and result.reason is not None:
            result.reason = result.reason.partition(", ")[2]
    except CannotEncodeError as fault:
        why = str(fault) if pickles else f"it has no typed format; {_why_no_pickle(spec)}"
        result.reason = why
    return result


def _shallow_size(value: Any) -> int:
    try:
        return sys.getsizeof(value, 0)
    except Exception:  # noqa: BLE001 - it is any class's own code, and the size is for a person
        return 0


def _takes_pickles(spec: Spec) -> bool:
    return "pickle" in spec.accepts and spec.trust == "pickles"


def _join_sharing(results: list[_Result], namespace: dict[str, Any]) -> None:
    """Send values that share objects as one, so that they share them at home too."""
    from ..values import CannotEncodeError, encode_together, parts_of, sharing_groups

    kept = {one.name: one for one in results if one.encoded is not None}
    parts = {name: parts_of(namespace[name], one.encoded) for name, one in kept.items()}
    for names in sharing_groups(parts):
        try:
            together = encode_together({name: namespace[name] for name in names}, namespace)
        except CannotEncodeError:
            # Too deep together, say: each was fine alone.
            continue
        for name in names:
            kept[name].encoded = together


def _why_no_pickle(spec: Spec) -> str:
    if spec.trust != "pickles":
        return (
            'pickles come home only from targets with trust = "pickles", '
            f'and {spec.target} has "{spec.trust}"'
        )
    return "the notebook takes no pickles"


def _keep_smallest(results: list[_Result], limit: int) -> None:
    """Let the largest go until all fit: the same as to take them from the smallest on."""
    kept = sorted((one for one in results if one.encoded is not None), key=lambda one: one.size)
    while sum(one.size for one in kept) > limit:
        largest = kept.pop()
        largest.encoded = None
        largest.reason = (
            f"{size_words(largest.size)}; with smaller ones that is more than the "
            f"{size_words(limit)} that come home by themselves; it stays there "
            "(write it to a file in the cell to keep it)"
        )


def _written(result: _Result, folder: Path) -> dict[str, Any]:
    files: list[dict[str, Any]] = []
    encoded = result.encoded
    if encoded is not None:
        from ..values import write_named

        try:
            for blob in encoded.blobs:
                sha256 = write_named(blob, folder)
                files.append(
                    {"role": blob.role, "path": sha256, "sha256": sha256, "bytes": blob.size}
                )
        except OSError as fault:
            files = []
            result.reason = f"it could not be written to {folder}: {fault}"
    return {
        "name": result.name,
        "type": result.type,
        "bytes": result.size,
        "format": None if encoded is None else encoded.format,
        "files": files,
        "reason": result.reason,
    }
