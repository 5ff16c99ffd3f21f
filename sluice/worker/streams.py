"""`sys.stdout` and `sys.stderr` of the cell."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterable
from typing import Any

from .child_text import process, write_text
from .outputs import Outputs


class TextStream(io.TextIOBase):
    """Text that goes to the outputs, and bytes by its `buffer`."""

    def __init__(self, name: str, descriptor: int, outputs: Outputs) -> None:
        super().__init__()
        self._name = name
        self._descriptor = descriptor
        self._outputs = outputs
        self.buffer = _Bytes(self)

    @property
    def name(self) -> str:
        """The stream's name, as Python's own has one."""
        return f"<{self._name}>"

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """What bytes in `buffer` are taken for."""
        return "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """How damaged bytes are taken."""
        return "replace"

    def write(self, text: str) -> int:
        """Add text to the outputs; a forked child's text goes by the descriptor."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if process.is_child:
            write_text(self._descriptor, text)
        elif text:
            self._outputs.text(self._name, text)
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Add several texts."""
        self.write("".join(lines))

    def flush(self) -> None:
        """Write what waits."""
        if not process.is_child:
            self._outputs.flush()

    def writable(self) -> bool:
        """Say that it is."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that child processes can be given."""
        return self._descriptor

    def isatty(self) -> bool:
        """Say that it is no terminal."""
        return False

    def close(self) -> None:
        """Keep open: the next line of the cell may print."""

    def reconfigure(self, **settings: Any) -> None:
        """Accept what programs ask of Python's own streams; nothing of it applies here."""


class _Bytes(io.RawIOBase):
    def __init__(self, stream: TextStream) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._stream.write(self._decoder.decode(bytes(view)))
        return view.nbytes

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def close(self) -> None:
        self.flush()
