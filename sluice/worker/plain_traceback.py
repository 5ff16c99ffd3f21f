"""Tracebacks without IPython: the frames of the cell, none of the worker."""

from __future__ import annotations

import traceback
from types import TracebackType


def plain_traceback(fault: BaseException, filename: str) -> list[str]:
    """Return the lines of an exception's traceback from the first frame in a file on."""
    if isinstance(fault, SyntaxError) and fault.filename == filename:
        lines = traceback.format_exception_only(type(fault), fault)
    else:
        lines = traceback.format_exception(type(fault), fault, _from(fault.__traceback__, filename))
    return "".join(lines).rstrip("\n").split("\n")


def _from(frames: TracebackType | None, filename: str) -> TracebackType | None:
    here = frames
    while here is not None:
        if here.tb_frame.f_code.co_filename == filename:
            return here
        here = here.tb_next
    return frames
