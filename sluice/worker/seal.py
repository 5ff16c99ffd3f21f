"""The mark by which the service knows that this worker wrote a line."""

from __future__ import annotations

import hmac
from typing import Any, Callable

Sealing = Callable[[bytes], bytes]

_HEX_DIGITS = 32
_KEY_BYTES = 32


def no_seal(line: bytes) -> bytes:
    """Return a line as it is: whoever started this run gave no key."""
    return line


def sealing_of(order: dict[str, Any], attempt: int) -> tuple[Sealing, Sealing]:
    """Take the key out of a specification; return what seals events with it, and the end record.

    The key is in no module and no attribute, so that code which looks around meets it nowhere.

    Parameters
    ----------
    order
        The content of `spec.json`; the key is gone from it afterwards.
    attempt
        Lines of one attempt are no lines of another.
    """
    digits, task = order.pop("eventKey", None), order.get("task")
    try:
        key = bytes.fromhex(digits)
    except (TypeError, ValueError):
        return no_seal, no_seal
    if len(key) != _KEY_BYTES or not isinstance(task, str):
        return no_seal, no_seal

    def sealing(lead: bytes) -> Sealing:
        def seal(line: bytes) -> bytes:
            # Before the last brace, which ends the object.
            content, end = line[: line.rindex(b"}")], line[line.rindex(b"}") :]
            mark = hmac.digest(key, lead + content, "sha256").hex()[:_HEX_DIGITS]
            return b'%b,"seal":"%b"%b' % (content, mark.encode(), end)

        return seal

    lead = f"{task}\n{attempt}\n".encode()
    return sealing(lead), sealing(lead + b"end\n")
