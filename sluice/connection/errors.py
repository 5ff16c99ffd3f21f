"""The error class of the Python side; its words come from the one table of the project."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Union

#: Written by the build from `src/shared/error-table.ts`, beside the service that uses it too.
TABLE_FILE = Path(__file__).resolve().parents[1] / "service" / "errors.json"

Detail = Union[str, int, float, bool, None]

_RED = "\x1b[0;31m"
_PLAIN = "\x1b[0m"


class SluiceError(Exception):
    """A refusal of Sluice in words: what is wrong, and what to do next.

    Parameters
    ----------
    code : str
        A stable code of the project's error table.
    message : str
        One sentence on what is wrong.
    hint : str
        What the person can do next; may be empty.
    retry : bool
        Whether the same call may succeed later without a change.
    status : int
        The HTTP status that goes with it.
    details : Mapping, optional
        The facts that the words were made of.
    """

    def __init__(
        self,
        code: str,
        message: str,
        hint: str = "",
        *,
        retry: bool = False,
        status: int = 500,
        details: Mapping[str, Detail] | None = None,
    ) -> None:
        super().__init__(code, message, hint)
        self.code = code
        self.message = message
        self.hint = hint
        self.retry = retry
        self.status = status
        self.details: dict[str, Detail] = dict(details or {})

    @classmethod
    def of(cls, code: str, **details: Detail) -> SluiceError:
        """Make the error of a code of the table, its words filled from the details."""
        entry = error_table()[code]
        return cls(
            code,
            _fill(entry["message"], details),
            _fill(entry["hint"], details),
            retry=entry["retry"],
            status=entry["status"],
            details=details,
        )

    @classmethod
    def from_body(cls, body: object, status: int) -> SluiceError:
        """Read the body of an answer that is not 2xx; one of another shape is a fault by itself."""
        error = body.get("error") if isinstance(body, dict) else None
        if not isinstance(error, dict) or not isinstance(error.get("code"), str):
            problem = f"it answered with status {status} and no words"
            return cls.of("service-down", problem=problem, log="service.log")
        return cls(
            error["code"],
            str(error.get("message", "")),
            str(error.get("hint", "")),
            retry=bool(error.get("retry")),
            status=status,
            details=error.get("details") or {},
        )

    def to_body(self) -> dict[str, Any]:
        """Give the error as the body of an answer."""
        return {
            "error": {
                "code": self.code,
                "message": self.message,
                "hint": self.hint,
                "retry": self.retry,
                "details": self.details,
            }
        }

    def __str__(self) -> str:
        return "\n".join(line for line in (self.message, self.hint) if line)

    def _render_traceback_(self) -> list[str]:
        # IPython shows these lines instead of frames, which would be ours and tell nothing.
        lines = [f"{_RED}{type(self).__name__}{_PLAIN}: {self.message}"]
        return [*lines, self.hint] if self.hint else lines


@lru_cache(maxsize=1)
def error_table() -> dict[str, dict[str, Any]]:
    """Read the table of errors that the build wrote."""
    try:
        table: dict[str, dict[str, Any]] = json.loads(TABLE_FILE.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        message = f"Sluice is not built: {TABLE_FILE} is missing. In a checkout: `npm run build`."
        raise RuntimeError(message) from error
    return table


def _fill(template: str, details: Mapping[str, Detail]) -> str:
    def value(match: re.Match[str]) -> str:
        detail = details.get(match.group(1))
        return "?" if detail is None else str(detail)

    return re.sub(r"\{(\w+)\}", value, template)
