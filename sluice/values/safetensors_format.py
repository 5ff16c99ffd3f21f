"""Tensors, state dicts and dicts of arrays as safetensors files.

The layout is public and small: eight bytes of length, a header in JSON, then the bytes of all
tensors one after the other. So it is written and read here without the library, which a cluster
may not have; the library reads what is written here.
"""

from __future__ import annotations

import importlib.util
import json
import struct
import sys
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from .encoded import Blob, Buffer, CannotDecodeError, Encoded, IScattered, References, guard
from .memory import overlap
from .npy_format import array_memory, has_plain_dtype
from .tensors import (
    TENSOR_DTYPES,
    is_plain_tensor,
    is_tensor,
    read_tensor,
    share_storage,
    tensor_code,
    tensor_memory,
    tensor_notes,
)
from .tree_format import decode_tree, encode_tree
from .type_name import type_name

_ROLE = "safetensors"
_ALONE = "tensor"
_ITEM_BYTES = 8
# NumPy has no such types, or other formats keep them.
_NO_ARRAYS = frozenset(["bfloat16", "float8_e4m3fn", "float8_e5m2", "complex64"])
_ARRAY_CODES = {name: code for name, code in TENSOR_DTYPES.items() if name not in _NO_ARRAYS}
_ARRAY_NAMES = {code: name for name, code in _ARRAY_CODES.items()}


@dataclass(frozen=True)
class _Item:
    code: str
    shape: tuple[int, ...]
    item_bytes: int
    size: int
    memory: Buffer | IScattered
    notes: dict[str, Any] = field(default_factory=dict)


def encode_safetensors(value: Any, max_bytes: int | None) -> Encoded | None:
    """Encode a tensor, or a dict of nothing but tensors or arrays; None for anything else.

    Dicts of arrays take this format only where the library is there: others have no use for it.

    Raises
    ------
    CannotEncodeError
        A tensor is on a device that does not give it.
    """
    if sys.byteorder != "little":
        return None
    members = {_ALONE: value} if is_tensor(value) else _members(value)
    if members is None or not _is_for_us(list(members.values())):
        return None
    attributes = _attributes(value)
    if attributes is None:
        return None
    guard(max_bytes, sum(int(each.nbytes) for each in members.values()))
    items = {key: _item(each) for key, each in members.items()}
    kind = "tensor" if is_tensor(value) else type(value).__name__
    library = "torch" if is_tensor(next(iter(members.values()))) else "numpy"
    about = {"kind": kind, "of": library, "attributes": attributes}
    blob = Blob(_ROLE, tuple(_parts(items, about)))
    return Encoded("safetensors", type_name(value), (blob,), References(modules={library}))


def decode_safetensors(blobs: Mapping[str, Buffer]) -> Any:
    """Give back what a safetensors file holds; arrays and tensors use its memory."""
    try:
        return _read(memoryview(blobs[_ROLE]))
    except (KeyError, ValueError, TypeError, AttributeError, struct.error) as fault:
        raise CannotDecodeError(f"damaged safetensors file: {fault!r}") from fault


def _members(value: Any) -> dict[str, Any] | None:
    if type(value) not in (dict, OrderedDict) or not value or "__metadata__" in value:
        return None
    return dict(value) if all(type(key) is str for key in value) else None


def _is_for_us(members: list[Any]) -> bool:
    if all(map(is_tensor, members)):
        return all(map(is_plain_tensor, members)) and not share_storage(members)
    numpy = sys.modules.get("numpy")
    return (
        numpy is not None
        and all(type(each) is numpy.ndarray for each in members)
        and all(map(_is_plain_array, members))
        and _is_library_here()
        and not overlap(members)
    )


def _is_plain_array(array: Any) -> bool:
    flags = array.flags
    is_fortran = flags.f_contiguous and not flags.c_contiguous
    is_known = array.dtype.name in _ARRAY_CODES and array.dtype.isnative
    return is_known and not is_fortran and has_plain_dtype(array.dtype)


@lru_cache(maxsize=1)
def _is_library_here() -> bool:
    return importlib.util.find_spec("safetensors") is not None


def _attributes(value: Any) -> str | None:
    """Write what an ordered dict has besides its items: the versions of a state dict's modules."""
    attributes = dict(vars(value)) if type(value) is OrderedDict else {}
    if not attributes:
        return ""
    encoded = encode_tree(attributes, None, lambda _: None, keep_aliases=True)
    return None if encoded is None else encoded.blobs[0].joined().decode("ascii")


def _item(member: Any) -> _Item:
    if is_tensor(member):
        memory = tensor_memory(member)
        size = memoryview(memory).nbytes
        shape = tuple(member.shape)
        return _Item(
            tensor_code(member), shape, member.element_size(), size, memory, tensor_notes(member)
        )
    code = _ARRAY_CODES[member.dtype.name]
    return _Item(code, member.shape, member.itemsize, member.nbytes, array_memory(member))


def _parts(items: Mapping[str, _Item], about: dict[str, Any]) -> list[Buffer | IScattered]:
    # The widest first, so that each begins at a multiple of its own width.
    order = sorted(items, key=lambda key: -items[key].item_bytes)
    offsets: dict[str, list[int]] = {}
    end = 0
    for key in order:
        offsets[key] = [end, end + items[key].size]
        end += items[key].size
    about["notes"] = {key: item.notes for key, item in items.items() if item.notes}
    header: dict[str, Any] = {"__metadata__": {"sluice": json.dumps(about)}}
    for key, item in items.items():
        shape = list(item.shape)
        header[key] = {"dtype": item.code, "shape": shape, "data_offsets": offsets[key]}
    text = json.dumps(header, separators=(",", ":")).encode("ascii")
    text += b" " * (-len(text) % _ITEM_BYTES)
    return [struct.pack("<Q", len(text)) + text, *(items[key].memory for key in order)]


def _read(data: memoryview) -> Any:
    length = struct.unpack("<Q", data[:_ITEM_BYTES])[0]
    if length > data.nbytes - _ITEM_BYTES:
        raise CannotDecodeError("damaged safetensors file: its header is longer than the file")
    header = json.loads(bytes(data[_ITEM_BYTES : _ITEM_BYTES + length]))
    body = data[_ITEM_BYTES + length :]
    about = json.loads(header.pop("__metadata__")["sluice"])
    notes = about["notes"]
    members = {
        key: _read_member(about["of"], described, body, notes.get(key, {}))
        for key, described in header.items()
    }
    if about["kind"] == "tensor":
        return members[_ALONE]
    if about["kind"] == "dict":
        return members
    ordered = OrderedDict(members)
    if about["attributes"]:
        tree = {"tree": about["attributes"].encode("ascii")}
        _add_attributes(ordered, decode_tree(tree, _no_leaf))
    return ordered


def _add_attributes(ordered: Any, attributes: Any) -> None:
    if type(attributes) is not dict or any(hasattr(OrderedDict, name) for name in attributes):
        # It would take the place of a method.
        raise CannotDecodeError("damaged safetensors file: its attributes are none")
    vars(ordered).update(attributes)


def _no_leaf(format: str, _: Mapping[str, Buffer]) -> Any:
    raise CannotDecodeError(f"no {format} is expected among attributes")


def _read_member(library: str, described: dict[str, Any], body: memoryview, notes: Any) -> Any:
    begin, end = described["data_offsets"]
    if not 0 <= begin <= end <= body.nbytes:
        raise CannotDecodeError("damaged safetensors file: a tensor lies outside it")
    code, shape, data = described["dtype"], described["shape"], body[begin:end]
    if library == "torch":
        return read_tensor(code, shape, data, notes)
    import numpy

    return numpy.frombuffer(data, numpy.dtype(_ARRAY_NAMES[code])).reshape(shape)
