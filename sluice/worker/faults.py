"""What keeps the worker from doing its work, as the person shall read it."""

from __future__ import annotations


class WorkerError(Exception):
    """The task cannot be run here; `name` stands where an exception's class would."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
