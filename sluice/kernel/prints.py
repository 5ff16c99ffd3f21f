"""Whether a value was changed in place: told by the hashes of its encoded bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from ..values import (
    LEAF_FORMATS,
    CannotDecodeError,
    CannotEncodeError,
    Encoded,
    decode,
    digest,
    encode,
)
from .sizes import estimated_bytes

# These do not change in place, or only in what a result does not replace.
_FIXED = (
    *(type(None), bool, int, float, complex, str, bytes),
    *(type, FunctionType, BuiltinFunctionType, MethodType, ModuleType),
)
# Equal values have equal bytes.
_EXACT = ("npy", "safetensors")
# A value that did not travel is looked at only where that costs nothing.
_SMALL_BYTES = 1_000_000


@dataclass(frozen=True)
class Print:
    """What was in a value."""

    format: str
    hashes: Mapping[str, str]
    #: The files of its bytes, by role; those of a pickle of several values have other hashes.
    files: Mapping[str, Path]


def print_of(encoded: Encoded, files: Mapping[str, Path], hashes: Mapping[str, str]) -> Print:
    """Note what was written of a value; `hashes` are empty where the files hold others as well."""
    own = hashes or {blob.role: digest(blob) for blob in encoded.blobs}
    return Print(encoded.format, own, files)


def small_prints(names: Iterable[str], namespace: dict[str, Any]) -> dict[str, Print]:
    """Note what is in small values that do not travel, but that the cell may replace."""
    prints = {}
    for name in names:
        value = namespace.get(name)
        if not isinstance(value, _FIXED) and estimated_bytes(value) <= _SMALL_BYTES:
            hashes = _hashes(value, ["json", "npy"], namespace, _SMALL_BYTES)
            if hashes is not None:
                prints[name] = Print(*hashes, {})
    return prints


def is_changed(value: Any, noted: Print, namespace: dict[str, Any]) -> bool:
    """Whether a value is another one now.

    Parameters
    ----------
    value
        The same object as then.
    noted
        What was in it.
    namespace
        The notebook's names.
    """
    if isinstance(value, _FIXED):
        return False
    now = _hashes(value, [noted.format], namespace, None)
    if now is None or now[1] == noted.hashes:
        return now is None
    if noted.format in _EXACT or not noted.files:
        return True
    # A pickle of an unchanged object can differ in what it remembers of itself.
    return now != _hashes_of_files(noted, namespace)


def _hashes(
    value: Any, formats: list[str], namespace: dict[str, Any], most: int | None
) -> tuple[str, dict[str, str]] | None:
    try:
        encoded = encode(value, formats, namespace=namespace, max_bytes=most, leaves=LEAF_FORMATS)
    except CannotEncodeError:
        return None
    except Exception:  # noqa: BLE001 - a value is anyone's code
        return None
    return encoded.format, {blob.role: digest(blob) for blob in encoded.blobs}


def _hashes_of_files(noted: Print, namespace: dict[str, Any]) -> tuple[str, dict[str, str]] | None:
    try:
        blobs = {role: bytearray(path.read_bytes()) for role, path in noted.files.items()}
        fresh = decode(
            noted.format, blobs, allowed=[noted.format, *LEAF_FORMATS], namespace=namespace
        )
    except (CannotDecodeError, OSError):
        return None
    return _hashes(fresh, [noted.format], namespace, None)
