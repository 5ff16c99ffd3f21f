"""What this run is to do, read before its first event is written, since each bears a seal."""

from __future__ import annotations

from typing import Any

from .faults import WorkerError
from .layout import RunLayout
from .seal import sealing_of
from .spec import Limits, Spec, read_order, spec_of


class RunOrder:
    """What `spec.json` says, as far as it can be read."""

    def __init__(self, run: RunLayout, attempt: int) -> None:
        self.limits = Limits()
        self.notice_seconds: float | None = None
        self._fault: WorkerError | None = None
        self._spec: Spec | None = None
        data: dict[str, Any] = {}
        try:
            data = read_order(run.spec)
        except WorkerError as fault:
            self._fault = fault
        self.seals = sealing_of(data, attempt)
        if self._fault is None:
            self._take(data, run)

    def _take(self, data: dict[str, Any], run: RunLayout) -> None:
        try:
            spec = self._spec = spec_of(data, run.spec)
            self.limits, self.notice_seconds = spec.limits, spec.notice_seconds
        except WorkerError as fault:
            self._fault = fault

    def spec(self) -> Spec:
        """Return the specification.

        Raises
        ------
        WorkerError
            It cannot be read, or cannot be followed.
        """
        if self._spec is None:
            raise self._fault or WorkerError("SpecError", "there is no specification")
        return self._spec
