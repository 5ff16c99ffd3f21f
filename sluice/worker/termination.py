"""The scheduler's request to leave (SIGTERM)."""

from __future__ import annotations

import os
import signal
import threading
from types import FrameType
from typing import Callable

from .interrupts import Interrupts


def watch_for_termination(leave: Callable[[], int]) -> None:
    """Call `leave` in a thread of its own when SIGTERM comes, then exit with what it returns.

    The interpreter runs signal handlers in the main thread between two instructions, which may be
    hours away inside a numerical library. So the byte that the interpreter writes at once, in C, is
    what wakes the thread. A cell that has set its own handler keeps it.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)

    def handle(number: int, _frame: FrameType | None) -> None:
        # The cell may have taken the wakeup descriptor, as event loops do.
        os.write(writer, bytes([number]))

    def wait() -> None:
        while True:
            received = os.read(reader, 1)
            if received == bytes([signal.SIGTERM]) and signal.getsignal(signal.SIGTERM) is handle:
                os._exit(leave())

    # A forked child has the handler and the pipe: told to leave, it would stay and tell its parent.
    # The signal waits while it forks, so that no moment is left for that.
    masks: list[set[int]] = []

    def hold() -> None:
        masks.append(set(signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])))

    def release() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, masks.pop())

    def forget_and_release() -> None:
        signal.set_wakeup_fd(-1)
        if signal.getsignal(signal.SIGTERM) is handle:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
        release()

    signal.signal(signal.SIGTERM, handle)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    os.register_at_fork(before=hold, after_in_parent=release, after_in_child=forget_and_release)
    threading.Thread(target=wait, daemon=True, name="sluice-termination").start()


def take_interrupts(interrupts: Interrupts) -> None:
    """Let SIGINT raise KeyboardInterrupt, also where a shell has started us in the background."""

    def handle(_number: int, _frame: FrameType | None) -> None:
        if not interrupts.defer():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, handle)


def ignore_interrupts(interrupts: Interrupts) -> None:
    """Let nothing come between the end of the cell and the record of it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    interrupts.is_waiting = False
