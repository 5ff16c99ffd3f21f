from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import json
import math
import pathlib
import subprocess
import sys
import uuid
import zoneinfo
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from _sluice.values import (
    VALUE_FORMATS,
    Blob,
    CannotDecodeError,
    CannotEncodeError,
    Encoded,
    TooLargeError,
    decode,
    encode,
)

from .notebook import blobs_of

TYPED = [name for name in VALUE_FORMATS if name not in ("pickle", "dill")]
NOON = datetime.datetime(2026, 11, 22, 12, 30, 1, 5)
VIENNA = zoneinfo.ZoneInfo("Europe/Vienna")
EAST = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
NAMED = datetime.timezone(datetime.timedelta(hours=-1), "Azores")


def round_trip(value: Any, allowed: Any = TYPED) -> Any:
    encoded = encode(value, allowed)
    assert encoded.format == "json"
    return decode("json", blobs_of(encoded), allowed=allowed)


class Pair(collections.namedtuple("Pair", "a b")):
    __slots__ = ()


class Colour(enum.IntEnum):
    RED = 1


TREES = [
    (),
    (1, (2.5, None), [True]),
    {1, 2},
    {("a", 1), frozenset({2})},
    frozenset(["x"]),
    b"\x00\xff",
    bytearray(b"ab"),
    (b"x" * 5000, bytearray(5000)),
    b"y" * 5000,
    1 + 2j,
    complex(-0.0, math.inf),
    range(3, 30, 4),
    slice(None, 5, None),
    ...,
    decimal.Decimal("1.10"),
    decimal.Decimal("-Infinity"),
    fractions.Fraction(1, 3),
    uuid.UUID(int=7),
    pathlib.PurePosixPath("a/b"),
    pathlib.PureWindowsPath("c:/x"),
    pathlib.Path("/data/ä b"),
    NOON,
    NOON.replace(tzinfo=datetime.timezone.utc),
    NOON.replace(tzinfo=EAST),
    NOON.replace(tzinfo=NAMED),
    NOON.replace(tzinfo=VIENNA, fold=1),
    NOON.date(),
    NOON.time(),
    datetime.time(1, 2, tzinfo=datetime.timezone.utc),
    datetime.timedelta(-1, 5, 7),
    datetime.timezone.utc,
    {None: 1, 2: "two", True: [3], 1.5: (), (1, "a"): {}},
    {"$": "leaf", "v": [1]},
    [{"$": {"$": None}}],
    collections.OrderedDict([("b", 1), ("a", (2,))]),
    {"loss": (math.nan, -math.inf)},
    10**5000,
    [-(10**5000)],
    (np.float32(1.5), np.int8(-3), np.datetime64("2020-01-01"), np.bool_(True), np.str_("ä")),
    {"": {"": ("\ud800",)}},
]


@pytest.mark.parametrize("value", TREES, ids=lambda value: type(value).__name__)
def test_trees_come_back_with_every_type(value: Any) -> None:
    assert described(round_trip(value)) == described(value)


def described(value: Any) -> Any:
    """Say types and values at every depth."""
    kind = type(value)
    if kind is int:
        return kind, value
    if kind in (list, tuple):
        return kind, [described(item) for item in value]
    if kind in (set, frozenset):
        return kind, sorted((described(item) for item in value), key=repr)
    if isinstance(value, dict):
        return kind, [(described(k), described(v)) for k, v in value.items()]
    if isinstance(value, datetime.datetime):
        return kind, repr(value), value.fold, str(value.tzinfo)
    return kind, repr(value)


@pytest.mark.parametrize(
    "value",
    [
        Pair(1, 2),
        [Pair(1, 2)],
        Colour.RED,
        (Colour.RED,),
        {"a": collections.defaultdict(list)},
        (object(),),
        (len,),
        ([].append,),
        (pd.Timestamp("2020"),),
        {"x": type},
        (np.array([None, 1]),),
    ],
    ids=repr,
)
def test_what_a_tree_would_change_has_no_typed_format(value: Any) -> None:
    with pytest.raises(CannotEncodeError):
        encode(value, TYPED)


def test_a_tree_in_itself_has_no_typed_format() -> None:
    value: list[Any] = [()]
    value.append((value,))
    with pytest.raises(CannotEncodeError):
        encode(value, TYPED)


def test_arrays_and_frames_stand_in_trees() -> None:
    frame = pd.DataFrame({"a": [1.5, 2.5], "b": ["x", None]})
    value = {"small": np.arange(3), "large": (np.ones((2000, 2)), [np.asfortranarray(np.eye(3))])}
    back = round_trip({**value, 7: frame})
    assert (back["small"] == value["small"]).all()
    assert (back["large"][0] == 1).all()
    assert back["large"][0].flags.writeable
    assert back["small"].flags.writeable
    assert back["large"][1][0].flags.f_contiguous
    pd.testing.assert_frame_equal(back[7], frame)


def test_large_arrays_in_trees_are_not_copied() -> None:
    array = np.ones((2000, 2))
    encoded = encode((array,), TYPED)
    [leaf] = [blob for blob in encoded.blobs if blob.role == "leaf:0:npy"]
    memory: Any = leaf.parts[1]
    assert np.shares_memory(np.frombuffer(memory, "u1"), array)


def test_what_is_there_twice_is_a_pickle_where_that_may_be() -> None:
    row: list[Any] = []
    array = np.ones(3)
    base = np.ones(100)
    for value in ((row, row), (array, [array]), {1: base[:50], 2: base[20:]}):
        assert encode(value, [*TYPED, "pickle"]).format == "pickle"
        assert encode(value, TYPED).format == "json"
    # Nobody can tell these apart.
    assert encode(((1,), b"x", b"x", (1,)), [*TYPED, "pickle"]).format == "json"


def test_a_large_tree_is_a_pickle_where_that_may_be() -> None:
    value = [(number,) for number in range(50_000)]
    assert encode(value, [*TYPED, "pickle"]).format == "pickle"
    assert round_trip(value) == value


def test_a_tree_has_a_limit() -> None:
    with pytest.raises(TooLargeError):
        encode((np.ones(1000), b"x"), TYPED, max_bytes=8000)


def test_plain_data_keeps_its_plain_form() -> None:
    [blob] = encode({"a": [1]}, TYPED).blobs
    assert (blob.role, blob.joined()) == ("json", b'{"a":[1]}')
    # As it was written before there were trees.
    assert decode("json", {"json": b'{"$":"tuple","v":[1]}'}, allowed=["json"]) == {
        "$": "tuple",
        "v": [1],
    }


def test_sets_have_the_same_bytes_in_every_process() -> None:
    script = (
        "import sys\nfrom types import ModuleType\nc = ModuleType('_sluice')\n"
        f"c.__path__ = [{str(Path(__file__).parents[2])!r}]\nsys.modules['_sluice'] = c\n"
        "from _sluice.values import encode\n"
        "print(encode({str(n) for n in range(100)}, ['json']).blobs[0].joined().decode())"
    )
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
            env={"PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(texts) == 1


DAMAGED = [
    {"$": "nothing", "v": 1},
    {"$": "tuple"},
    {"$": "leaf", "v": ["npy", 3]},
    {"$": "leaf", "v": ["pickle", 0]},
    {"$": "small", "v": ["pickle", "pickle", "gASVAAAA"]},
    {"$": "datetime", "v": ["2020", "Nowhere/Land", 0]},
    {"$": "set", "v": [[]]},
    {"$": "range", "v": [1, 2, 0]},
    {"$": "bytes", "v": "é"},
]


@pytest.mark.parametrize("data", DAMAGED, ids=json.dumps)
def test_a_damaged_tree_is_refused(data: Any) -> None:
    blobs = {"tree": json.dumps(data).encode(), "leaf:0:pickle": b""}
    with pytest.raises(CannotDecodeError):
        decode("json", blobs, allowed=VALUE_FORMATS)


def test_a_leaf_needs_its_format_to_be_accepted() -> None:
    encoded = Encoded("json", "tuple", encode((np.ones(3),), ["json", "npy"]).blobs)
    assert isinstance(encoded.blobs[0], Blob)
    with pytest.raises(CannotDecodeError):
        decode("json", blobs_of(encoded), allowed=["json"])
