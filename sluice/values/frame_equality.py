"""Whether a data frame that made a round trip is the one that left."""

from __future__ import annotations

import datetime
import decimal
import sys
from typing import Any


def is_frame(value: Any) -> bool:
    """Whether a value is exactly a pandas DataFrame or Series, not a subclass."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and type(value) in (
        getattr(pandas, "DataFrame", None),
        getattr(pandas, "Series", None),
    )


def frame_bytes(value: Any) -> int:
    """Return the bytes that a frame takes in memory, without looking into objects."""
    # Much sooner than `memory_usage`, which makes a frame of its answer.
    columns = [value] if value.ndim == 1 else [column for _, column in value.items()]
    return int(value.index.nbytes) + sum(int(column.nbytes) for column in columns)


def settable_frequency(index: Any) -> str | None:
    """Return the frequency that an index has besides its values and dtype."""
    import pandas

    if not isinstance(index, (pandas.DatetimeIndex, pandas.TimedeltaIndex)):
        # The frequency of periods is part of their dtype.
        return None
    frequency: str | None = index.freqstr
    return frequency


def are_same_frames(left: Any, right: Any) -> bool:
    """Whether two frames agree in values, dtypes, labels, names, index and attributes."""
    if type(left) is not type(right) or left.shape != right.shape or left.attrs != right.attrs:
        return False
    if not _are_same_axes(left.index, right.index) or not left.equals(right):
        return False
    if left.ndim == 1:
        return _is_same_name(left.name, right.name) and _are_same_columns(left, right)
    return _are_same_axes(left.columns, right.columns) and all(
        _are_same_columns(left.iloc[:, number], right.iloc[:, number])
        for number in range(left.shape[1])
    )


def _are_same_columns(left: Any, right: Any) -> bool:
    return bool(left.dtype == right.dtype) and _are_same_objects(left, right)


def _are_same_axes(left: Any, right: Any) -> bool:
    return (
        type(left) is type(right)
        and bool(left.dtype == right.dtype)
        and left.equals(right)
        and all(map(_is_same_name, left.names, right.names))
        and getattr(left, "freq", None) == getattr(right, "freq", None)
        and _are_same_objects(left, right)
    )


def _are_same_objects(left: Any, right: Any) -> bool:
    """Whether objects agree in type as well: None is not NaN, a list is not an array."""
    if left.dtype != object:
        return True
    kinds = list(map(type, left))
    return kinds == list(map(type, right)) and set(kinds) <= _ATOMS


def _is_same_name(left: Any, right: Any) -> bool:
    return type(left) is type(right) and left == right


_ATOMS = frozenset(
    [str, bytes, int, float, bool, type(None), decimal.Decimal, datetime.date, datetime.time]
)


def set_frequency(index: Any, frequency: str | None) -> None:
    """Give an index of times its frequency back.

    Raises
    ------
    ValueError
        It is not an index of times, or does not go by this frequency.
    """
    if frequency is None:
        return
    if getattr(type(index), "freq", None) is None:
        raise ValueError("a frequency of an index that has none")
    index.freq = frequency
