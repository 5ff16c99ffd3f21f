"""Everything else: a pickle, with large buffers beside it."""

from __future__ import annotations

import io
import pickle
import sys
from collections.abc import Mapping
from typing import Any

from .encoded import (
    Blob,
    Buffer,
    CannotDecodeError,
    CannotEncodeError,
    Encoded,
    TooLargeError,
    guard,
)
from .memory import View, memory_groups, views_of
from .npy_format import array_blob, read_array
from .sharing import Memo, pickled_parts
from .type_name import type_name

_MAGIC = b"sluice-pickle"


def encode_pickle(value: Any, namespace: dict[str, Any] | None, max_bytes: int | None) -> Encoded:
    """Encode any object that can be pickled.

    Raises
    ------
    TooLargeError
        Over `max_bytes`; noticed while pickling, so that no more memory than that is taken.
    CannotEncodeError
        The object, or something in it, cannot be pickled.
    """
    pickled = _Pickled(value, namespace, max_bytes, {})
    views = views_of(memory_groups(pickled.references.parts.values()))
    if views:
        pickled = _Pickled(value, namespace, max_bytes, views)
    return pickled.encoded


class _Pickled:
    """A value once pickled, with the arrays of `views` as views of the memory that they share."""

    def __init__(
        self,
        value: Any,
        namespace: dict[str, Any] | None,
        max_bytes: int | None,
        views: Mapping[int, View],
    ) -> None:
        from .notebook_pickler import NotebookPickler

        self._file = _BoundedFile(max_bytes)
        self._buffers: list[memoryview] = []
        pickler = NotebookPickler(self._file, namespace, self._take_out, views)
        self.references = pickler.references
        self._type = type_name(value)
        try:
            pickler.dump(value)
            self.references.parts = pickled_parts(
                pickler.memo.copy(), lambda kind: _memo_of(kind, namespace), pickler.apart
            )
            self._scattered = list(pickler.scattered.values())
            # A pickle remembers nothing of what lies beside it.
            self.references.parts.update(pickler.scattered)
            self._file.count(sum(array.nbytes for array in self._scattered))
        except TooLargeError:
            raise
        except Exception as fault:
            # A pickle runs any object's own code, which may raise anything.
            raise CannotEncodeError(_reason(fault)) from fault

    def _take_out(self, buffer: pickle.PickleBuffer) -> bool:
        view = buffer.raw()
        from .notebook_pickler import LEAST_BUFFER_BYTES

        if view.nbytes < LEAST_BUFFER_BYTES:
            return True
        self._file.count(view.nbytes)
        self._buffers.append(view)
        return False

    @property
    def encoded(self) -> Encoded:
        header = stream_header(has_code=self.references.code)
        blobs = [Blob("pickle", (header, self._file.getbuffer()))]
        blobs += [Blob(f"buffer:{number}", (view,)) for number, view in enumerate(self._buffers)]
        blobs += [array_blob(f"array:{n}", array) for n, array in enumerate(self._scattered)]
        return Encoded("pickle", self._type, tuple(blobs), self.references)


def decode_pickle(blobs: Mapping[str, Buffer], namespace: dict[str, Any] | None) -> Any:
    """Give back the object of a pickle. This runs whatever code the pickle names.

    Raises
    ------
    CannotDecodeError
        The bytes are damaged, hold code of another Python, or need a package that is not here.
    """
    from .notebook_unpickler import NotebookUnpickler

    if "pickle" not in blobs:
        raise CannotDecodeError("the pickle is missing")
    stream = checked_stream(blobs["pickle"])
    buffers = _numbered(blobs, "buffer")
    builtins = None if namespace is None else namespace.get("__builtins__")
    try:
        arrays = [read_array(data) for data in _numbered(blobs, "array")]
        return NotebookUnpickler(io.BytesIO(stream), namespace, buffers, arrays).load()
    except Exception as fault:
        raise CannotDecodeError(load_reason(fault)) from fault
    finally:
        # Loading a function replaces this entry of its globals.
        if namespace is not None and builtins is not None:
            namespace["__builtins__"] = builtins


def _numbered(blobs: Mapping[str, Buffer], kind: str) -> list[Buffer]:
    count = sum(role.startswith(f"{kind}:") for role in blobs)
    return [blobs[f"{kind}:{number}"] for number in range(count)]


def _memo_of(kind: type, namespace: dict[str, Any] | None) -> Memo:
    from .notebook_pickler import NotebookPickler

    pickler = NotebookPickler(io.BytesIO(), namespace)
    pickler.dump(kind)
    memo: Memo = pickler.memo.copy()
    return memo


class _BoundedFile(io.BytesIO):
    def __init__(self, max_bytes: int | None) -> None:
        super().__init__()
        self._max_bytes = max_bytes
        self._counted = 0

    def write(self, data: Any) -> int:
        self.count(memoryview(data).nbytes)
        return super().write(data)

    def count(self, size: int) -> None:
        """Count bytes that are written here or kept beside."""
        self._counted += size
        try:
            guard(self._max_bytes, self._counted)
        except TooLargeError as fault:
            raise TooLargeError(fault.limit, None) from None


def _python() -> str:
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def stream_header(*, has_code: bool) -> bytes:
    """Return the line before a pickle: it says which Python can load it."""
    return b"%s %s %s\n" % (_MAGIC, _python().encode(), b"code" if has_code else b"data")


def checked_stream(data: Buffer) -> memoryview:
    """Return the pickle behind its header.

    Raises
    ------
    CannotDecodeError
        There is none, or it holds code that this Python cannot run.
    """
    view = memoryview(data)
    header, separator, _ = bytes(view[:64]).partition(b"\n")
    words = header.split(b" ")
    if not separator or len(words) != 3 or words[0] != _MAGIC:
        raise CannotDecodeError("damaged pickle")
    version = words[1].decode("ascii", "replace")
    if words[2] == b"code" and version != _python():
        # Loading it would crash the interpreter, not raise.
        raise CannotDecodeError(
            f"it holds code compiled by Python {version}, and this is Python {_python()}; "
            "choose an environment with the notebook's Python"
        )
    return view[len(header) + 1 :]


def _reason(fault: BaseException) -> str:
    cause = fault.__cause__
    if isinstance(cause, RecursionError) or isinstance(fault, RecursionError):
        return "it is nested too deeply to be pickled"
    return str(fault) or type(fault).__name__


def load_reason(fault: BaseException) -> str:
    """Say why a pickle could not be loaded, for a person."""
    if isinstance(fault, ModuleNotFoundError) and fault.name:
        return (
            f"it needs the module {fault.name}, which is not in Python {sys.version.split()[0]} "
            f"({sys.executable})"
        )
    return f"{type(fault).__name__}: {fault}"
