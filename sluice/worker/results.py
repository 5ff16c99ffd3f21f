"""Says what the cell bound, and writes it: to come home, or to stay whole."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from .room import disk_room, memory_room
from .spec import Spec
from .words import size_words

if TYPE_CHECKING:
    from ..values import Encoded

_CODE = (FunctionType, BuiltinFunctionType, MethodType, type)
# Their bytes are the value's own memory: nothing is copied to write them.
_WITHOUT_COPY = ("npy", "safetensors")


@dataclass
class _Result:
    name: str
    type: str
    size: int
    #: What comes home; its memory may be the value's own.
    encoded: Encoded | None = None
    reason: str | None = None
    kept: str | None = None
    #: It is to be written whole, once everything that comes home is on the disk.
    is_large: bool = False
    format: str | None = None
    files: list[dict[str, Any]] = field(default_factory=list)

    def stays(self, size: int, words: str) -> None:
        """Leave it on the cluster for its size; its memory is free again."""
        self.size = size
        self.encoded = None
        self.is_large = True
        self.reason = words

    def event(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "type": self.type,
            "bytes": self.size,
            "format": self.format,
            "files": self.files,
            "reason": self.reason,
            "kept": self.kept,
        }


def results_of(
    spec: Spec, names: list[str], namespace: dict[str, Any], folder: Path
) -> Iterator[dict[str, Any]]:
    """Write the values of some names to files; yield the `variable` event of each once it is there.

    The smallest come home, up to the limit for all together. Larger ones are written last, whole,
    as far as there is room for them. Pickles that the target is not trusted with are written all
    the same, and say so.
    """
    results: list[_Result] = []
    for name in names:
        results.append(_encoded(spec, name, namespace))
        _keep_smallest(results, spec.home_bytes)
    if _takes_pickles(spec):
        _join_sharing(results, namespace)
    small = [result for result in results if not result.is_large]
    for result in small:
        _write(result, folder)
        yield result.event()
    for result in (result for result in results if result.is_large):
        _write_large(spec, result, namespace, folder)
        yield result.event()


def _encoded(spec: Spec, name: str, namespace: dict[str, Any]) -> _Result:
    from ..values import CannotEncodeError, TooLargeError, encode, type_name

    value = namespace[name]
    result = _Result(name, type_name(value), _shallow_size(value))
    is_code = isinstance(value, _CODE)
    limit = spec.home_bytes
    try:
        try:
            encoded = encode(
                value, [] if is_code else _formats(spec), namespace=namespace, max_bytes=limit
            )
        except TooLargeError:
            raise
        except CannotEncodeError:
            if _takes_pickles(spec) and not is_code:
                raise
            encoded = encode(value, ["pickle"], namespace=namespace, max_bytes=limit)
            if not _takes_pickles(spec):
                result.kept = "withheld"
                lead = "is code" if is_code else "it has no typed format"
                result.reason = f"{lead}; {_why_no_pickle(spec)}"
        result.encoded, result.size = encoded, encoded.size
    except TooLargeError as fault:
        size = "" if fault.size is None else f"{size_words(fault.size)}, "
        words = f"{size}more than the {size_words(limit)} that come home by themselves"
        result.kept = None
        result.stays(fault.size or limit, words)
    except CannotEncodeError as fault:
        result.reason = str(fault)
    return result


def _formats(spec: Spec) -> list[str]:
    # What dill makes needs it at home as well.
    pickles = _takes_pickles(spec)
    return [name for name in spec.accepts if name != "dill" and (name != "pickle" or pickles)]


def _shallow_size(value: Any) -> int:
    try:
        return sys.getsizeof(value, 0)
    except Exception:  # noqa: BLE001 - it is any class's own code, and the size is for a person
        return 0


def _takes_pickles(spec: Spec) -> bool:
    return "pickle" in spec.accepts and spec.trust == "pickles"


def _join_sharing(results: list[_Result], namespace: dict[str, Any]) -> None:
    """Send values that share objects as one, so that they share them at home too."""
    from ..values import CannotEncodeError, encode_together, parts_of, sharing_groups

    kept = {one.name: one for one in results if one.encoded is not None}
    parts = {
        name: parts_of(namespace[name], one.encoded)
        for name, one in kept.items()
        if one.encoded is not None
    }
    for names in sharing_groups(parts):
        try:
            together = encode_together({name: namespace[name] for name in names}, namespace)
        except CannotEncodeError:
            # Too deep together, say: each was fine alone.
            continue
        for name in names:
            kept[name].encoded = together


def _why_no_pickle(spec: Spec) -> str:
    if spec.trust != "pickles":
        return (
            'pickles are loaded only from targets with trust = "pickles", '
            f'and {spec.target} has "{spec.trust}"'
        )
    return "the notebook takes no pickles"


def _keep_smallest(results: list[_Result], limit: int) -> None:
    """Let the largest go until all fit: the same as to take them from the smallest on."""
    kept = sorted(
        ((one.encoded.size, one) for one in results if one.encoded is not None),
        key=lambda pair: pair[0],
    )
    total = sum(size for size, _ in kept)
    while total > limit:
        size, largest = kept.pop()
        total -= size
        words = (
            f"{size_words(size)}; with smaller ones that is more than the "
            f"{size_words(limit)} that come home by themselves"
        )
        largest.kept = None
        largest.stays(largest.size, words)


def _write(result: _Result, folder: Path) -> None:
    """Write what comes home; a value that does not get onto the disk says why."""
    encoded = result.encoded
    if encoded is None:
        return
    try:
        result.files = _written(encoded, folder)
        result.format = encoded.format
    except OSError as fault:
        result.kept = None
        result.reason = f"it could not be written to {folder}: {fault}"


def _write_large(spec: Spec, result: _Result, namespace: dict[str, Any], folder: Path) -> None:
    """Write a value whole that does not come home by itself, where there is room for it."""
    why = result.reason
    try:
        encoded = _encoded_large(spec, namespace[result.name], namespace, folder)
        result.files = _written(encoded, folder)
    except (_NoRoomError, OSError, MemoryError) as fault:
        problem = "the memory of the job does not hold a copy" if not str(fault) else str(fault)
        result.reason = (
            f"{why}; it was not kept there either: {problem} "
            "(write it to a file in the cell to keep it)"
        )
        return
    result.format, result.size, result.kept = encoded.format, encoded.size, "large"
    result.reason = f"{why}; it stays there whole: use it in a cell that runs on {spec.target}"


class _NoRoomError(Exception):
    """Why a large value cannot be kept, in words."""


def _encoded_large(spec: Spec, value: Any, namespace: dict[str, Any], folder: Path) -> Encoded:
    from ..values import CannotEncodeError, TooLargeError, encode

    room = disk_room(folder)
    formats = [] if isinstance(value, _CODE) else _formats(spec)
    in_place = [name for name in formats if name in _WITHOUT_COPY]
    copied = [name for name in formats if name not in (*_WITHOUT_COPY, "pickle")]
    # A pickle of a target that is not trusted with any is for cells there, and for a person's word.
    turns = [(in_place, room), (copied, min(room, memory_room())), (["pickle"], None)]
    for names, limit in turns:
        most = min(room, memory_room()) if limit is None else limit
        try:
            return encode(value, names, namespace=namespace, max_bytes=most)
        except TooLargeError as fault:
            lacking = "disk" if most == room else "memory"
            size = "it" if fault.size is None else f"its {size_words(fault.size)}"
            raise _NoRoomError(f"{size} would leave too little {lacking} free there") from fault
        except CannotEncodeError as fault:
            problem = str(fault)
    raise _NoRoomError(problem)


def _written(encoded: Encoded, folder: Path) -> list[dict[str, Any]]:
    from ..values import write_named

    files: list[dict[str, Any]] = []
    for blob in encoded.blobs:
        sha256 = write_named(blob, folder)
        files.append({"role": blob.role, "path": sha256, "sha256": sha256, "bytes": blob.size})
    return files
