"""Trees of Python's own containers as tagged JSON, with arrays and frames in blobs beside it.

A value that JSON does not know is `{"$": tag, "v": …}`. Nothing in it can run code.
"""

from __future__ import annotations

import base64
import json
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any, Callable, Optional

from .encoded import Blob, Buffer, CannotDecodeError, Encoded, References, guard
from .json_format import joins_halves
from .memory import overlap
from .tagged_atoms import READERS, WRITERS
from .type_name import type_name

#: The role of the tagged text.
TREE_ROLE = "tree"

_PLAIN = frozenset([type(None), bool, float, str])
# The largest number that other readers of JSON are sure to keep; Python reads 4300 digits.
_MOST_INTEGER_BITS = 8192
_MOST_DEPTH = 100
# Beyond that a pickle is faster.
_MOST_NODES = 10_000
_MOST_LEAVES = 1000
_INLINE_BYTES = 4096

#: Encodes what is no container: an array, a frame; None: it cannot.
Leaf = Callable[[Any], Optional[Encoded]]


class _NoPlaceError(Exception):
    """The tree holds something that this format does not know."""


def encode_tree(
    value: Any, max_bytes: int | None, leaf: Leaf, *, keep_aliases: bool
) -> Encoded | None:
    """Encode a tree of containers; None when it would not come back equal, or is no container.

    Parameters
    ----------
    value
        Any object.
    max_bytes
        The most that all blobs may take.
    leaf
        Encodes what is no container of Python's own.
    keep_aliases
        Whether something that is in the value twice is a reason against this format, and so is
        its sheer number of parts: a pickle is there for both.
    """
    writer = _Writer(leaf, keep_aliases=keep_aliases)
    try:
        data = writer.write(value, 0)
    except (_NoPlaceError, ValueError, RecursionError):
        return None
    if writer.is_bare(data) or (keep_aliases and overlap(writer.arrays)):
        return None
    text = json.dumps(data, separators=(",", ":")).encode("ascii")
    if joins_halves(data, text):
        return None
    blobs = (Blob(TREE_ROLE, (text,)), *writer.blobs)
    encoded = Encoded("json", type_name(value), blobs, References(modules=writer.modules))
    guard(max_bytes, encoded.size)
    return encoded


def decode_tree(
    blobs: Mapping[str, Buffer], read: Callable[[str, Mapping[str, Buffer]], Any]
) -> Any:
    """Give back a tree.

    Parameters
    ----------
    blobs
        Its blobs by role.
    read
        Decodes a leaf of some format from its own blobs.
    """
    try:
        return _Reader(blobs, read).read(json.loads(bytes(blobs[TREE_ROLE])))
    except CannotDecodeError:
        raise
    except Exception as fault:
        # The text may name any time zone and any number.
        raise CannotDecodeError(f"damaged JSON: {fault!r}") from fault


class _Writer:
    def __init__(self, leaf: Leaf, *, keep_aliases: bool) -> None:
        self._leaf = leaf
        self._keep_aliases = keep_aliases
        self._seen: set[int] = set()
        self._open: set[int] = set()
        self._nodes = 0
        self._leaves = 0
        self.blobs: list[Blob] = []
        self.arrays: list[Any] = []
        self.modules: set[str] = set()

    @staticmethod
    def is_bare(data: Any) -> bool:
        """Whether the tree is nothing but one leaf, which its own format holds as well."""
        return isinstance(data, dict) and data.get("$") in ("leaf", "small")

    def write(self, item: Any, depth: int) -> Any:
        kind = type(item)
        if kind in _PLAIN:
            return item
        self._nodes += 1
        if self._keep_aliases and self._nodes > _MOST_NODES:
            raise _NoPlaceError
        if kind is int:
            return item if item.bit_length() <= _MOST_INTEGER_BITS else _tagged("int", hex(item))
        atom = WRITERS.get(kind)
        if kind is bytearray:
            self._note(item)
        if kind in (bytes, bytearray) and len(item) > _INLINE_BYTES:
            return _tagged(f"long-{kind.__name__}", self._add_blobs([Blob("bytes", (item,))]))
        if atom is not None:
            return _tagged(atom[0], atom[1](item))
        if depth >= _MOST_DEPTH or id(item) in self._open:
            raise _NoPlaceError
        container = _CONTAINERS.get(kind)
        if container is None:
            return self._write_leaf(item)
        if kind is not tuple and kind is not frozenset:
            self._note(item)
        self._open.add(id(item))
        data = container(self, item, depth + 1)
        self._open.discard(id(item))
        return data

    def _note(self, item: Any) -> None:
        if self._keep_aliases and id(item) in self._seen:
            raise _NoPlaceError
        self._seen.add(id(item))

    def write_list(self, items: Any, depth: int) -> Any:
        return [self.write(item, depth) for item in items]

    def write_tuple(self, items: Any, depth: int) -> Any:
        return _tagged("tuple", self.write_list(items, depth))

    def write_set(self, items: Any, depth: int) -> Any:
        # In an order that does not depend on the process.
        members = sorted(self.write_list(items, depth), key=json.dumps)
        return _tagged(type(items).__name__, members)

    def write_dict(self, items: Any, depth: int) -> Any:
        if all(type(key) is str for key in items) and "$" not in items:
            return {key: self.write(item, depth) for key, item in items.items()}
        return _tagged("dict", self._pairs(items, depth))

    def write_ordered(self, items: Any, depth: int) -> Any:
        if vars(items):
            raise _NoPlaceError
        return _tagged("ordered-dict", self._pairs(items, depth))

    def write_slice(self, item: Any, depth: int) -> Any:
        return _tagged("slice", self.write_list((item.start, item.stop, item.step), depth))

    def _pairs(self, items: Any, depth: int) -> Any:
        return [[self.write(k, depth), self.write(v, depth)] for k, v in items.items()]

    def _write_leaf(self, item: Any) -> Any:
        encoded = self._leaf(item)
        if encoded is None:
            raise _NoPlaceError
        self.modules |= encoded.references.modules
        if encoded.blobs[0].role != "scalar":
            self._note(item)
            self.arrays.append(item)
        if len(encoded.blobs) == 1 and encoded.size <= _INLINE_BYTES:
            [blob] = encoded.blobs
            text = base64.b64encode(blob.joined()).decode("ascii")
            return _tagged("small", [encoded.format, blob.role, text])
        return _tagged("leaf", [encoded.format, self._add_blobs(encoded.blobs)])

    def _add_blobs(self, blobs: Iterable[Blob]) -> int:
        number = self._leaves
        self._leaves += 1
        if number >= _MOST_LEAVES:
            raise _NoPlaceError
        self.blobs += [Blob(f"leaf:{number}:{blob.role}", blob.parts) for blob in blobs]
        return number


_CONTAINERS: Mapping[type, Callable[[_Writer, Any, int], Any]] = {
    list: _Writer.write_list,
    tuple: _Writer.write_tuple,
    set: _Writer.write_set,
    frozenset: _Writer.write_set,
    dict: _Writer.write_dict,
    OrderedDict: _Writer.write_ordered,
    slice: _Writer.write_slice,
}


def _tagged(tag: str, value: Any) -> dict[str, Any]:
    return {"$": tag, "v": value}


class _Reader:
    def __init__(
        self, blobs: Mapping[str, Buffer], read: Callable[[str, Mapping[str, Buffer]], Any]
    ) -> None:
        self._blobs = blobs
        self._read_leaf = read
        # Each is named once: to decode one again and again would take any amount of memory.
        self._taken: set[int] = set()

    def read(self, data: Any) -> Any:
        if isinstance(data, list):
            return [self.read(item) for item in data]
        if not isinstance(data, dict):
            return data
        if "$" not in data:
            return {key: self.read(item) for key, item in data.items()}
        tag, value = data["$"], data["v"]
        if tag in READERS:
            return READERS[tag](value)
        if tag == "int":
            return int(value, 16)
        if tag in ("long-bytes", "long-bytearray"):
            data = self._blobs[f"leaf:{self._once(value):d}:bytes"]
            return bytes(data) if tag == "long-bytes" else bytearray(data)
        if tag == "leaf":
            return self._leaf(*value)
        if tag == "small":
            format, role, text = value
            return self._read_leaf(format, {role: bytearray(base64.b64decode(text))})
        if tag in ("dict", "ordered-dict"):
            pairs = [(self.read(key), self.read(item)) for key, item in value]
            return dict(pairs) if tag == "dict" else OrderedDict(pairs)
        return _BUILDERS[tag](self.read(value))

    def _once(self, number: int) -> int:
        if number in self._taken:
            raise CannotDecodeError(f"damaged JSON: it names its part {number} twice")
        self._taken.add(number)
        return number

    def _leaf(self, format: str, number: int) -> Any:
        prefix = f"leaf:{self._once(number):d}:"
        own = {
            role[len(prefix) :]: data
            for role, data in self._blobs.items()
            if role.startswith(prefix)
        }
        return self._read_leaf(format, own)


_BUILDERS: Mapping[str, Callable[[Any], Any]] = {
    "tuple": tuple,
    "set": set,
    "frozenset": frozenset,
    "slice": lambda members: slice(*members),
}
