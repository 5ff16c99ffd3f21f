"""Plain Python data as JSON: exact types only, so that what comes back is what was there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from .encoded import Blob, Buffer, CannotDecodeError, Encoded, guard
from .type_name import type_name

_SCALARS = frozenset([type(None), bool, int, float, str])
_MOST_DEPTH = 100
# Python refuses to read integers of more than 4300 digits.
_MOST_INTEGER_BITS = 8192
_HALVES = re.compile("[\ud800-\udbff][\udc00-\udfff]")


def encode_json(value: Any, max_bytes: int | None, *, keep_aliases: bool = True) -> Encoded | None:
    """Encode a value as JSON, or return None when JSON would not give back its equal.

    Parameters
    ----------
    value
        Any object.
    max_bytes
        The most that the text may take.
    keep_aliases
        Whether a list or dict that is in the value twice is a reason against JSON.
    """
    if not _is_plain(value, keep_aliases):
        return None
    # With Python's own words for floats that are not finite: a loss that diverged comes home.
    data = json.dumps(value, separators=(",", ":")).encode("ascii")
    if joins_halves(value, data):
        return None
    guard(max_bytes, len(data))
    return Encoded("json", type_name(value), (Blob("json", (data,)),))


def decode_json(blobs: Mapping[str, Buffer]) -> Any:
    """Give back the value of a JSON blob."""
    try:
        return json.loads(bytes(blobs["json"]))
    except (KeyError, ValueError, RecursionError) as fault:
        raise CannotDecodeError(f"damaged JSON: {fault}") from fault


def joins_halves(value: Any, data: bytes) -> bool:
    """Whether some text has the two halves of one character apart, which JSON would join."""
    if rb"\ud" not in data:
        return False
    return _HALVES.search(json.dumps(value, ensure_ascii=False)) is not None


def _is_plain(value: Any, keep_aliases: bool) -> bool:
    """Whether a value is of JSON's own types at every depth, neither cyclic nor very deep."""
    seen: set[int] = set()
    open_now: set[int] = set()

    def is_plain(item: Any, depth: int) -> bool:
        kind = type(item)
        if kind in _SCALARS:
            return kind is not int or item.bit_length() <= _MOST_INTEGER_BITS
        if kind is dict:
            if not all(type(key) is str for key in item):
                return False
            members = item.values()
        elif kind is list:
            members = item
        else:
            return False
        identity = id(item)
        if depth >= _MOST_DEPTH or identity in open_now or (keep_aliases and identity in seen):
            return False
        if set(map(type, members)) <= _FLAT:
            seen.add(identity)
            return True
        seen.add(identity)
        open_now.add(identity)
        answer = all(is_plain(member, depth + 1) for member in members)
        open_now.discard(identity)
        return answer

    return is_plain(value, 0)


# Members of these types need no look of their own.
_FLAT = _SCALARS - {int}
