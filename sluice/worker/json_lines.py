"""Events as lines of JSON that any reader of the standard accepts."""

from __future__ import annotations

import base64
import json
import math
import numbers
from typing import Any


def line_of(seq: int, at: float, type: str, data: dict[str, Any]) -> bytes:
    """Return one event as a line with its newline."""
    event = {"seq": seq, "at": at, "type": type, "data": data}
    try:
        text = json.dumps(event, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError):
        # What objects say of themselves may hold anything; few do, so all pay nothing for it.
        text = json.dumps(plain(event), ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair has no place in UTF-8.
    return text.encode("utf-8", "replace") + b"\n"


def plain(value: Any) -> Any:
    """Return a value as JSON can say it: bytes in base 64, what is not a number as null."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        return number if math.isfinite(number) else None
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return repr(value)


def text_pieces(text: str, limit_bytes: int) -> list[str]:
    """Cut a text so that no piece takes more than the limit as JSON."""
    # A control character takes six bytes; nothing takes more.
    length = max(1, (limit_bytes - _ENVELOPE_BYTES) // 6)
    if len(text) <= length:
        return [text]
    return [text[start : start + length] for start in range(0, len(text), length)]


def too_large(bundle: dict[str, Any], limit_bytes: int) -> list[str]:
    """Return which representations of a bundle have to go so that it fits into one event.

    The largest go first.
    """
    sizes = {mime: len(line_of(0, 0, "", {"": value})) for mime, value in bundle.items()}
    total = sum(sizes.values())
    found: list[str] = []
    for mime in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if total <= limit_bytes - _ENVELOPE_BYTES:
            break
        total -= sizes[mime]
        found.append(mime)
    return found


# Room for the other fields of an event, and for words on what is not in it.
_ENVELOPE_BYTES = 1024
