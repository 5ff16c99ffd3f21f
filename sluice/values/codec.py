"""Choice of a format for a value, and the way back."""

from __future__ import annotations

import importlib.util
from collections import OrderedDict
from collections.abc import Collection, Mapping
from typing import Any

from .encoded import Buffer, CannotDecodeError, CannotEncodeError, Encoded, TooLargeError

#: In the order in which they are tried; all but the last two are typed and hold no code.
VALUE_FORMATS = ("safetensors", "json", "npy", "arrow", "frame", "pickle", "dill")
#: Formats of what stands inside containers.
LEAF_FORMATS = ("safetensors", "npy", "arrow", "frame")

Namespace = dict[str, Any]

_MOST_WORDS = 500


def encode(
    value: Any,
    allowed: Collection[str],
    *,
    namespace: Namespace | None = None,
    max_bytes: int | None = None,
    leaves: Collection[str] | None = None,
) -> Encoded:
    """Encode a value in the first of the allowed formats that gives it back unchanged.

    Parameters
    ----------
    value
        Any object. Large arrays are not copied: the blobs are views of their memory, so write them
        before the value changes.
    allowed
        Formats of `VALUE_FORMATS`; they are tried in its order.
    namespace
        The globals of the notebook's functions: pickles hold a reference to it in their place.
    max_bytes
        The most that all blobs together may take.
    leaves
        Formats for what stands inside containers; None: those of `LEAF_FORMATS` that are allowed.

    Returns
    -------
    Encoded
        Format, blobs and, for a pickle, the names and modules that it needs where it is loaded.

    Raises
    ------
    TooLargeError
        Over `max_bytes`.
    CannotEncodeError
        No allowed format holds the value; the message says why.
    """
    unknown = set(allowed) - set(VALUE_FORMATS)
    if unknown:
        raise ValueError(f"no such value format: {', '.join(sorted(unknown))}")
    for name in VALUE_FORMATS:
        if name in allowed:
            if name == "json":
                inside = [leaf for leaf in LEAF_FORMATS if leaf in (leaves or allowed)]
                encoded = _encode_json(value, max_bytes, inside, has_pickle="pickle" in allowed)
            else:
                encoded = _encode_as(name, value, namespace, max_bytes, allowed)
            if encoded is not None:
                return encoded
    raise CannotEncodeError("it has no typed format")


def _encode_as(
    name: str,
    value: Any,
    namespace: Namespace | None,
    max_bytes: int | None,
    allowed: Collection[str],
) -> Encoded | None:
    # Each codec is loaded when it is needed: a worker's start is waited for.
    if name == "safetensors":
        if not _may_be_tensors(value):
            return None
        from .safetensors_format import encode_safetensors

        return encode_safetensors(value, max_bytes)
    if name == "npy":
        from .npy_format import encode_npy

        return encode_npy(value, max_bytes)
    if name == "arrow":
        from .arrow_format import encode_arrow

        return encode_arrow(value, max_bytes)
    if name == "frame":
        from .frame_format import encode_frame

        return encode_frame(value, max_bytes)
    if name == "dill":
        from .dill_format import encode_dill

        return encode_dill(value, max_bytes)
    from .pickle_format import encode_pickle

    try:
        return encode_pickle(value, namespace, max_bytes)
    except CannotEncodeError as refusal:
        if "dill" not in allowed or isinstance(refusal, TooLargeError):
            raise
        from .dill_format import encode_after

        return encode_after(refusal, value, namespace, max_bytes)


def _encode_json(
    value: Any, max_bytes: int | None, inside: Collection[str], *, has_pickle: bool
) -> Encoded | None:
    from .json_format import encode_json

    encoded = encode_json(value, max_bytes, keep_aliases=has_pickle)
    if encoded is not None or not _may_be_tree(value):
        return encoded
    from .tree_format import encode_tree

    def leaf(item: Any) -> Encoded | None:
        for name in inside:
            found = _encode_as(name, item, None, max_bytes, inside)
            if found is not None:
                return found
        return None

    return encode_tree(value, max_bytes, leaf, keep_aliases=has_pickle)


def _may_be_tensors(value: Any) -> bool:
    """Whether to look closer: cheap, since every value is asked."""
    if isinstance(value, dict):
        value = next(iter(value.values()), None)
    return str(type(value).__module__).partition(".")[0] in ("torch", "numpy")


def _may_be_tree(value: Any) -> bool:
    from .tagged_atoms import WRITERS

    return type(value) in (list, dict, int, tuple, set, frozenset, slice, OrderedDict, *WRITERS)


def decode(
    format: str,
    blobs: Mapping[str, Buffer],
    *,
    allowed: Collection[str],
    namespace: Namespace | None = None,
) -> Any:
    """Give back the value of some blobs.

    Parameters
    ----------
    format
        What `Encoded.format` said.
    blobs
        The bytes by role. Arrays use this memory: pass bytearrays when they shall be writable.
    allowed
        Formats that may be loaded. Name `pickle` only for bytes that may run code here.
    namespace
        What the globals of pickled notebook functions become; needed for pickles that have any.

    Raises
    ------
    CannotDecodeError
        The format is not allowed, the bytes are damaged, or a package is missing.
    """
    if format not in VALUE_FORMATS:
        raise CannotDecodeError(f"no such value format: {format}")
    if format not in allowed:
        raise CannotDecodeError(f"values in the format {format} are not accepted here")
    try:
        return _decode_as(format, blobs, allowed, namespace)
    except CannotDecodeError:
        raise
    except ModuleNotFoundError as fault:
        raise CannotDecodeError(f"it needs {fault.name}, which is not here") from fault
    except Exception as fault:
        # The bytes may be anybody's, and the libraries that read them raise what they like.
        words = f"{type(fault).__name__}: {fault}"[:_MOST_WORDS]
        raise CannotDecodeError(f"damaged value of the format {format}: {words}") from fault


def _decode_as(
    format: str,
    blobs: Mapping[str, Buffer],
    allowed: Collection[str],
    namespace: Namespace | None,
) -> Any:
    if format == "safetensors":
        from .safetensors_format import decode_safetensors

        return decode_safetensors(blobs)
    if format == "json":
        if "tree" in blobs:
            from .tree_format import decode_tree

            formats = [name for name in allowed if name in LEAF_FORMATS]
            return decode_tree(blobs, lambda name, own: decode(name, own, allowed=formats))
        from .json_format import decode_json

        return decode_json(blobs)
    if format == "npy":
        from .npy_format import decode_npy

        return decode_npy(blobs)
    if format == "arrow":
        from .arrow_format import decode_arrow

        return decode_arrow(blobs)
    if format == "frame":
        from .frame_format import decode_frame

        return decode_frame(blobs)
    if format == "dill":
        from .dill_format import decode_dill

        return decode_dill(blobs)
    from .pickle_format import decode_pickle

    return decode_pickle(blobs, namespace)


def readable_formats() -> list[str]:
    """Return the formats that this Python can give back, without importing anything large."""
    formats = ["json"]
    if importlib.util.find_spec("numpy") is not None:
        formats += ["npy", "safetensors"]
        if importlib.util.find_spec("pandas") is not None:
            from .arrow_format import is_safe_pyarrow_installed

            if is_safe_pyarrow_installed():
                formats.append("arrow")
            formats.append("frame")
    formats.append("pickle")
    return formats
