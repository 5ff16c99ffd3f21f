"""Write a task's events into this cell, so that they look like a local run's outputs."""

from __future__ import annotations

import sys
from typing import Any

from IPython.core.interactiveshell import InteractiveShell

from .event_words import notice_words, overflow_words, spilled_words, unsealed_text


class RemoteResult:
    """The last value of a cell on its target, as far as it can be shown here."""

    def __init__(self, data: dict[str, Any], metadata: dict[str, Any]) -> None:
        self._data = data
        self._metadata = metadata

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return self._data, self._metadata

    def __repr__(self) -> str:
        return str(self._data.get("text/plain", "<a value on the cluster>"))


class OutputWriter:
    """Writes events in their order; keeps the error for the end.

    Parameters
    ----------
    shell : InteractiveShell
        Whose cell is running.
    task_id : str
        Whose events they are.
    """

    def __init__(self, shell: InteractiveShell, task_id: str) -> None:
        self._shell = shell
        self._task_id = task_id
        self._attempt: int | None = None
        self._stream: str | None = None
        #: Whether the cell shows anything of the task yet.
        self.has_output = False
        #: The `error` event of the newest attempt.
        self.error: dict[str, Any] | None = None

    def write(self, event: dict[str, Any]) -> None:
        """Write one event; a type that has no place in a cell is passed over."""
        self._begin_attempt(event["attempt"])
        if event.get("unverified"):
            self._write_unsealed(event)
            return
        action = getattr(self, f"_write_{event['type']}", None)
        if action is not None:
            self.has_output = True
            if event["type"] != "stream":
                self.flush()
            action(event["data"])

    def flush(self) -> None:
        """Send what the stream holds, before something else is written."""
        if self._stream is not None:
            getattr(sys, self._stream).flush()
            self._stream = None

    def pause(self) -> None:
        """Show what was written so far before something new is waited for."""
        # Kernels do so by themselves, in larger pieces; a terminal keeps back what has no line end.
        if self._stream is not None and getattr(sys, self._stream).isatty():
            self.flush()

    def _begin_attempt(self, attempt: int) -> None:
        if self._attempt is not None and attempt != self._attempt:
            # The scheduler started the job anew: what the cell shows comes from this run alone.
            self.flush()
            self._clear(wait=True)
            self.error = None
        self._attempt = attempt

    def _write_unsealed(self, event: dict[str, Any]) -> None:
        # Somebody else may have written it: it is read, and changes nothing that the job showed.
        text = unsealed_text(event)
        if text:
            self.has_output = True
            self._write_stream({"name": "stderr", "text": text})

    def _say(self, words: str) -> None:
        print(f"sluice: {' '.join(words.split())}", file=sys.stderr, flush=True)

    def _write_stream(self, data: dict[str, Any]) -> None:
        name = "stderr" if data["name"] == "stderr" else "stdout"
        if name != self._stream:
            # Each of the two buffers by itself; without this their order would be lost.
            self.flush()
        getattr(sys, name).write(data["text"])
        self._stream = name

    def _write_display_data(self, data: dict[str, Any]) -> None:
        self._publish(data, update=False)

    def _write_update_display_data(self, data: dict[str, Any]) -> None:
        self._publish(data, update=True)

    def _publish(self, data: dict[str, Any], *, update: bool) -> None:
        transient = {}
        display_id = data["transient"].get("display_id")
        if display_id is not None:
            # Of this task alone: no job can change the displays of other cells.
            transient["display_id"] = f"sluice-{self._task_id}-{display_id}"
        self._shell.display_pub.publish(
            data=data["data"], metadata=data["metadata"], transient=transient, update=update
        )
        self._say_spilled(data)

    def _say_spilled(self, data: dict[str, Any]) -> None:
        if data.get("spilled"):
            self._say(spilled_words(data["spilled"], self._task_id))

    def _write_overflow(self, data: dict[str, Any]) -> None:
        self._say(overflow_words(data, self._task_id))

    def _write_notice(self, data: dict[str, Any]) -> None:
        self._say(notice_words(data))

    def _write_clear_output(self, data: dict[str, Any]) -> None:
        self._clear(wait=data["wait"])

    def _clear(self, *, wait: bool) -> None:
        self._shell.display_pub.clear_output(wait=wait)  # type: ignore[no-untyped-call]

    def _write_execute_result(self, data: dict[str, Any]) -> None:
        # At once instead of as the magic's own value: what comes after it stays after it.
        sys.displayhook(RemoteResult(data["data"], data["metadata"]))
        self._say_spilled(data)

    def _write_error(self, data: dict[str, Any]) -> None:
        self.error = data
