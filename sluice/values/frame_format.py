"""Data frames without pyarrow: a description in JSON and one blob for each column."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .encoded import Blob, Buffer, CannotDecodeError, Encoded, References, guard
from .frame_equality import (
    are_same_frames,
    frame_bytes,
    is_frame,
    set_frequency,
    settable_frequency,
)
from .npy_format import array_blob, has_plain_dtype, read_array
from .type_name import type_name

# Text columns: pandas before 3 keeps them as objects, later ones have a type for them.
_TEXT_DTYPES = ("object", "str", "string")
# What labels of text and numbers can have; pandas would make sense of much more.
_LABEL_DTYPE = re.compile(r"object|str|string|category|u?int\d\d?|U?Int\d\d?")


class _NoPlaceError(Exception):
    """The frame holds something that this format does not know."""


def encode_frame(value: Any, max_bytes: int | None) -> Encoded | None:
    """Encode a DataFrame or Series; None when it would not come back equal."""
    if not is_frame(value):
        return None
    guard(max_bytes, frame_bytes(value))
    try:
        blobs = _write(value)
        same = are_same_frames(
            value, _read({blob.role: bytearray(blob.joined()) for blob in blobs})
        )
    except Exception:  # noqa: BLE001
        # A trial: whatever pandas or another's column type raises, this format is not for it.
        return None
    if not same:
        return None
    encoded = Encoded("frame", type_name(value), tuple(blobs), References(modules={"pandas"}))
    guard(max_bytes, encoded.size)
    return encoded


def decode_frame(blobs: Mapping[str, Buffer]) -> Any:
    """Give back a frame from its blobs."""
    try:
        return _read(blobs)
    except ImportError as fault:
        raise CannotDecodeError(f"data frames need pandas here: {fault}") from fault
    except (
        _NoPlaceError,
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OverflowError,
    ) as fault:
        raise CannotDecodeError(f"damaged data frame: {fault!r}") from fault


def _write(value: Any) -> list[Blob]:
    blobs: list[Blob] = []
    description: dict[str, Any] = {"version": 1}
    if value.attrs:
        raise _NoPlaceError
    if value.ndim == 1:
        description.update(kind="series", name=_label(value.name))
        columns = [value]
    else:
        labels = value.columns
        if labels.nlevels != 1:
            raise _NoPlaceError
        description.update(
            kind="dataframe",
            labels=_write_labels(labels),
            labelsName=_label(labels.name),
        )
        columns = [value.iloc[:, number] for number in range(value.shape[1])]
    description["columns"] = [
        _write_values(column, f"column:{number}", blobs) for number, column in enumerate(columns)
    ]
    description["index"] = _write_index(value.index, blobs)
    data = json.dumps(description, allow_nan=False).encode()
    return [Blob("frame", (data,)), *blobs]


def _write_labels(labels: Any) -> dict[str, Any]:
    import pandas

    if type(labels) is pandas.RangeIndex:
        return {"range": [labels.start, labels.stop, labels.step]}
    return {"list": [_label(label) for label in labels], "dtype": str(labels.dtype)}


def _write_index(index: Any, blobs: list[Blob]) -> dict[str, Any]:
    import pandas

    if index.nlevels != 1:
        raise _NoPlaceError
    name = _label(index.name)
    if type(index) is pandas.RangeIndex:
        return {"range": [index.start, index.stop, index.step], "name": name}
    described = _write_values(index.to_series(), "index", blobs)
    return {**described, "name": name, "frequency": settable_frequency(index)}


def _write_values(values: Any, role: str, blobs: list[Blob]) -> dict[str, Any]:
    import numpy

    dtype = values.dtype
    if isinstance(dtype, numpy.dtype) and has_plain_dtype(dtype):
        blobs.append(array_blob(role, values.to_numpy()))
        return {"as": "npy", "dtype": str(dtype)}
    if str(dtype) not in _TEXT_DTYPES:
        raise _NoPlaceError
    items = list(values)
    texts = [item if type(item) is str else None for item in items]
    missing = {type(item).__name__ for item in items if type(item) is not str}
    if missing and missing not in ({"NoneType"}, {"float"}, {"NAType"}):
        raise _NoPlaceError
    blobs.append(Blob(role, (json.dumps(texts).encode(),)))
    return {"as": "text", "dtype": str(dtype), "missing": missing.pop() if missing else None}


def _label(label: Any) -> Any:
    if type(label) not in (str, int, type(None)):
        raise _NoPlaceError
    return label


def _read(blobs: Mapping[str, Buffer]) -> Any:
    import pandas

    description = json.loads(bytes(blobs["frame"]))
    if description.get("version") != 1:
        raise CannotDecodeError("a data frame of another version of Sluice")
    index = _read_index(description["index"], blobs)
    columns = [
        _read_values(column, f"column:{number}", blobs)
        for number, column in enumerate(description["columns"])
    ]
    if any(len(column) != len(index) for column in columns):
        raise CannotDecodeError("a data frame with columns of other lengths")
    if description["kind"] == "series":
        series = pandas.Series(columns[0])
        return series.set_axis(index).rename(description["name"])
    # Numbered first, since labels may be there twice.
    frame = pandas.DataFrame(dict(enumerate(columns)), index=pandas.RangeIndex(len(index)))
    frame.index = index
    frame.columns = _read_labels(description["labels"])
    frame.columns.name = description["labelsName"]
    return frame


def _read_labels(described: Mapping[str, Any]) -> Any:
    import pandas

    if "range" in described:
        return pandas.RangeIndex(*described["range"])
    labels, dtype = described["list"], described["dtype"]
    if _LABEL_DTYPE.fullmatch(dtype) is None:
        raise CannotDecodeError("a data frame with labels of an unknown type")
    return pandas.Index([_label(label) for label in labels], dtype=dtype)


def _read_index(described: Mapping[str, Any], blobs: Mapping[str, Buffer]) -> Any:
    import pandas

    if "range" in described:
        start, stop, step = described["range"]
        return pandas.RangeIndex(start, stop, step, name=described["name"])
    index = pandas.Index(_read_values(described, "index", blobs), name=described["name"])
    set_frequency(index, described["frequency"])
    return index


def _read_values(described: Mapping[str, Any], role: str, blobs: Mapping[str, Buffer]) -> Any:
    import pandas

    if described["as"] == "npy":
        return read_array(blobs[role])
    missing = {"NoneType": None, "float": float("nan"), "NAType": pandas.NA}
    texts = json.loads(bytes(blobs[role]))
    is_text = type(texts) is list and {type(text) for text in texts} <= {str, type(None)}
    if described["dtype"] not in _TEXT_DTYPES or not is_text:
        raise CannotDecodeError("a data frame with a column of text that is none")
    if described["missing"] is not None:
        stand_in = missing[described["missing"]]
        texts = [stand_in if text is None else text for text in texts]
    # A Series, since bare objects that are all text become text columns in pandas 3.
    return pandas.Series(texts, dtype=described["dtype"])
