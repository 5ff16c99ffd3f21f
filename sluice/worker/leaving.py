"""A job that has to leave: it is told before its time is over, or asked to end at once."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import Any, Callable

from .end_time import EndTime
from .ending import Ending, terminated, time_up
from .hooks import Hooks
from .time_up import TimeUp

# Of the time between a request to leave and the end by force, which is 30 s with Slurm as it comes,
# and 10 s without Slurm.
SLURM_SECONDS = 20.0
OTHER_SECONDS = 6.0
_HOOK_SECONDS = 5.0
# So long code may take to heed an interrupt that comes with the request itself.
_HEED_SECONDS = 2.0


class Leaving:
    """What the job was told of its end, and how far its cell is.

    The signals' thread calls `note` and `leave`, the main thread the rest.

    Parameters
    ----------
    end
        When the time is over.
    leave_seconds
        How long it may take to leave at once.
    event
        Writes an event.
    clock
        Seconds since the epoch.
    """

    def __init__(
        self,
        end: EndTime,
        leave_seconds: float,
        event: Callable[[str, dict[str, Any]], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._end = end
        self._leave_seconds = leave_seconds
        self._event = event
        self._clock = clock
        self.hooks = Hooks()
        #: Makes the main thread call `heed` as soon as it can.
        self.poke: Callable[[], None] = lambda: None
        #: Saves what the cell has from another thread, until a time of `time.monotonic`.
        self.save: Callable[[float], None] | None = None
        self.cause: str | None = None
        self._is_due = False
        # A notice has come, and waits for its time.
        self._is_pending = False
        self._raised: TimeUp | None = None
        self._is_saving = threading.Event()
        self._saving_lock = threading.Lock()
        self._saved_elsewhere = False

    @property
    def is_unheeded(self) -> bool:
        """Whether the cell is to be interrupted and was not yet."""
        return self._is_due and not self._is_saving.is_set()

    def early_seconds(self) -> float:
        """Return how long a notice that comes now is to wait, so that the cell has its time."""
        seconds = self._end.early_seconds(self._clock())
        self._is_pending = self._is_pending or seconds > 0
        return seconds

    def note(self) -> None:
        """Tell that the job will have to leave, once, and have the cell interrupted."""
        now = self._clock()
        is_first = self._tell("time-limit" if self._end.is_meant(now) else "asked")
        if is_first:
            self._is_due = True
            self.poke()

    def heed(self) -> None:
        """Call the hooks and interrupt the cell, if it is time for that.

        Raises
        ------
        TimeUp
            The cell, or what prepares it, is to stop here.
        """
        if not self._is_due or self._is_saving.is_set():
            return
        self._is_due = False
        seconds = self._seconds_left()
        self.hooks.call(seconds)
        if self.cause is None:
            # Asked to end at once: another thread sees to that.
            return
        self._raised = TimeUp(_words(self.cause, seconds))
        raise self._raised

    def watch(self, run: Callable[[], Ending], fault: Callable[[], BaseException | None]) -> Ending:
        """Run the cell; from its end on nothing is interrupted any more.

        Parameters
        ----------
        run
            Runs it; its own exceptions are in the ending.
        fault
            What ended it, after `run`.
        """
        endings: list[Ending] = []
        try:
            endings.append(run())
            self.end()
        except TimeUp as late:
            # It came when the runner had let go of the cell.
            self.end()
            if not endings:
                return self.stopped(late)
        return self._judged(endings[0], fault())

    def stopped(self, fault: TimeUp) -> Ending:
        """Return the ending of what was interrupted outside the cell's own code, and say so."""
        self.end()
        words = str(fault)
        error = {"ename": "TimeUp", "evalue": words, "traceback": [f"TimeUp: {words}"]}
        self._event("error", error)
        return time_up(self.cause, words)

    def end(self) -> None:
        """Let nothing interrupt what comes now; no return where another thread ends the job."""
        with self._saving_lock:
            self._is_saving.set()
        while self._saved_elsewhere:
            time.sleep(self._leave_seconds)

    def leave(self) -> Ending:
        """Do what can still be done at a request to end at once; return how it ends.

        Returns within the time that such a request leaves, whatever the cell does.
        """
        deadline = time.monotonic() + self._leave_seconds
        is_expected = self._is_pending or self._end.is_over(self._clock())
        if self.cause is None and not is_expected:
            self._call_hooks()
            return terminated("asked")
        self._tell("time-limit")
        if not self._is_saving.is_set():
            # It went on all the same, or has not heard of it.
            self._poke_until(self._is_saving.wait, _HEED_SECONDS)
            if not self._is_due:
                # It has heard; what it does last may take a while.
                self._is_saving.wait(_left(deadline) / 2)
        if self._take_over():
            self.hooks.call_within(0.0, min(_HOOK_SECONDS, _left(deadline) / 2))
            self._save(deadline)
        else:
            # The main thread ends the process when it is done.
            time.sleep(_left(deadline))
        return time_up(self.cause, _words(self.cause, 0.0))

    def _take_over(self) -> bool:
        """Whether this thread has to save, since the main thread is elsewhere."""
        with self._saving_lock:
            self._saved_elsewhere = not self._is_saving.is_set()
        return self._saved_elsewhere

    def _save(self, deadline: float) -> None:
        if self.save is not None:
            # A value may take for ever to say what it is.
            saver = threading.Thread(target=self.save, args=(deadline,), daemon=True)
            saver.start()
            saver.join(_left(deadline))

    def _poke_until(self, is_done: Callable[[float], bool], seconds: float) -> None:
        self._is_due = True
        pause = seconds / 4
        for _ in range(4):
            # A signal that comes just before a call of the system interrupts nothing.
            self.poke()
            if is_done(pause):
                return

    def _call_hooks(self) -> None:
        if self.hooks.are_left:
            self._poke_until(self.hooks.wait, _HEED_SECONDS / 2)
            # Where the main thread is in C code: better from here than not at all.
            self.hooks.call_within(_HOOK_SECONDS, _HOOK_SECONDS)

    def _tell(self, cause: str) -> bool:
        if self.cause is not None:
            return False
        self.cause = cause
        left = self._end.seconds_left(self._clock()) if cause == "time-limit" else None
        self._event("notice", {"cause": cause, "secondsLeft": left})
        return True

    def _seconds_left(self) -> float:
        if self.cause is None:
            return _HOOK_SECONDS
        left = self._end.seconds_left(self._clock())
        return _HOOK_SECONDS if left is None else left

    def _judged(self, ending: Ending, fault: BaseException | None) -> Ending:
        if isinstance(fault, TimeUp):
            return time_up(self.cause, str(fault))
        if self._raised is not None:
            # It has caught what was raised, and ended by itself.
            return replace(ending, cause=self.cause)
        return replace(ending, cause="memory") if isinstance(fault, MemoryError) else ending


def _left(deadline: float) -> float:
    return max(0.0, deadline - time.monotonic())


def _words(cause: str | None, seconds: float) -> str:
    if cause == "asked":
        return "the job was asked to end; what the cell has by now is saved"
    left = f" ({seconds:.0f} s left)" if seconds > 0 else ""
    return f"the time of the job is nearly over{left}; what the cell has by now is saved"
