"""NumPy arrays and scalars as .npy files, never with pickled objects in them."""

from __future__ import annotations

import io
import math
import sys
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from .encoded import (
    PIECE_BYTES,
    Blob,
    Buffer,
    CannotDecodeError,
    Encoded,
    IScattered,
    References,
    guard,
)
from .type_name import type_name

# NumPy gives an element one byte that is said to have none.
_MOST_WITHOUT_BYTES = 1_000_000


def encode_npy(value: Any, max_bytes: int | None) -> Encoded | None:
    """Encode an array (role `npy`) or a NumPy scalar (role `scalar`); None for anything else."""
    numpy = sys.modules.get("numpy")
    # Whoever holds an array has imported numpy.
    if numpy is None:
        return None
    if type(value) is numpy.ndarray:
        role, array = "npy", value
    elif isinstance(value, numpy.generic) and type(value).__module__ == "numpy":
        role, array = "scalar", numpy.asarray(value)
    else:
        return None
    if not has_plain_dtype(array.dtype):
        return None
    guard(max_bytes, array.nbytes)
    blob = array_blob(role, array)
    return Encoded("npy", type_name(value), (blob,), References(modules={"numpy"}))


def decode_npy(blobs: Mapping[str, Buffer]) -> Any:
    """Give back an array that uses the blob's memory, or a scalar."""
    if "scalar" in blobs:
        return read_array(blobs["scalar"])[()]
    if "npy" not in blobs:
        raise CannotDecodeError("the array's file is missing")
    return read_array(blobs["npy"])


def has_plain_dtype(dtype: Any) -> bool:
    """Whether the .npy header can name the dtype in full, and no element is a Python object."""
    from numpy.lib import format as npy

    if dtype.hasobject or dtype.metadata is not None:
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return bool(npy.descr_to_dtype(npy.dtype_to_descr(dtype)) == dtype)
    except (TypeError, ValueError, UserWarning):
        # Types that extensions of NumPy define: the header would call them raw bytes.
        return False


def array_blob(role: str, array: Any) -> Blob:
    """Return the .npy file of an array: a header, then its own memory in the array's order."""
    return Blob(role, (_header(array), array_memory(array)))


class _Scattered:
    """An array whose elements do not lie one after the other: copied a piece at a time."""

    def __init__(self, array: Any) -> None:
        self._array = array
        self.nbytes: int = array.nbytes

    def pieces(self) -> Iterator[memoryview]:
        import numpy

        iterate: Any = numpy.nditer
        for piece in iterate(
            self._array,
            flags=["external_loop", "buffered"],
            op_flags=[["readonly", "contig"]],
            order="C",
            buffersize=max(PIECE_BYTES // self._array.itemsize, 1),
        ):
            flat = memoryview(piece.view("u1"))
            # One element may be larger than a piece.
            for start in range(0, flat.nbytes, PIECE_BYTES):
                yield flat[start : start + PIECE_BYTES]


def _header(array: Any) -> bytes:
    from numpy.lib import format as npy

    file = io.BytesIO()
    fields = npy.header_data_from_array_1_0(array)
    try:
        npy.write_array_header_1_0(file, fields)
    except ValueError:
        # More than 64 KiB of field names.
        file = io.BytesIO()
        npy.write_array_header_2_0(file, fields)
    return file.getvalue()


def array_memory(array: Any) -> Buffer | IScattered:
    """Return the bytes of an array, without a copy of the whole."""
    if array.nbytes == 0:
        return b""
    if not (array.flags.c_contiguous or array.flags.f_contiguous):
        return _Scattered(array)
    flat = array.reshape(-1, order="C" if array.flags.c_contiguous else "F")
    # As bytes, since dates have no buffer of their own type.
    return memoryview(flat.view("u1"))


def read_array(data: Buffer) -> Any:
    """Give back an array from the bytes of a .npy file without copying them."""
    import numpy

    file = io.BytesIO(memoryview(data)[: 64 * 1024])
    try:
        shape, fortran_order, dtype = _read_header(file)
        if dtype.hasobject:
            raise CannotDecodeError("an array of Python objects is not accepted")
        if any(length < 0 for length in shape):
            raise CannotDecodeError("damaged array: it has a negative length")
        count = math.prod(shape)
        if dtype.itemsize == 0 and count > _MOST_WITHOUT_BYTES:
            raise CannotDecodeError(f"an array of {count} elements without any bytes")
        if dtype.itemsize == 0 or count == 0:
            return numpy.empty(shape, dtype, order="F" if fortran_order else "C")
        flat = numpy.frombuffer(data, dtype, count, file.tell())
        return flat.reshape(shape, order="F" if fortran_order else "C")
    except (ValueError, TypeError, SyntaxError, OverflowError) as fault:
        raise CannotDecodeError(f"damaged array: {fault}") from fault


def _read_header(file: io.BytesIO) -> tuple[tuple[int, ...], bool, Any]:
    from numpy.lib import format as npy

    version = npy.read_magic(file)
    if version == (1, 0):
        return npy.read_array_header_1_0(file)
    if version == (2, 0):
        return npy.read_array_header_2_0(file)
    raise ValueError(f"version {version} of the .npy format")
