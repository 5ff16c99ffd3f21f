"""Everything that the cell shows, in the order in which it was shown."""

from __future__ import annotations

import threading
import time
from typing import Any, Callable

from .child_text import process, write_from_child
from .event_file import EventFile
from .interrupts import Interrupts
from .json_lines import text_pieces, too_large
from .overflow import Overflow
from .spills import Spills

FLUSH_SECONDS = 0.05
FLUSH_CHARACTERS = 64 * 1024
# How often the descriptors are looked at while nothing comes: from, to.
_LOOK_SECONDS = (0.05, 0.4)
_JOINTS = frozenset([" ", "\n"])
_JOINT_SECONDS = 0.0002

Text = tuple[str, str]


class Outputs:
    """Collects text, and writes it and all other events to the event file; for any thread.

    The first text after a pause is written at once, then what comes within 50 ms or 64 KiB goes
    together. `pull` gives text that came by other ways (the descriptors of child processes and C
    code): it is asked before anything else is added, so that the order holds.
    """

    def __init__(
        self,
        file: EventFile,
        pull: Callable[[], list[Text]],
        overflow: Overflow,
        spills: Spills,
        event_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._file = file
        self._pull = pull
        self._clock = clock
        self._overflow = overflow
        self._spills = spills
        self._is_overflow_told = False
        self._event_bytes = event_bytes
        self.interrupts = Interrupts()
        self._lock = self.interrupts.lock
        self._added_at = 0.0
        self._pending: list[tuple[str, list[str]]] = []
        self._characters = 0
        self._flushed_at = -FLUSH_SECONDS
        self._wake = threading.Event()
        self._is_closed = False
        self._thread = threading.Thread(target=self._keep_flushing, daemon=True, name="sluice")

    def start(self) -> None:
        """Begin to write what waits, and to look at the descriptors."""
        self._thread.start()

    def text(self, name: str, text: str) -> None:
        """Add text of a stream."""
        with self._lock:
            now = self._clock()
            # `print` writes its line in pieces; between two of them nobody else did.
            if text not in _JOINTS or now > self._added_at + _JOINT_SECONDS:
                self._add_pulled()
            self._added_at = now
            was_empty = not self._pending
            self._add(name, text)
            is_due = now >= self._flushed_at + FLUSH_SECONDS and "\n" in text
            if is_due or self._characters >= FLUSH_CHARACTERS:
                self._flush()
            elif was_empty:
                self._wake.set()
        if self.interrupts.is_waiting:
            self.interrupts.deliver()

    def event(self, type: str, data: dict[str, Any]) -> None:
        """Add an event after all text before it; a forked child's is reduced to its text."""
        if process.is_child:
            write_from_child(type, data)
            return
        with self._lock:
            self._add_pulled()
            self._flush()
            if not self._is_closed:
                self._file.write([(type, self._fitted(data))])
        if self.interrupts.is_waiting:
            self.interrupts.deliver()

    def flush(self, *, at_once: bool = False) -> None:
        """Write all text that waits; within 50 ms of the text before only when told `at_once`.

        A loop that prints with `flush=True` is not to become one event for each line.
        """
        with self._lock:
            self._add_pulled()
            if at_once or self._wait_seconds() <= 0:
                self._flush()
        if self.interrupts.is_waiting:
            self.interrupts.deliver()

    def end_text(self) -> OSError | None:
        """Write all text that waits, and the last words of what was too long to be told.

        Returns why something of it is not on the disk, if so.
        """
        overflow = self._overflow
        with self._lock:
            self._add_pulled()
            self._flush()
            if overflow.has_begun and not self._is_closed:
                overflow.sync()
                whole = ("overflow", {"path": overflow.name, "bytes": overflow.size})
                self._file.write([whole, *self._streams(overflow.last())])
        return overflow.fault or self._spills.fault

    def close(self, type: str, data: dict[str, Any]) -> None:
        """Write all text that waits and the last event; whatever comes later is dropped."""
        with self._lock:
            self.event(type, data)
            self._is_closed = True
        self._wake.set()

    def _fitted(self, data: dict[str, Any]) -> dict[str, Any]:
        if isinstance(data.get("data"), dict):
            return self._without_large(data)
        if isinstance(data.get("traceback"), list):
            share = self._event_bytes // (len(data["traceback"]) + 3)
            evalue, *rest = text_pieces(data["evalue"], share)
            cut = [_cut(text, share) for text in data["traceback"]]
            return {**data, "evalue": f"{evalue}…" if rest else evalue, "traceback": cut}
        return data

    def _without_large(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return an output of which what is too large is in files of its own."""
        bundle = dict(data["data"])
        large = too_large(bundle, self._event_bytes)
        if not large:
            return data
        put = [self._spills.put(mime, bundle.pop(mime)) for mime in large]
        words = f"[{'; '.join(said for _, said in put)}]"
        bundle["text/plain"] = "\n".join(filter(None, [bundle.get("text/plain"), words]))
        spilled = [told for told, _ in put if told is not None]
        return {**data, "data": bundle, **({"spilled": spilled} if spilled else {})}

    def _add_pulled(self) -> bool:
        pulled = self._pull()
        for name, text in pulled:
            self._add(name, text)
        return bool(pulled)

    def _add(self, name: str, text: str) -> None:
        if not text:
            return
        if self._pending and self._pending[-1][0] == name:
            self._pending[-1][1].append(text)
        else:
            self._pending.append((name, [text]))
        self._characters += len(text)

    def _flush(self) -> None:
        pending, self._pending = self._pending, []
        self._characters = 0
        if not pending:
            return
        self._flushed_at = self._clock()
        if self._is_closed:
            return
        told = self._overflow.divide([(name, "".join(texts)) for name, texts in pending])
        events = self._streams(told)
        if self._overflow.has_begun and not self._is_overflow_told:
            self._is_overflow_told = True
            events.append(("overflow", {"path": self._overflow.name, "bytes": None}))
        if events:
            self._file.write(events)

    def _streams(self, texts: list[Text]) -> list[tuple[str, dict[str, Any]]]:
        return [
            ("stream", {"name": name, "text": piece})
            for name, text in texts
            for piece in text_pieces(text, self._event_bytes)
        ]

    def _wait_seconds(self) -> float:
        return self._flushed_at + FLUSH_SECONDS - self._clock()

    def _keep_flushing(self) -> None:
        shortest, longest = _LOOK_SECONDS
        pause = shortest
        while not self._is_closed:
            with self._lock:
                pause = shortest if self._add_pulled() else min(pause * 2, longest)
                if self._pending and self._wait_seconds() <= 0:
                    self._flush()
                wait = max(self._wait_seconds(), 0.001) if self._pending else pause
            self._wake.wait(wait)
            self._wake.clear()


def _cut(text: str, limit_bytes: int) -> str:
    first, *rest = text_pieces(text, limit_bytes)
    return f"{first}…" if rest else first
