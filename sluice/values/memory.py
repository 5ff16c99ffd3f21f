"""Which NumPy arrays lie in the same memory, so that one is a view of the other."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

# Pairs of which it is found out in full whether they share an element, and the work on each.
_MOST_PAIRS = 1000
_MOST_WORK = 1000


@dataclass(frozen=True)
class View:
    """An array as a part of memory that other arrays lie in, too."""

    memory: Any
    offset: int


def is_array(value: Any) -> bool:
    """Whether a value is exactly a NumPy array that has memory of its own kind, no objects."""
    numpy = sys.modules.get("numpy")
    return (
        numpy is not None
        and type(value) is numpy.ndarray
        and value.nbytes > 0
        and not value.dtype.hasobject
    )


def overlap(values: Iterable[Any]) -> bool:
    """Whether any two of some values are arrays that share memory."""
    return bool(memory_groups(values))


def memory_groups(values: Iterable[Any]) -> list[list[Any]]:
    """Return the arrays among some values that share memory, each group apart."""
    arrays = sorted(
        ((*_bounds(value), number, value) for number, value in enumerate(values) if is_array(value))
    )
    finder = _Finder()
    groups: list[list[Any]] = []
    end = 0
    for low, high, _, array in arrays:
        if low < end:
            finder.add(groups, array)
        else:
            finder.begin(groups, array)
        end = max(end, high)
    return [group for group in groups if len(group) > 1]


def views_of(groups: Iterable[list[Any]]) -> dict[int, View]:
    """Return by identity what the arrays of each group are parts of.

    A group of which the memory has no owner that shows it as a whole is left out.
    """
    views: dict[int, View] = {}
    for group in groups:
        bounds = [_bounds(array) for array in group]
        low, high = min(b[0] for b in bounds), max(b[1] for b in bounds)
        memory = _memory_between(low, high, group)
        if memory is not None:
            for array in group:
                views[id(array)] = View(memory, _address(array) - low)
    return views


class _Finder:
    """Sorts arrays, by where they begin, into groups; those since `begin` may share memory."""

    def __init__(self) -> None:
        self._pairs = 0
        self._first = 0

    def begin(self, groups: list[list[Any]], array: Any) -> None:
        self._first = len(groups)
        groups.append([array])

    def add(self, groups: list[list[Any]], array: Any) -> None:
        near = groups[self._first :]
        joined = [array]
        apart = []
        for group in near:
            if self._is_in(array, group):
                joined += group
            else:
                apart.append(group)
        groups[self._first :] = [*apart, joined]

    def _is_in(self, array: Any, group: list[Any]) -> bool:
        return any(self._share(array, other) for other in group)

    def _share(self, one: Any, other: Any) -> bool:
        import numpy

        if one is other or not numpy.may_share_memory(one, other):
            return one is other
        self._pairs += 1
        if self._pairs > _MOST_PAIRS:
            return True
        # Its stubs know only two of its limits.
        shares: Any = numpy.shares_memory
        try:
            return bool(shares(one, other, max_work=_MOST_WORK))
        except RuntimeError:
            # Too hard to tell; views of one memory they are in any case.
            return True


def _address(array: Any) -> int:
    return int(array.__array_interface__["data"][0])


def _bounds(array: Any) -> tuple[int, int]:
    low = high = _address(array)
    for length, stride in zip(array.shape, array.strides):
        reach = (length - 1) * stride
        low, high = low + min(reach, 0), high + max(reach, 0)
    return low, high + array.itemsize


def _memory_between(low: int, high: int, group: list[Any]) -> Any:
    """Return a view, as bytes, of a stretch of the memory that the arrays of a group lie in."""
    for array in group:
        owner = array
        while is_array(owner.base):
            owner = owner.base
        begin, end = _bounds(owner)
        if owner.nbytes == end - begin and begin <= low and high <= end:
            flags = owner.flags
            if flags.c_contiguous or flags.f_contiguous:
                flat = owner.reshape(-1, order="C" if flags.c_contiguous else "F")
                return flat.view("u1")[low - begin : high - begin]
    return None
