"""Data frames as Arrow files, where pyarrow is there and the round trip is exact."""

from __future__ import annotations

import functools
import importlib.metadata
import importlib.util
import json
import re
import warnings
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from .arrow_guard import check_table, checked_stream
from .encoded import Blob, Buffer, CannotDecodeError, Encoded, References, guard
from .frame_equality import (
    are_same_frames,
    frame_bytes,
    is_frame,
    set_frequency,
    settable_frequency,
)
from .type_name import type_name

_KIND = b"sluice"
_EXTENSION = b"ARROW:extension:name"
# Older ones run code that an Arrow file brings along (CVE-2023-47248).
_SAFE_VERSION = (14, 0, 1)
_SMALL_BYTES = 1_000_000
_MOST_LABELS = 100
_MOST_PROVEN = 1000
_NUMBERS = frozenset(["bool", "int32", "int64", "float32", "float64"])

# Layouts of frames of which one has made the round trip.
_proven: set[Any] = set()


@lru_cache(maxsize=1)
def is_safe_pyarrow_installed() -> bool:
    """Whether pyarrow is there, in a version that is safe with files from elsewhere."""
    spec = importlib.util.find_spec("pyarrow")
    return spec is not None and _is_safe_at(spec.origin)


@functools.lru_cache(maxsize=1)
def _is_safe_at(_origin: str | None) -> bool:
    """Read the version once for each place: the metadata is a file to be parsed."""
    try:
        numbers = re.findall(r"\d+", importlib.metadata.version("pyarrow"))
    except importlib.metadata.PackageNotFoundError:
        return False
    return tuple(map(int, numbers[:3])) >= _SAFE_VERSION


def needs_pyarrow(frame: Any) -> bool:
    """Whether some column or index of a frame is of a type that only pyarrow brings."""
    dtypes = [frame.dtype] if frame.ndim == 1 else list(frame.dtypes)
    for axis in frame.axes:
        dtypes += list(axis.dtypes) if axis.nlevels > 1 else [axis.dtype]
    return any(map(_is_of_arrow, dtypes))


def _is_of_arrow(dtype: Any) -> bool:
    inner = getattr(getattr(dtype, "categories", None), "dtype", None)
    is_own = getattr(dtype, "storage", None) == "pyarrow" or type(dtype).__name__ == "ArrowDtype"
    return is_own or (inner is not None and _is_of_arrow(inner))


def encode_arrow(value: Any, max_bytes: int | None) -> Encoded | None:
    """Encode a DataFrame or Series as an Arrow IPC file; None when it would not come back equal."""
    if not is_frame(value) or not is_safe_pyarrow_installed():
        return None
    guard(max_bytes, frame_bytes(value))
    try:
        with warnings.catch_warnings():
            # It warns of attributes that it leaves out; the comparison finds them missing.
            warnings.simplefilter("ignore")
            data = _write(value)
        layout = _number_layout(value)
        same = layout in _proven or are_same_frames(value, _read(data))
    except Exception:  # noqa: BLE001
        # A trial: Arrow has no place for mixed objects and odd dtypes, and the column types of
        # other packages may raise anything.
        return None
    if not same:
        return None
    if layout is not None and len(_proven) < _MOST_PROVEN:
        _proven.add(layout)
    guard(max_bytes, len(data))
    references = References(modules={"pandas", "pyarrow"})
    return Encoded("arrow", type_name(value), (Blob("arrow", (data,)),), references)


def _number_layout(value: Any) -> Any:
    """Return what decides whether a frame of numbers comes back equal; None for any other frame.

    Which numbers it holds makes no difference, so that one trial of a layout is enough.
    """
    import pandas

    is_plain = (
        type(value) is pandas.DataFrame
        and type(value.index) is pandas.RangeIndex
        and type(value.columns) is pandas.Index
        and len(value.columns) <= _MOST_LABELS
        and not value.attrs
    )
    if not is_plain or any(str(dtype) not in _NUMBERS for dtype in value.dtypes):
        return None
    labels = tuple(value.columns)
    return (
        *(labels, tuple(map(type, labels)), repr(value.columns.dtype), value.columns.name),
        *(tuple(map(str, value.dtypes)), value.index.name, value.flags.allows_duplicate_labels),
    )


def decode_arrow(blobs: Mapping[str, Buffer]) -> Any:
    """Give back a frame from its Arrow file."""
    try:
        import pyarrow

        return _read(blobs["arrow"])
    except ImportError as fault:
        raise CannotDecodeError(f"Arrow needs pyarrow and pandas here: {fault}") from fault
    except (pyarrow.ArrowException, AttributeError, KeyError, TypeError, ValueError) as fault:
        raise CannotDecodeError(f"damaged Arrow file: {fault}") from fault


def _write(value: Any) -> memoryview:
    import pyarrow

    # Arrow keeps neither of these.
    kind = {"kind": "dataframe", "frequency": settable_frequency(value.index)}
    frame = value
    if value.ndim == 1:
        kind.update(kind="series", name=value.name)
        frame = value.to_frame(name="value")
    # To start threads takes longer than to convert a small frame.
    threads = 1 if frame_bytes(value) < _SMALL_BYTES else None
    table = pyarrow.Table.from_pandas(frame, nthreads=threads)
    metadata = dict(table.schema.metadata or {})
    metadata[_KIND] = json.dumps(kind).encode()
    table = table.replace_schema_metadata(metadata)
    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    return memoryview(sink.getvalue())


def _read(data: Buffer) -> Any:
    import pandas
    import pyarrow

    # Pandas tells Arrow of its own column types when it first converts one.
    pyarrow.array(pandas.PeriodIndex([], freq="D"))
    with pyarrow.ipc.open_stream(checked_stream(data)) as reader:
        table = reader.read_all()
    check_table(table, memoryview(data).nbytes)
    for field in table.schema:
        if _EXTENSION in (field.metadata or {}):
            # Arrow would quietly give the bare numbers of a type that it does not know.
            raise ValueError(
                f"the column type {field.metadata[_EXTENSION].decode()} is unknown here"
            )
    kind = json.loads((table.schema.metadata or {})[_KIND])
    # Arrow's own memory is read-only; a frame that cannot be written to is no frame.
    frame = table.to_pandas(use_threads=table.nbytes >= _SMALL_BYTES).copy()
    set_frequency(frame.index, kind["frequency"])
    if kind["kind"] == "dataframe":
        return frame
    series = frame["value"]
    series.name = kind["name"]
    series.attrs = frame.attrs
    return series
