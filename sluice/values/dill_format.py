"""The last resort: what cloudpickle refuses and dill takes, where dill is installed."""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Mapping
from typing import Any

from .culprits import find_culprit
from .encoded import (
    Blob,
    Buffer,
    CannotDecodeError,
    CannotEncodeError,
    Encoded,
    References,
    guard,
)
from .pickle_format import checked_stream, load_reason, stream_header
from .type_name import type_name

_ROLE = "dill"


def encode_after(
    refusal: CannotEncodeError,
    value: Any,
    namespace: dict[str, Any] | None,
    max_bytes: int | None,
) -> Encoded:
    """Encode what cloudpickle refused.

    What is known to be bound to its process stays so: dill would send a lock, which locks nothing
    there.

    Raises
    ------
    CannotEncodeError
        The refusal: dill is not here, or refuses as well.
    """
    if importlib.util.find_spec("dill") is None or find_culprit(value, namespace) is not None:
        raise refusal
    try:
        return encode_dill(value, max_bytes)
    except CannotEncodeError as fault:
        raise refusal from fault


def encode_dill(value: Any, max_bytes: int | None) -> Encoded:
    """Encode a value with dill.

    Raises
    ------
    CannotEncodeError
        dill refuses it.
    """
    import dill

    file = io.BytesIO()
    try:
        dill.dump(value, file, protocol=5, recurse=True)
    except Exception as fault:
        # A pickle runs any object's own code, which may raise anything.
        raise CannotEncodeError(f"dill: {fault}") from fault
    guard(max_bytes, file.tell())
    references = References(modules={"dill"}, code=True)
    blob = Blob(_ROLE, (stream_header(has_code=True), file.getbuffer()))
    return Encoded("dill", type_name(value), (blob,), references)


def decode_dill(blobs: Mapping[str, Buffer]) -> Any:
    """Give back what dill encoded. This runs whatever code the pickle names.

    Raises
    ------
    CannotDecodeError
        dill is not here, the bytes are damaged, or another Python made them.
    """
    if _ROLE not in blobs:
        raise CannotDecodeError("the pickle is missing")
    stream = checked_stream(blobs[_ROLE])
    try:
        import dill

        return dill.load(io.BytesIO(stream))  # noqa: S301 - only where pickles are allowed
    except Exception as fault:
        raise CannotDecodeError(load_reason(fault)) from fault
