"""Which names a cell bound or changed."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from .bound_names import ImportedNames
from .loading import decoded_value, given_values
from .room import memory_room
from .spec import Spec

if TYPE_CHECKING:
    from ..values import Taking

# These do not change in place, or only in what does not come home.
_FIXED = (type(None), bool, int, float, complex, str, bytes, type, FunctionType)

# Equal values have equal bytes.
_EXACT = ("npy",)


def changed_names(
    spec: Spec,
    namespace: dict[str, Any],
    before: dict[str, Any],
    imported: ImportedNames,
) -> list[str]:
    """Return the public names that are new, bound to another object, or changed in place."""
    sent = {value["name"]: value for value in given_values(spec)}
    missing = object()
    comparing = _Comparing(spec, namespace)
    return [
        name
        for name, value in list(namespace.items())
        if not name.startswith("_")
        and not imported.holds(name, value)
        and (
            before.get(name, missing) is not value
            or (name in sent and comparing.is_changed(value, sent[name]))
        )
    ]


class _Comparing:
    def __init__(self, spec: Spec, namespace: dict[str, Any]) -> None:
        self._spec = spec
        self._namespace = namespace
        self._taking: Taking | None = None

    def is_changed(self, value: Any, sent: dict[str, Any]) -> bool:
        """Whether a value that was sent is now another; told by the hashes of its bytes."""
        if isinstance(value, _FIXED):
            return False
        now = _prints(value, sent["format"], self._namespace)
        if now is None:
            return True
        if now == {blob["role"]: blob["sha256"] for blob in sent["blobs"]}:
            return False
        if sent["format"] in _EXACT or sum(b["bytes"] for b in sent["blobs"]) > memory_room():
            return True
        return now != self._sent_prints(sent)

    def _sent_prints(self, sent: dict[str, Any]) -> dict[str, str] | None:
        """Return the hashes of what was sent, encoded anew.

        Pickles of equal objects can differ in what they share, and several can be in one; other
        versions of a library write other files.
        """
        from ..values import CannotDecodeError, Taking

        self._taking = self._taking or Taking()
        try:
            fresh = decoded_value(self._spec, sent, self._namespace, self._taking)
        except CannotDecodeError:
            return None
        return _prints(fresh, sent["format"], self._namespace)


def _prints(value: Any, format: str, namespace: dict[str, Any]) -> dict[str, str] | None:
    from ..values import LEAF_FORMATS, CannotEncodeError, digest, encode

    try:
        encoded = encode(value, [format], namespace=namespace, leaves=LEAF_FORMATS)
    except CannotEncodeError:
        return None
    return {blob.role: digest(blob) for blob in encoded.blobs}
