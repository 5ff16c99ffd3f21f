"""What runs the task's code, as a rehearsal sees it."""

from __future__ import annotations

from typing import Protocol


class IWatched(Protocol):
    """Knows the code that it runs, and what ended it."""

    @property
    def fault(self) -> BaseException | None:
        """What ended the last run; None before it, and where it came to its end."""
        ...

    @property
    def skipped_lines(self) -> int:
        """How many lines at the beginning the compiler did not get to see."""
        ...

    def is_own(self, filename: str) -> bool:
        """Whether code of the last run was compiled under this name."""
        ...
