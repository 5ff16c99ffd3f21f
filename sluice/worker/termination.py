"""The signals by which a job is told to leave, now (SIGTERM) or soon (SIGUSR1)."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
from types import FrameType
from typing import Callable

from .interrupts import Interrupts
from .leaving import Leaving

_HEARD = (signal.SIGTERM, signal.SIGUSR1)
_AGAIN_SECONDS = 1.0
_TOGETHER_SECONDS = 0.02


def watch_for_termination(
    leave: Callable[[], int], leaving: Leaving, interrupts: Interrupts, *, is_told: bool
) -> None:
    """Listen in a thread of its own; at SIGTERM call `leave` and exit with what it returns.

    The interpreter runs signal handlers in the main thread between two instructions, which may be
    hours away inside a numerical library. So the byte that the interpreter writes at once, in C, is
    what wakes the thread. A cell that has set its own handler keeps it.

    Parameters
    ----------
    is_told
        The notice came before there was anybody to hear it.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def hear(number: int, _frame: FrameType | None) -> None:
        # The cell may have taken the wakeup descriptor, as event loops do.
        _write(writer, number)
        if number == signal.SIGUSR1:
            interrupts.take(leaving.heed)

    def is_ours(number: int) -> bool:
        return signal.getsignal(number) is hear

    def poke() -> None:
        if is_ours(signal.SIGUSR1):
            # To the thread, so that a call of the system that waits is interrupted too; and to the
            # process, for a cell that keeps signals from its thread: then another one takes it.
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            os.kill(os.getpid(), signal.SIGUSR1)

    def on_terminate() -> None:
        if is_ours(signal.SIGTERM):
            os._exit(leave())

    def on_notice() -> None:
        if is_ours(signal.SIGUSR1):
            leaving.note()

    leaving.poke = poke
    for number in _HEARD:
        signal.signal(number, hear)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    _forget_in_children(hear)
    if is_told:
        _write(writer, signal.SIGUSR1)
    threading.Thread(
        target=_listen,
        args=(reader, leaving, on_notice, on_terminate),
        daemon=True,
        name="sluice-termination",
    ).start()


def _write(writer: int, number: int) -> None:
    try:
        os.write(writer, bytes([number]))
    except BlockingIOError:
        # What is in the pipe already says enough.
        return


def _listen(
    reader: int,
    leaving: Leaving,
    on_notice: Callable[[], None],
    on_terminate: Callable[[], None],
) -> None:
    """Wait for signals; a notice that comes early waits, so that the cell has all of its time."""
    due: float | None = None
    while True:
        # A signal that comes just before a call of the system interrupts nothing.
        timeout = _AGAIN_SECONDS if leaving.is_unheeded else None
        if due is not None:
            timeout = max(0.0, due - time.monotonic())
        if not select.select([reader], [], [], timeout)[0]:
            if due is not None:
                due = None
                on_notice()
            else:
                leaving.poke()
            continue
        received = os.read(reader, 1)
        if received == bytes([signal.SIGTERM]):
            # Of two at once the system lets the later one be heard first.
            is_more = select.select([reader], [], [], _TOGETHER_SECONDS)[0]
            if is_more and bytes([signal.SIGUSR1]) in os.read(reader, 64):
                leaving.early_seconds()
            on_terminate()
        elif received == bytes([signal.SIGUSR1]) and due is None:
            due = time.monotonic() + leaving.early_seconds()


def _forget_in_children(hear: Callable[[int, FrameType | None], None]) -> None:
    """Let a forked child be as any other process: told to leave, it must not tell its parent.

    The signals wait while it forks, so that no moment is left for that.
    """
    masks: list[set[int]] = []

    def hold() -> None:
        masks.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, _HEARD)))

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, masks.pop())

    def forget_and_release() -> None:
        signal.set_wakeup_fd(-1)
        for number in _HEARD:
            if signal.getsignal(number) is hear:
                signal.signal(number, signal.SIG_DFL)
        release()

    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=forget_and_release)


def take_interrupts(interrupts: Interrupts) -> None:
    """Let SIGINT raise KeyboardInterrupt, also where a shell has started us in the background."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    def handle(_number: int, _frame: FrameType | None) -> None:
        interrupts.take(interrupt)

    signal.signal(signal.SIGINT, handle)
    # Such a shell lets this one be ignored too, and what the cell starts would inherit that.
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


def ignore_interrupts(interrupts: Interrupts) -> None:
    """Let nothing come between the end of the cell and the record of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupts.drop()
