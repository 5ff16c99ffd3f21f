"""Arrow files from elsewhere: nothing that unpacks to more than it is, or runs what it brings.

The values of Sluice are written uncompressed. A file that says it is compressed, or that a column
without bytes has a billion rows, was made to fill the memory of whoever reads it.
"""

from __future__ import annotations

import struct
from typing import Any

from .encoded import Buffer, CannotDecodeError

# Arrow's own extension type whose description is a pickle.
_RUNS_CODE = b"arrow.py_extension_type"
_MAGIC = b"ARROW1\0\0"
_RECORD_BATCH, _DICTIONARY = 3, 2
# Fields of the format's tables: Message.header_type and .header, RecordBatch.compression,
# DictionaryBatch.data.
_HEADER_TYPE, _HEADER, _COMPRESSION, _DATA = 1, 2, 3, 1
#: Each cell takes at least a bit, but for columns in which nothing is.
_CELLS_IN_A_BYTE = 8
_FREE_CELLS = 10_000_000
# A row of these becomes a Python object of its own.
_OBJECT_CELLS = 64


def checked_stream(data: Buffer) -> Any:
    """Return the messages of a file, once none of them is compressed or of a type that runs code.

    What the end of the file says of its parts is left aside: it could name others.

    Parameters
    ----------
    data
        The file.

    Returns
    -------
    object
        A `pyarrow.Buffer` in Arrow's form for streams.

    Raises
    ------
    CannotDecodeError
        It has such parts, or is no Arrow file.
    """
    import pyarrow

    view = memoryview(data).cast("B")
    if bytes(view[: len(_MAGIC)]) != _MAGIC:
        raise CannotDecodeError("damaged Arrow file: it does not begin as one")
    stream = pyarrow.py_buffer(view[len(_MAGIC) :])
    reader = pyarrow.ipc.MessageReader.open_stream(stream)
    while True:
        try:
            message = reader.read_next_message()
        except StopIteration:
            break
        metadata = message.metadata.to_pybytes()
        if message.type == "schema" and _RUNS_CODE in metadata:
            raise CannotDecodeError("an Arrow file with a type that brings code is not accepted")
        if _is_compressed(metadata):
            raise CannotDecodeError("a compressed Arrow file is not accepted")
    return stream


def check_table(table: Any, size: int) -> None:
    """Refuse a table that is inconsistent, or would take far more memory than its file.

    Parameters
    ----------
    table
        The `pyarrow.Table`.
    size
        Bytes of its file.

    Raises
    ------
    CannotDecodeError
        It is such a table.
    """
    import pyarrow

    try:
        table.validate(full=True)
    except pyarrow.ArrowException as fault:
        raise CannotDecodeError(f"damaged Arrow file: {fault}") from fault
    cells = sum(_cells(chunk) for column in table.columns for chunk in column.chunks)
    if cells > max(size * _CELLS_IN_A_BYTE, _FREE_CELLS):
        raise CannotDecodeError(
            f"an Arrow file of {size} bytes that unpacks to {cells} cells is not accepted"
        )


def _cells(array: Any) -> int:
    """Count what becomes a value of its own when an array is converted."""
    import pyarrow

    kind = array.type
    if isinstance(array, pyarrow.ExtensionArray):
        return _cells(array.storage)
    if pyarrow.types.is_dictionary(kind):
        return len(array) + _cells(array.dictionary)
    if pyarrow.types.is_struct(kind):
        inner = sum(_cells(array.field(number)) for number in range(kind.num_fields))
        return len(array) * _OBJECT_CELLS + inner
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind):
        return len(array) * _OBJECT_CELLS + _cells(array.flatten())
    if pyarrow.types.is_nested(kind) or kind.id not in _plain_ids():
        raise CannotDecodeError(f"an Arrow column of the type {kind} is not accepted")
    return len(array)


def _plain_ids() -> frozenset[int]:
    import pyarrow

    kinds = (
        *(pyarrow.null(), pyarrow.bool_(), pyarrow.string(), pyarrow.large_string()),
        *(pyarrow.binary(), pyarrow.large_binary(), pyarrow.binary(1)),
        *(pyarrow.int8(), pyarrow.int16(), pyarrow.int32(), pyarrow.int64()),
        *(pyarrow.uint8(), pyarrow.uint16(), pyarrow.uint32(), pyarrow.uint64()),
        *(pyarrow.float16(), pyarrow.float32(), pyarrow.float64()),
        *(pyarrow.date32(), pyarrow.date64(), pyarrow.time32("s"), pyarrow.time64("us")),
        *(pyarrow.timestamp("s"), pyarrow.duration("s")),
        *(pyarrow.decimal128(1), pyarrow.decimal256(1)),
    )
    return frozenset(kind.id for kind in kinds)


def _is_compressed(metadata: bytes) -> bool:
    message = _Table(metadata, _offset(metadata, 0))
    kind = message.byte(_HEADER_TYPE)
    if kind not in (_RECORD_BATCH, _DICTIONARY):
        return False
    header = message.table(_HEADER)
    batch = header.table(_DATA) if header is not None and kind == _DICTIONARY else header
    return batch is not None and batch.table(_COMPRESSION) is not None


def _offset(data: bytes, at: int) -> int:
    return at + int(struct.unpack_from("<I", data, at)[0])


class _Table:
    """A table of the format's metadata (FlatBuffers), as far as it is looked at."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data = data
        self._at = at
        self._fields = at - struct.unpack_from("<i", data, at)[0]
        self._size = struct.unpack_from("<H", data, self._fields)[0]

    def byte(self, field: int) -> int:
        at = self._place(field)
        return 0 if at is None else self._data[at]

    def table(self, field: int) -> _Table | None:
        at = self._place(field)
        return None if at is None else _Table(self._data, _offset(self._data, at))

    def _place(self, field: int) -> int | None:
        entry = 4 + 2 * field
        if entry + 2 > self._size:
            return None
        offset = struct.unpack_from("<H", self._data, self._fields + entry)[0]
        return None if offset == 0 else self._at + int(offset)
