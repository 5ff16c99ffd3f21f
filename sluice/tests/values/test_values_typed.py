import math
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from _sluice.values import (
    VALUE_FORMATS,
    CannotDecodeError,
    CannotEncodeError,
    TooLargeError,
    decode,
    encode,
    readable_formats,
    type_name,
)

from .notebook import blobs_of

TYPED = [name for name in VALUE_FORMATS if name not in ("pickle", "dill")]


def round_trip(value: Any, allowed: Any = TYPED) -> Any:
    encoded = encode(value, allowed)
    return encoded, decode(encoded.format, blobs_of(encoded), allowed=allowed)


def nested(depth: Any) -> Any:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


def cyclic() -> Any:
    value: list[Any] = []
    value.append(value)
    return value


class Text(str):
    __slots__ = ()


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        0,
        -(10**300),
        0.1,
        -0.0,
        1e-320,
        math.nan,
        {"loss": [math.inf, -math.inf]},
        "",
        "é\u2028\U0001f600",
        "\ud800",
        [],
        {},
        {"": [1, [2.5, {"a": None}]]},
    ],
)
def test_plain_data_is_json_and_comes_back(value: Any) -> None:
    encoded, back = round_trip(value)
    assert encoded.format == "json"
    assert [blob.role for blob in encoded.blobs] == ["json"]
    assert (type(back), repr(back)) == (type(value), repr(value))


@pytest.mark.parametrize(
    "value",
    [
        Text("a"),
        [Text("a")],
        {Text("a"): 1},
        (Text("a"),),
        [np.float64(1)],
        "\ud83d\ude00",
        [{"\ud83d\ude00": ("\ud83d\ude00",)}],
        nested(200),
        nested(100_000),
        cyclic(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_json_would_change_is_not_json(value: Any) -> None:
    with pytest.raises(CannotEncodeError):
        encode(value, ["json"])


def test_one_list_in_two_places_stays_one_where_a_pickle_may_be_used() -> None:
    row = [1]
    value = [row, row]
    assert encode(value, ["json", "pickle"]).format == "pickle"
    assert encode(value, ["json"]).format == "json"


ARRAYS = {
    "ints": np.arange(5),
    "zero dimensions": np.array(3.5),
    "empty": np.empty((0, 3)),
    "fortran": np.asfortranarray(np.arange(6).reshape(2, 3)),
    "strided": np.arange(20)[::3],
    "reversed": np.arange(4)[::-1],
    "complex": np.array([1 + 2j]),
    "dates": np.array(["2020-01-01", "NaT"], dtype="M8[D]"),
    "spans": np.array([1, 2], dtype="m8[ms]"),
    "text": np.array(["a", "bé"]),
    "no text": np.array([], dtype="U0"),
    "big endian": np.arange(3, dtype=">i4"),
    "bool": np.array([True, False]),
    "records": np.array([(1, 2.5)], dtype=[("a", "i4"), ("b", "f8")]),
    "padded": np.zeros(2, dtype=np.dtype([("a", "i1"), ("b", "f8")], align=True)),
    "broadcast": np.broadcast_to(np.arange(3), (2, 3)),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_come_back_equal_and_writable(name: Any) -> None:
    array = ARRAYS[name]
    encoded, back = round_trip(array)
    assert encoded.format == "npy"
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    np.testing.assert_array_equal(back, array)
    assert back.flags.writeable


def test_a_large_array_is_not_copied() -> None:
    array = np.zeros(1_000_000)
    encoded = encode(array, ["npy"])
    memory = np.frombuffer(encoded.blobs[0].parts[1], dtype="f8")
    assert np.shares_memory(memory, array)


def test_an_array_is_read_as_numpy_reads_it(tmp_path: Any) -> None:
    file = tmp_path / "a.npy"
    file.write_bytes(encode(np.arange(6.0).reshape(2, 3), ["npy"]).blobs[0].joined())
    np.testing.assert_array_equal(np.load(file, allow_pickle=False), np.arange(6.0).reshape(2, 3))


@pytest.mark.parametrize("value", [np.float64(0.1), np.int8(3), np.datetime64("2020"), np.True_])
def test_a_numpy_scalar_comes_back_as_one(value: Any) -> None:
    encoded, back = round_trip(value)
    assert [blob.role for blob in encoded.blobs] == ["scalar"]
    assert type(back) is type(value)
    assert back == value


@pytest.mark.parametrize(
    "value",
    [
        np.array([object()]),
        np.array([(1, "a")], dtype=[("a", "i4"), ("b", "O")]),
        np.ma.array([1, 2], mask=[True, False]),
        np.zeros(2, dtype=np.dtype("f8", metadata={"unit": "m"})),
    ],
    ids=["objects", "objects in records", "subclass", "metadata"],
)
def test_arrays_that_npy_would_change_are_not_npy(value: Any) -> None:
    with pytest.raises(CannotEncodeError):
        encode(value, TYPED)


def test_an_array_of_objects_from_elsewhere_is_refused(tmp_path: Any) -> None:
    file = tmp_path / "evil.npy"
    np.save(file, np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(CannotDecodeError, match="objects"):
        decode("npy", {"npy": file.read_bytes()}, allowed=TYPED)


FRAMES = {
    "numbers": pd.DataFrame({"a": [1, 2], "b": [0.5, math.nan]}),
    "text": pd.DataFrame({"a": ["x", None, "z"]}),
    "objects": pd.DataFrame({"a": pd.Series(["x", None], dtype=object)}),
    "dates": pd.DataFrame({"t": pd.to_datetime(["2020-01-01", "2021-01-01"])}),
    "no rows": pd.DataFrame({"a": pd.Series([], dtype="i4")}),
    "no columns": pd.DataFrame(index=[1, 2]),
    "text index": pd.DataFrame({"a": [1, 2]}, index=pd.Index(["u", "v"], name="k")),
    "date index": pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020", periods=2)),
    "stepped index": pd.DataFrame({"a": [1, 2]}, index=pd.RangeIndex(4, 8, 2)),
    "series": pd.Series([1.5, 2.5], name="s", index=["u", "v"]),
    "nameless series": pd.Series([True, False]),
}


# Arrow would give them back with other dtypes.
NOT_ARROW = ["objects", "no columns"]


@pytest.mark.parametrize("allowed", [["arrow", "frame"], ["frame"]], ids=["arrow", "frame"])
@pytest.mark.parametrize("name", FRAMES)
def test_frames_come_back_equal_and_writable(name: Any, allowed: Any) -> None:
    frame = FRAMES[name]
    encoded, back = round_trip(frame, allowed)
    assert encoded.format == ("frame" if name in NOT_ARROW else allowed[0])
    if isinstance(frame, pd.Series):
        pd.testing.assert_series_equal(back, frame, check_freq=True)
    else:
        pd.testing.assert_frame_equal(back, frame, check_freq=True)
    if back.size:
        before = back.iloc[0] if back.ndim == 1 else back.iloc[0, 0]
        if back.ndim == 1:
            back.iloc[0] = before
        else:
            back.iloc[0, 0] = before


def test_periods_travel_as_arrow_and_not_as_simple_columns() -> None:
    series = pd.Series([1, 2], index=pd.period_range("2020-01", periods=2, freq="M"))
    _, back = round_trip(series, ["arrow"])
    pd.testing.assert_series_equal(back, series, check_freq=True)
    with pytest.raises(CannotEncodeError):
        encode(series, ["frame"])


def test_a_column_type_that_arrow_does_not_know_is_refused() -> None:
    metadata = {b"ARROW:extension:name": b"acme.money", b"ARROW:extension:metadata": b""}
    field = pa.field("a", pa.int64(), metadata=metadata)
    table = pa.table({"a": [1]}, schema=pa.schema([field], metadata={b"sluice": b"{}"}))
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(CannotDecodeError, match=r"acme\.money"):
        decode("arrow", {"arrow": sink.getvalue().to_pybytes()}, allowed=TYPED)


class Moody:
    """Cannot be compared, as the objects of some packages."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError

    __hash__ = object.__hash__


def test_a_frame_that_cannot_be_compared_has_no_typed_format() -> None:
    frame = pd.DataFrame([[1]], columns=pd.Index([Moody()], dtype=object))
    with pytest.raises(CannotEncodeError, match="no typed format"):
        encode(frame, TYPED)


def test_labels_may_be_numbers_or_there_twice() -> None:
    frame = pd.DataFrame([[1, 2.5]], columns=[7, 7])
    _, back = round_trip(frame, ["frame"])
    pd.testing.assert_frame_equal(back, frame)


def with_attributes() -> Any:
    frame = pd.DataFrame({"a": [1]})
    frame.attrs["unit"] = {1, 2}
    return frame


ODD = {
    "list in a cell": pd.DataFrame({"a": [[1], [2]]}),
    "mixed objects": pd.DataFrame({"a": [object(), 1]}),
    "several kinds of missing": pd.DataFrame({"a": pd.Series([None, math.nan, "x"], dtype=object)}),
    "attributes": with_attributes(),
    "tuple as name": pd.Series([1], name=("a", 1)),
    "subclass": type("Frame", (pd.DataFrame,), {})({"a": [1]}),
}


@pytest.mark.parametrize("name", ODD)
def test_frames_that_would_change_have_no_typed_format(name: Any) -> None:
    with pytest.raises(CannotEncodeError):
        encode(ODD[name], TYPED)


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"a": pd.Categorical(["x", "y"])}),
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([("u", 1)])),
        pd.DataFrame([[1]], columns=pd.MultiIndex.from_tuples([("u", "v")])),
        pd.DataFrame({"a": pd.array([1, None], dtype="Int64")}),
    ],
    ids=["categories", "index of two levels", "labels of two levels", "nullable"],
)
def test_odd_frames_are_not_of_the_simple_format(frame: Any) -> None:
    with pytest.raises(CannotEncodeError):
        encode(frame, ["frame"])


@pytest.mark.parametrize(
    ("value", "format"),
    [("x" * 2000, "json"), (np.zeros(1000), "npy"), (FRAMES["numbers"], "arrow")],
    ids=["json", "npy", "arrow"],
)
def test_too_large_is_said_before_anything_is_copied(value: Any, format: Any) -> None:
    with pytest.raises(TooLargeError) as caught:
        encode(value, [format], max_bytes=20)
    assert caught.value.size > 20


@pytest.mark.parametrize("format", TYPED)
def test_damaged_bytes_are_refused(format: Any) -> None:
    with pytest.raises(CannotDecodeError):
        decode(format, {format: b"\x93NUMPY\x01\x00nonsense"}, allowed=TYPED)
    with pytest.raises(CannotDecodeError):
        decode(format, {}, allowed=TYPED)


def test_a_format_that_is_not_allowed_is_refused() -> None:
    encoded = encode((1, 2), ["pickle"])
    with pytest.raises(CannotDecodeError, match="pickle are not accepted"):
        decode("pickle", blobs_of(encoded), allowed=TYPED, namespace={})


def test_this_python_reads_every_format() -> None:
    # What dill sends never comes home.
    assert sorted([*readable_formats(), "dill"]) == sorted(VALUE_FORMATS)


def test_types_have_names_for_a_person() -> None:
    local: Any = type("Model", (), {"__module__": "__main__"})
    names = [type_name(value) for value in ([1], np.zeros(1), local())]
    assert names == ["list", "numpy.ndarray", "Model"]
