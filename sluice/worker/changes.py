"""Which names a cell bound or changed."""

from __future__ import annotations

from types import FunctionType
from typing import Any

from .blobs import read_blobs
from .bound_names import ImportedNames
from .spec import Spec

# These do not change in place, or only in what does not come home.
_FIXED = (type(None), bool, int, float, complex, str, bytes, type, FunctionType)


def changed_names(
    spec: Spec,
    namespace: dict[str, Any],
    before: dict[str, Any],
    imported: ImportedNames,
) -> list[str]:
    """Return the public names that are new, bound to another object, or changed in place."""
    sent = {value["name"]: value for value in spec.values}
    missing = object()
    return [
        name
        for name, value in list(namespace.items())
        if not name.startswith("_")
        and not imported.holds(name, value)
        and (
            before.get(name, missing) is not value
            or (name in sent and _is_changed(value, sent[name], spec, namespace))
        )
    ]


def _is_changed(value: Any, sent: dict[str, Any], spec: Spec, namespace: dict[str, Any]) -> bool:
    """Whether a value that was sent is now another; told by the hashes of its bytes."""
    if isinstance(value, _FIXED):
        return False
    now = _prints(value, sent["format"], namespace)
    if now is None:
        return True
    if now == {blob["role"]: blob["sha256"] for blob in sent["blobs"]}:
        return False
    if sent["format"] != "pickle":
        return True
    # Pickles of equal objects can differ in what they share: compare with one that made the trip.
    from ..values import CannotDecodeError, decode

    try:
        fresh = decode(
            "pickle", read_blobs(spec.root, sent), allowed=["pickle"], namespace=namespace
        )
    except CannotDecodeError:
        return True
    return now != _prints(fresh, "pickle", namespace)


def _prints(value: Any, format: str, namespace: dict[str, Any]) -> dict[str, str] | None:
    from ..values import CannotEncodeError, digest, encode

    try:
        encoded = encode(value, [format], namespace=namespace)
    except CannotEncodeError:
        return None
    return {blob.role: digest(blob) for blob in encoded.blobs}
