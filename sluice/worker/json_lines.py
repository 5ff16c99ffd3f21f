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


def fitted_bundle(bundle: dict[str, Any], limit_bytes: int) -> dict[str, Any]:
    """Return a bundle of representations without those that are too large for one event."""
    sizes = {mime: len(line_of(0, 0, "", {"": value})) for mime, value in bundle.items()}
    kept = dict(bundle)
    left_out: list[str] = []
    for mime in sorted(sizes, key=sizes.__getitem__, reverse=True):
        if sum(sizes[name] for name in kept) <= limit_bytes - _ENVELOPE_BYTES:
            break
        del kept[mime]
        left_out.append(f"{mime} ({sizes[mime]} bytes)")
    if left_out:
        words = (
            f"[left out, since an output has at most {limit_bytes} bytes: {', '.join(left_out)}; "
            "write it to a file to keep it]"
        )
        kept["text/plain"] = "\n".join(filter(None, [kept.get("text/plain"), words]))
    return kept


# Room for the other fields of an event.
_ENVELOPE_BYTES = 512
