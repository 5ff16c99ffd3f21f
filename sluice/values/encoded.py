"""What encoding a value gives, and the ways in which it can be impossible."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, Union

Buffer = Union[bytes, bytearray, memoryview]
_BUFFERS = (bytes, bytearray, memoryview)

#: Large values are read, hashed and written in pieces of this size.
PIECE_BYTES = 1024 * 1024
_SAMPLES = 32
_SAMPLE_BYTES = 64


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


class IScattered(Protocol):
    """Bytes that do not lie one after the other, put in order piece by piece."""

    @property
    def nbytes(self) -> int:
        """Bytes in all pieces."""
        ...

    def pieces(self) -> Iterator[memoryview]:
        """Yield the bytes in order; each piece holds only until the next one is asked for."""
        ...


@dataclass(frozen=True)
class Blob:
    """One file of a value; its `parts` may be views of the value's own memory."""

    role: str
    parts: tuple[Buffer | IScattered, ...]

    @property
    def size(self) -> int:
        """Bytes in all parts."""
        return sum(map(_bytes_in, self.parts))

    def pieces(self) -> Iterator[memoryview]:
        """Yield the bytes in order, in pieces; each holds only until the next one is asked for."""
        for part in self.parts:
            if not isinstance(part, _BUFFERS):
                yield from part.pieces()
                continue
            view = _flat(part)
            for start in range(0, view.nbytes, PIECE_BYTES):
                yield view[start : start + PIECE_BYTES]

    def samples(self) -> list[tuple[int, bytes]]:
        """Return bytes from a few places, each with where it begins; a hint, no proof."""
        samples: list[tuple[int, bytes]] = []
        start = 0
        for part in self.parts:
            if isinstance(part, _BUFFERS):
                view = _flat(part)
                step = max(view.nbytes // _SAMPLES, 1)
                places = {*range(0, view.nbytes, step), max(view.nbytes - _SAMPLE_BYTES, 0)}
                samples += [(start + p, bytes(view[p : p + _SAMPLE_BYTES])) for p in places]
            start += _bytes_in(part)
        return samples

    def joined(self) -> bytes:
        """Return all bytes in one piece (a copy)."""
        return b"".join(map(bytes, self.pieces()))


def _bytes_in(part: Buffer | IScattered) -> int:
    return memoryview(part).nbytes if isinstance(part, _BUFFERS) else part.nbytes


def _flat(part: Buffer) -> memoryview:
    view = memoryview(part)
    # What has no bytes cannot be cast.
    return view.cast("B") if view.nbytes else memoryview(b"")


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
