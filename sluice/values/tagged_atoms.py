"""Python's own small types as JSON: each by its tag, exact types only."""

from __future__ import annotations

import base64
import datetime
import decimal
import fractions
import pathlib
import re
import uuid
from collections.abc import Mapping
from typing import Any, Callable

Write = Callable[[Any], Any]

_FRACTION = re.compile(r"-?\d{1,4300}(/\d{1,4300})?")
_ZONE = re.compile(r"[\w+-]+(/[\w+-]+){0,4}")


def _bytes_of(text: Any) -> bytes:
    return base64.b64decode(text, validate=True)


def _text_of(data: Any) -> str:
    return base64.b64encode(data).decode("ascii")


def _zone(value: Any) -> Any:
    """Write a time zone; None stands for none at all."""
    if value is None:
        return None
    if type(value) is datetime.timezone:
        offset, name = value.utcoffset(None), value.tzname(None)
        return [_span(offset), None if name == str(datetime.timezone(offset)) else name]
    key = getattr(value, "key", None)
    if str(type(value).__module__).partition(".")[0] == "zoneinfo" and isinstance(key, str):
        return key
    raise ValueError(f"a time zone of type {type(value).__name__}")


def _zone_of(data: Any) -> Any:
    if data is None:
        return None
    if isinstance(data, str):
        from zoneinfo import ZoneInfo

        if _ZONE.fullmatch(data) is None:
            raise ValueError("no name of a time zone")
        return ZoneInfo(data)
    offset, name = data
    if not any(offset) and name is None:
        return datetime.timezone.utc
    offset = datetime.timedelta(*offset)
    return datetime.timezone(offset) if name is None else datetime.timezone(offset, name)


def _fraction_of(text: Any) -> fractions.Fraction:
    # A fraction with an exponent may have more digits than there is memory.
    if _FRACTION.fullmatch(text) is None:
        raise ValueError("no fraction")
    return fractions.Fraction(text)


def _moment(value: Any) -> Any:
    return [value.replace(tzinfo=None, fold=0).isoformat(), _zone(value.tzinfo), value.fold]


def _moment_of(kind: Any, data: Any) -> Any:
    text, zone, fold = data
    return kind.fromisoformat(text).replace(tzinfo=_zone_of(zone), fold=fold)


def _span(value: Any) -> list[int]:
    return [value.days, value.seconds, value.microseconds]


#: By exact type: the tag, and how JSON's own types say the value.
WRITERS: Mapping[type, tuple[str, Write]] = {
    bytes: ("bytes", _text_of),
    bytearray: ("bytearray", _text_of),
    complex: ("complex", lambda value: [value.real, value.imag]),
    range: ("range", lambda value: [value.start, value.stop, value.step]),
    type(...): ("ellipsis", lambda _: None),
    decimal.Decimal: ("decimal", str),
    fractions.Fraction: ("fraction", str),
    uuid.UUID: ("uuid", str),
    pathlib.PosixPath: ("path", str),
    pathlib.PurePosixPath: ("posix-path", str),
    pathlib.PureWindowsPath: ("windows-path", str),
    datetime.datetime: ("datetime", _moment),
    datetime.date: ("date", datetime.date.isoformat),
    datetime.time: ("time", _moment),
    datetime.timedelta: ("timedelta", _span),
    datetime.timezone: ("timezone", _zone),
}

#: By tag: the way back.
READERS: Mapping[str, Callable[[Any], Any]] = {
    "bytes": _bytes_of,
    "bytearray": lambda text: bytearray(_bytes_of(text)),
    "complex": lambda data: complex(*data),
    "range": lambda data: range(*data),
    "ellipsis": lambda _: ...,
    "decimal": decimal.Decimal,
    "fraction": _fraction_of,
    "uuid": uuid.UUID,
    "path": pathlib.Path,
    "posix-path": pathlib.PurePosixPath,
    "windows-path": pathlib.PureWindowsPath,
    "datetime": lambda data: _moment_of(datetime.datetime, data),
    "date": datetime.date.fromisoformat,
    "time": lambda data: _moment_of(datetime.time, data),
    "timedelta": lambda data: datetime.timedelta(*data),
    "timezone": _zone_of,
}
