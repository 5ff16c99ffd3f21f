"""Sizes, times and tables as plain text."""

from __future__ import annotations

from collections.abc import Sequence

_MOST_WIDTH = 60


def size_words(size: float) -> str:
    """Tell a number of bytes for a person."""
    for unit in ("B", "kB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"


def duration_words(seconds: float) -> str:
    """Tell a duration as hours, minutes and seconds."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay rows out in columns under their heads; no line ends in blanks."""
    cells = [[" ".join(cell.split()) for cell in row] for row in (heads, *rows)]
    lengths = ([len(row[place]) for row in cells] for place in range(len(heads)))
    # One name that is far too long makes no blanks in all other lines.
    widths = [max(length for length in column if length <= _MOST_WIDTH) for column in lengths]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
    return "".join(f"{line}\n" for line in lines)
