"""How a value would travel, found out without serialising what is large."""

from __future__ import annotations

import sys
from itertools import islice
from typing import Any

from ..values import CannotEncodeError, Encoded, References, encode, type_name
from ..values.arrow_format import is_safe_pyarrow_installed, needs_pyarrow
from ..values.frame_equality import is_frame
from ..values.npy_format import has_plain_dtype
from ..values.tensors import is_tensor

#: What is not larger is encoded to find out; that takes no time.
SURVEYED_BYTES = 1_000_000

_FORMATS = ("safetensors", "json", "npy", "pickle", "dill")
# An Arrow file is a copy of the frame, and its trial another.
_MOST_ARROW_BYTES = 50_000_000
_SAMPLE = 1000


def outward_formats(value: Any, size: int) -> tuple[str, ...]:
    """Return the formats in which a value may leave, so that it can be loaded where it arrives.

    A frame leaves as Arrow where it needs pyarrow there in any case; others load everywhere as
    pickles, whose buffers are the frame's own memory.

    Parameters
    ----------
    value
        Any object.
    size
        The bytes that it takes, as estimated.
    """
    is_arrow = (
        is_frame(value)
        and size <= _MOST_ARROW_BYTES
        and needs_pyarrow(value)
        and is_safe_pyarrow_installed()
    )
    return ("arrow", *_FORMATS) if is_arrow else _FORMATS


def survey(value: Any, size: int, namespace: dict[str, Any]) -> Encoded:
    """Return the format of a large value and what its classes refer to; there are no blobs."""
    likely = _likely_format(value, size)
    references = References(modules={"pyarrow"} if likely == "arrow" else set())
    for kind in _kinds_in(value):
        if kind.__module__ != "__main__":
            references.modules.add(kind.__module__)
            continue
        try:
            found = encode(kind, ["pickle"], namespace=namespace).references
        except CannotEncodeError:
            # The value itself may be refused or not; the capture tells.
            continue
        references.names |= found.names
        references.stores |= found.stores
        references.modules |= found.modules
        references.imports |= found.imports
        references.definitions.update(found.definitions)
    return Encoded(likely, type_name(value), (), references)


def _kinds_in(value: Any) -> set[type]:
    members = value.values() if isinstance(value, dict) else value
    sample = islice(members, _SAMPLE) if isinstance(value, (dict, list, tuple, set)) else ()
    kinds = {type(value), *map(type, sample)}
    return {kind for kind in kinds if kind.__module__ != "builtins"}


def _likely_format(value: Any, size: int) -> str:
    numpy = sys.modules.get("numpy")
    if is_tensor(value):
        return "safetensors"
    if numpy is not None and type(value) is numpy.ndarray and has_plain_dtype(value.dtype):
        return "npy"
    if type(value) is str:
        return "json"
    if is_frame(value):
        return "arrow" if "arrow" in outward_formats(value, size) else "pickle"
    return "pickle"
