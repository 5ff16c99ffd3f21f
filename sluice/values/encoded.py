"""What encoding a value gives, and the ways in which it can be impossible."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Union

Buffer = Union[bytes, bytearray, memoryview]


class CannotEncodeError(Exception):
    """The value has none of the allowed formats; the message says why, for a person."""


class TooLargeError(CannotEncodeError):
    """The value is larger than allowed; `bytes` is its size, or None when counting was given up."""

    def __init__(self, limit: int, size: int | None) -> None:
        super().__init__(f"larger than {limit} bytes")
        self.limit = limit
        self.size = size


class CannotDecodeError(Exception):
    """The bytes do not give the value here; the message says why, for a person."""


@dataclass(frozen=True)
class Blob:
    """One file of a value; its `parts` may be views of the value's own memory."""

    role: str
    parts: tuple[Buffer, ...]

    @property
    def size(self) -> int:
        """Bytes in all parts."""
        return sum(memoryview(part).nbytes for part in self.parts)

    def joined(self) -> bytes:
        """Return all bytes in one piece (a copy)."""
        return b"".join(self.parts)


@dataclass
class References:
    """What a pickle needs at its destination, noted while it was made."""

    #: Global names of the notebook that pickled functions and classes read; only those it has.
    names: set[str] = field(default_factory=set)
    #: Global names of the notebook that they bind or delete.
    stores: set[str] = field(default_factory=set)
    #: Modules that own something the pickle refers to by name.
    modules: set[str] = field(default_factory=set)
    #: Imports inside pickled functions: (module, None) or (module, name taken from it).
    imports: set[tuple[str, str | None]] = field(default_factory=set)
    #: By identity, the functions and classes of the notebook that it holds by value.
    definitions: dict[int, Any] = field(default_factory=dict)
    #: Whether it holds compiled code, which only the same minor version of Python can load.
    code: bool = False
    #: By identity, the objects in it that could be changed in place.
    parts: dict[int, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Encoded:
    """A value in one of the formats of `VALUE_FORMATS`."""

    format: str
    type: str
    blobs: tuple[Blob, ...]
    references: References = field(default_factory=References)

    @property
    def size(self) -> int:
        """Bytes of all blobs."""
        return sum(blob.size for blob in self.blobs)


def guard(limit: int | None, size: int) -> None:
    """Refuse a value of a known size that is over the limit, before any of it is copied."""
    if limit is not None and size > limit:
        raise TooLargeError(limit, size)
