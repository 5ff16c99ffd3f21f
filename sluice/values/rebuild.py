"""What pickles call where they are loaded, for objects that have no pickle of their own."""

from __future__ import annotations

import functools
from typing import Any, Callable


def rebuild_cached(
    function: Callable[..., Any], maxsize: int | None, typed: bool, attributes: dict[str, Any]
) -> Any:
    """Give back a function under `functools.lru_cache`, with an empty cache."""
    cached = functools.lru_cache(maxsize=maxsize, typed=typed)(function)
    cached.__dict__.update(attributes)
    return cached


def rebuild_view(
    memory: Any, dtype: Any, shape: Any, strides: Any, offset: int, is_writable: bool
) -> Any:
    """Give back an array as a view of memory that it shares with others."""
    import numpy

    array: Any = numpy.ndarray(shape, dtype, memory, offset, strides)
    array.flags.writeable = is_writable and array.flags.writeable
    return array


def rebuild_on_device(tensor: Any, device: str, is_parameter: bool, requires_grad: bool) -> Any:
    """Give back a tensor on the device that it was on, where there is such a one."""
    from .tensors import rebuild_tensor

    return rebuild_tensor(tensor, device, is_parameter=is_parameter, requires_grad=requires_grad)


def fill_cell(cell: Any, state: tuple[Any]) -> None:
    """Put into the cell of a closure what was in it."""
    (cell.cell_contents,) = state
