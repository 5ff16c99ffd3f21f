"""One attempt at a task: its outputs, its sign of life, its one end."""

from __future__ import annotations

import faulthandler
import os
import platform
import shutil
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any, Callable

from .child_text import process
from .descriptors import Descriptors
from .ending import Ending, could_not_work, end_record
from .event_file import EventFile
from .heartbeat import Heartbeat
from .job import Job
from .layout import AttemptLayout, write_whole
from .outputs import Outputs
from .overflow import Overflow
from .seal import Sealing
from .spec import Limits
from .spills import Spills
from .streams import TextStream
from .usage import usage


class Attempt:
    """Owns all files of an attempt but `work/` and `results/`."""

    def __init__(
        self, layout: AttemptLayout, job: Job, seals: tuple[Sealing, Sealing], limits: Limits
    ) -> None:
        self.layout = layout
        seal_line, self._seal_end = seals
        self._job = job
        self.started_at = time.time()
        self._file = EventFile(layout.events, seal_line)
        self._descriptors = Descriptors(layout.descriptors)
        self._heartbeat = Heartbeat(layout.heartbeat)
        self._end_lock = threading.Lock()
        # Called once, before the last event is written, whoever ends the attempt.
        self.last_words: Callable[[Ending], None] | None = None
        self.outputs = Outputs(
            self._file,
            self._descriptors.pull,
            Overflow(layout.overflow, limits.text_bytes),
            Spills(layout.outputs),
            limits.event_bytes,
        )

    def begin(self, ends_at: float | None) -> None:
        """Say that the task runs, and take over all output."""
        started = {
            "python": platform.python_version(),
            "host": os.environ.get("SLURMD_NODENAME") or socket.gethostname(),
            "pid": os.getpid(),
            "jobId": self._job.id,
            "at": self.started_at,
            "endsAt": ends_at,
        }
        self._file.write([("started", started)])
        self._heartbeat.start()
        self._descriptors.redirect()
        # The last words of a crash stay in the descriptor's file.
        faulthandler.enable(2)
        sys.stdout = TextStream("stdout", 1, self.outputs)
        sys.stderr = TextStream("stderr", 2, self.outputs)
        self.outputs.start()

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        """Show an error as a notebook does."""
        self.outputs.event("error", {"ename": ename, "evalue": evalue, "traceback": traceback})

    def event(self, type: str, data: dict[str, Any]) -> None:
        """Write any other event."""
        self.outputs.event(type, data)

    def leave_if_child(self, ending: Ending) -> None:
        """End a child that the cell forked and that came back here: the rest is not its own."""
        if process.is_child:
            os._exit(ending.process_code)

    def finish(self, ending: Ending) -> int:
        """Write the last event and the end record, once; return the worker's exit status.

        Whoever comes second waits until the process ends.
        """
        self.leave_if_child(ending)
        self._end_lock.acquire()
        if self.last_words is not None:
            self.last_words(ending)
        for stream in (sys.__stdout__, sys.__stderr__):
            if stream is not None:
                stream.flush()
        lost = self.outputs.end_text()
        self._file.sync()
        if self._file.fault is not None:
            ending = self._lost(self.layout.events, self._file.fault)
        elif lost is not None:
            ending = self._lost(self.layout.directory, lost)
        now = time.time()
        self.outputs.close("finished", {"status": ending.status, "at": now})
        self._file.sync()
        if self._file.fault is not None:
            ending = self._lost(self.layout.events, self._file.fault)
        self._heartbeat.stop()
        self._descriptors.restore()
        shutil.rmtree(self.layout.ipython, ignore_errors=True)
        return self._write_end(ending, now)

    def _write_end(self, ending: Ending, now: float) -> int:
        taken = usage(now - self.started_at, os.environ)
        record = end_record(ending, self._file.last_seq, (self.started_at, now), taken)
        try:
            write_whole(self.layout.end, self._seal_end(record))
        except OSError as fault:
            os.write(2, f"sluice: {self.layout.end} cannot be written: {fault}\n".encode())
            return could_not_work("", "").process_code
        return ending.process_code

    @staticmethod
    def _lost(path: Path, fault: OSError) -> Ending:
        return could_not_work("OutputLost", f"{path} cannot be written: {fault}")
