"""What is raised in a cell whose job has to leave."""

from __future__ import annotations


class TimeUp(KeyboardInterrupt):
    """The job has to leave soon: what the cell has by now will be saved.

    An interrupt, since that is what libraries and event loops let through, or heed by keeping what
    they have so far; `except Exception` does not catch it.
    """


TimeUp.__module__ = "sluice"
