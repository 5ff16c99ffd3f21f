"""Data frames that copy before they change: they share memory, but never a change."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any


def copies_on_write() -> bool:
    """Whether pandas, if it is loaded, copies what frames share before it changes one."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    if int(pandas.__version__.partition(".")[0]) >= 3:
        return True
    return getattr(pandas.options.mode, "copy_on_write", False) is True


def own_array(value: Any) -> Iterator[int]:
    """Yield the identity of the array that a block of such a frame holds."""
    if type(value).__module__ == "pandas.core.internals.blocks" and copies_on_write():
        yield id(value.values)


def column_arrays(frame: Any) -> Iterator[Any]:
    """Yield the arrays behind the columns of a frame that changes them in place."""
    if copies_on_write():
        return
    columns = [frame] if frame.ndim == 1 else [frame.iloc[:, n] for n in range(frame.shape[1])]
    for column in columns:
        if type(column.dtype).__module__.partition(".")[0] == "numpy":
            yield column.to_numpy()
