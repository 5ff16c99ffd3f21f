"""Small texts for a person."""

from __future__ import annotations

_UNITS = ("bytes", "kB", "MB", "GB", "TB")


def size_words(size: int) -> str:
    """Return a number of bytes as a person says it, for example ``412 MB``."""
    number = float(size)
    for unit in _UNITS:
        if number < 1000 or unit == _UNITS[-1]:
            digits = 0 if unit == "bytes" or number >= 10 else 1
            return f"{number:.{digits}f} {unit}"
        number /= 1024
    raise AssertionError("the last unit has no upper end")


def exception_words(fault: BaseException) -> str:
    """Return what an exception says, also when saying it fails."""
    try:
        return str(fault)
    except Exception as another:  # noqa: BLE001 - it is any class's own code
        return f"<{type(fault).__name__}, whose text raises {type(another).__name__}>"
