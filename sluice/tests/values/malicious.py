"""Results that somebody made to run code here, to fill the memory, or to be taken for others."""

from __future__ import annotations

import base64
import io
import json
import pickle
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.lib import format as npy

Blobs = dict[str, bytes]


@dataclass(frozen=True)
class Payload:
    """What a worker sends for a value, and what must come of it."""

    point: str
    name: str
    format: str
    blobs: Blobs
    #: False: it may give a value, as long as nothing runs and the memory holds.
    is_refused: bool = True


class _Bomb:
    """Pickled, a call of something; each of them leaves a trace."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self._call = (function, arguments)

    def __reduce__(self) -> Any:
        return self._call


def bombs(canary: str) -> Iterator[tuple[str, bytes]]:
    """Pickles that would write the canary's file, in all the ways that pickles have."""
    source = f"open({canary!r}, 'w').write('dead')"
    calls: list[tuple[Any, ...]] = [
        (exec, source),
        (eval, source),
        (open, canary, "w"),
        (__import__("os").system, f"touch {canary}"),
        (__import__("subprocess").call, ["touch", canary]),
        (__import__("pathlib").Path.touch, __import__("pathlib").Path(canary)),
    ]
    for number, (function, *arguments) in enumerate(calls):
        for protocol in (0, 2, 4, 5):
            data = pickle.dumps(_Bomb(function, *arguments), protocol)
            yield f"{function.__name__} {number} by protocol {protocol}", data
    header = b"sluice-pickle 3.11 data\n"
    first = pickle.dumps(_Bomb(exec, source))
    yield "with our own header", header + first
    yield "in a list", pickle.dumps([1, _Bomb(exec, source)])
    yield "by hand", b"cbuiltins\nexec\n(S" + repr(source).encode() + b"\ntR."
    yield "instruction INST", b"(S" + repr(source).encode() + b"\nibuiltins\nexec\n."


def everything(canary: str, seed: int) -> list[Payload]:
    """All payloads of the suite, the same ones for the same seed."""
    found = [
        *_pickles_as_others(canary),
        *_npy(canary),
        *_safetensors(canary),
        *_trees(canary),
        *_frames(canary),
        *_arrow(canary),
        *_mutations(random.Random(seed)),
    ]
    names = [(each.point, each.name) for each in found]
    assert len(set(names)) == len(names)
    return found


ROLES = {
    "json": ("json", "tree", "leaf:0:npy"),
    "npy": ("npy", "scalar"),
    "arrow": ("arrow",),
    "frame": ("frame", "column:0", "index"),
    "safetensors": ("safetensors",),
}


def _pickles_as_others(canary: str) -> Iterator[Payload]:
    for words, data in bombs(canary):
        for format, roles in ROLES.items():
            blobs = dict.fromkeys(roles, data)
            yield Payload(
                "a pickle in the place of another format", f"{format}: {words}", format, blobs
            )
    for format in (
        "pickle",
        "dill",
        "PICKLE",
        "pickle\0",
        "cloudpickle",
        "",
        "../pickle",
        "json;pickle",
    ):
        for words, data in list(bombs(canary))[-4:]:
            blobs = {"pickle": data, "dill": data}
            yield Payload("a format that is not allowed", f"{format!r}: {words}", format, blobs)


def _file(array: Any, *, allow_pickle: bool = True) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=allow_pickle)
    return file.getvalue()


def _header(descr: Any, shape: Any, version: tuple[int, int] = (1, 0), rest: bytes = b"") -> bytes:
    text = repr({"descr": descr, "fortran_order": False, "shape": shape}).encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    size = struct.pack("<H" if version == (1, 0) else "<I", len(text))
    return npy.magic(*version) + size + text + rest


def _npy(canary: str) -> Iterator[Payload]:
    array = np.empty(1, object)
    array[0] = _Bomb(exec, f"open({canary!r}, 'w')")
    cases: dict[str, bytes] = {
        "of objects": _file(array),
        "of objects inside a record": _header([("a", "O")], (1,), rest=b"\0" * 8),
        "of objects in a subarray": _header(("O", (3,)), (1,), rest=b"\0" * 24),
        "of 10 GB that are not there": _header("<f8", (10**10 // 8,)),
        "of an exabyte": _header("<f8", (10**17,)),
        "of more than there are numbers": _header("<f8", (2**63, 2**63)),
        "with a negative length": _header("<f8", (-1,), rest=b"\0" * 80),
        "with a length of text": _header("<f8", ("9",)),
        "with a length that is none": _header("<f8", None),
        "with elements of 1 GB": _header("S1000000000", (4,)),
        "without bytes, a billion times": _header("S0", (10**9,)),
        "without bytes, and many of it": _header("V0", (10**15,)),
        "with a subarray of 10 GB": _header(("<f8", (10**9,)), (2,)),
        "with a header that calls": _header("<f8", (1,)).replace(b"(1,)", b"f()"),
        "with a header that is code": npy.magic(1, 0)
        + struct.pack("<H", 64)
        + b"__import__('os')".ljust(64),
        "with a header of parentheses": npy.magic(1, 0) + struct.pack("<H", 60000) + b"(" * 60000,
        "with a header of minus signs": npy.magic(1, 0) + struct.pack("<H", 9000) + b"-" * 9000,
        "with a header of 4 GB": npy.magic(2, 0) + struct.pack("<I", 2**32 - 1),
        "of another version": _header("<f8", (1,)).replace(b"\x01\x00", b"\x09\x09", 1),
        "of nothing": b"",
        "of a magic word alone": npy.magic(1, 0),
        "with a type that is a module": _header("os.system", (1,), rest=b"\0" * 8),
        "with a type by number": _header(17, (1,), rest=b"\0" * 8),
        "with a type of commas": _header("i4,(1000000000,1000000000)f8", (1,), rest=b"\0" * 8),
    }
    for words, data in cases.items():
        yield Payload("arrays", words, "npy", {"npy": data})
        yield Payload("arrays", f"as a scalar: {words}", "npy", {"scalar": data})
        inside = ["npy", "npy", base64.b64encode(data).decode()]
        tree = json.dumps([{"$": "small", "v": inside}]).encode()
        yield Payload("arrays", f"inside a tree: {words}", "json", {"tree": tree})
        frame = {"version": 1, "kind": "series", "name": None, "columns": [{"as": "npy"}]}
        frame["index"] = {"range": [0, 1, 1], "name": None}
        blobs = {"frame": json.dumps(frame).encode(), "column:0": data}
        yield Payload("arrays", f"as a column: {words}", "frame", blobs)


def _tensors(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def _about(**changes: Any) -> dict[str, str]:
    about = {"kind": "dict", "of": "numpy", "attributes": "", "notes": {}, **changes}
    return {"sluice": json.dumps(about)}


def _safetensors(canary: str) -> Iterator[Payload]:
    one = {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}

    def item(**changes: Any) -> bytes:
        return _tensors({"__metadata__": _about(), "a": {**one, **changes}}, b"\0" * 8)

    attributes = json.dumps({"keys": 1, "items": 2})
    cases = {
        "a header of 16 exabytes": _tensors({}, length=2**64 - 1),
        "a header of 10 GB": _tensors({}, length=10**10),
        "a header of a negative length": struct.pack("<q", -8) + b"{}",
        "no header": b"",
        "a header of brackets": _tensors(b"[" * 200_000),
        "a header that is no table": _tensors([1, 2]),
        "no description": _tensors({"a": one}, b"\0" * 8),
        "an end before its beginning": item(data_offsets=[8, 0]),
        "a negative beginning": item(data_offsets=[-8, 0]),
        "an end behind the file": item(data_offsets=[0, 10**12]),
        "offsets of text": item(data_offsets=["0", "8"]),
        "a shape of 10 GB": item(shape=[10**10]),
        "a negative shape": item(shape=[-1, -1]),
        "an unknown type": item(dtype="OBJECT"),
        "a type of objects": item(dtype="O"),
        "a type that is a function": item(dtype="load"),
        "another library": _tensors(
            {"__metadata__": _about(of="os"), "a": {**one, "dtype": "os"}}, b"\0" * 8
        ),
        "torch and a function of it": _tensors(
            {"__metadata__": _about(of="torch"), "a": {**one, "dtype": "hub"}}, b"\0" * 8
        ),
        "torch, a terabyte without bytes": _tensors(
            {
                "__metadata__": _about(of="torch"),
                "a": {**one, "shape": [10**12], "data_offsets": [0, 0]},
            }
        ),
        "attributes in the place of methods": _tensors(
            {"__metadata__": _about(kind="OrderedDict", attributes=attributes), "a": one}, b"\0" * 8
        ),
        "attributes that are a list": _tensors(
            {"__metadata__": _about(kind="OrderedDict", attributes="[1]"), "a": one}, b"\0" * 8
        ),
        "attributes with a leaf": _tensors(
            {
                "__metadata__": _about(
                    kind="OrderedDict", attributes=json.dumps({"$": "leaf", "v": ["pickle", 0]})
                ),
                "a": one,
            },
            b"\0" * 8,
        ),
        "a tensor that is missing": _tensors({"__metadata__": _about(kind="tensor")}),
    }
    for words, data in cases.items():
        yield Payload("safetensors", words, "safetensors", {"safetensors": data})
        inside = ["safetensors", "safetensors", base64.b64encode(data).decode()]
        tree = json.dumps([{"$": "small", "v": inside}]).encode()
        yield Payload("safetensors", f"inside a tree: {words}", "json", {"tree": tree})


def _trees(canary: str) -> Iterator[Payload]:
    bomb = base64.b64encode(next(bombs(canary))[1]).decode()
    deep = "[" * 100_000 + "]" * 100_000
    tagged = '{"$":"tuple","v":[' * 20_000 + "]}" * 20_000
    cases: dict[str, Any] = {
        "a pickle as a small part": {"$": "small", "v": ["pickle", "pickle", bomb]},
        "a dill as a small part": {"$": "small", "v": ["dill", "dill", bomb]},
        "a tree as a small part": {"$": "small", "v": ["json", "tree", bomb]},
        "a pickle as a leaf": {"$": "leaf", "v": ["pickle", 0]},
        "an unknown tag": {"$": "os.system", "v": f"touch {canary}"},
        "a tag of Python's": {"$": "__import__", "v": "os"},
        "a tag that is a list": {"$": [1], "v": 1},
        "a tag that is null": {"$": None, "v": 1},
        "a tag without a value": {"$": "tuple"},
        "a leaf of a missing part": {"$": "leaf", "v": ["npy", 7]},
        "a leaf with a path": {"$": "leaf", "v": ["npy", "../../etc/passwd"]},
        "a leaf of words": {"$": "leaf", "v": "npy"},
        "one part a thousand times": [{"$": "leaf", "v": ["npy", 0]}] * 1000,
        "long bytes a thousand times": [{"$": "long-bytes", "v": 0}] * 1000,
        "a set of lists": {"$": "set", "v": [[1], [2]]},
        "a fraction of a billion digits": {"$": "fraction", "v": "1e1000000000"},
        "a fraction that is none": {"$": "fraction", "v": "x"},
        "a decimal that is none": {"$": "decimal", "v": "__import__('os')"},
        "a slice of ten": {"$": "slice", "v": list(range(10))},
        "a range of text": {"$": "range", "v": ["a"]},
        "a date of nothing": {"$": "datetime", "v": ["", None, 0]},
        "a time zone of a path": {"$": "timezone", "v": "../../../etc/passwd"},
        "a time zone that is absolute": {"$": "timezone", "v": "/etc/passwd"},
        "a time zone with dots": {"$": "timezone", "v": "os.path/x"},
        "a time zone of a module": {"$": "timezone", "v": "__init__.py"},
        "days without end": {"$": "timedelta", "v": [10**30, 0, 0]},
        "pairs of one": {"$": "dict", "v": [[1]]},
        "pairs with a list as key": {"$": "dict", "v": [[[1], 1]]},
        "a number that is none": {"$": "int", "v": "0xzz"},
        "bytes that are none": {"$": "bytes", "v": "?"},
    }
    part = _file(np.zeros(100))
    for words, value in cases.items():
        for around, text in (
            ("alone", json.dumps(value)),
            ("in a list", json.dumps([1, value])),
            ("as a key", json.dumps({"$": "dict", "v": [[value, 1]]})),
        ):
            blobs = {"tree": text.encode(), "leaf:0:npy": part, "leaf:0:bytes": b"x", "pickle": b""}
            yield Payload("tagged trees", f"{words}, {around}", "json", blobs)
    for role in ("json", "tree"):
        yield Payload("tagged trees", f"{role}: lists in lists", "json", {role: deep.encode()})
        yield Payload("tagged trees", f"{role}: no JSON", "json", {role: b"{'a': 1}"})
        yield Payload("tagged trees", f"{role}: half of it", "json", {role: b'{"a": '})
        yield Payload("tagged trees", f"{role}: no text", "json", {role: b"\xff\xfe\x00\xd8"})
    yield Payload("tagged trees", "tuples in tuples", "json", {"tree": tagged.encode()})
    yield Payload("tagged trees", "no role", "json", {})
    digits = b"9" * 5_000_000
    yield Payload("tagged trees", "five million digits", "json", {"json": digits})


def _frames(canary: str) -> Iterator[Payload]:
    text = {"as": "text", "dtype": "object", "missing": None}
    rows = {"range": [0, 2, 1], "name": None}
    frame: dict[str, Any] = {
        "version": 1,
        "kind": "dataframe",
        "labels": {"list": ["a"], "dtype": "object"},
        "labelsName": None,
        "columns": [text],
        "index": rows,
    }
    listed = frame["labels"]
    cases: dict[str, Any] = {
        "no version": {**frame, "version": 2},
        "no table": [1],
        "a type of code": {**frame, "columns": [{**text, "dtype": "__import__('os').system"}]},
        "a type of pickles": {**frame, "columns": [{**text, "dtype": "Sparse[object]"}]},
        "a type of periods": {**frame, "columns": [{**text, "dtype": "period[__import__]"}]},
        "a type of commas": {**frame, "columns": [{**text, "dtype": "i4,(999999999,999999999)f8"}]},
        "an unknown kind of column": {**frame, "columns": [{"as": "pickle"}]},
        "a column that is missing": {**frame, "columns": [text, text]},
        "columns without end": {**frame, "columns": [text] * 10_000},
        "missing values of code": {**frame, "columns": [{**text, "missing": "eval"}]},
        "rows without end": {**frame, "index": {"range": [0, 10**18, 1], "name": None}},
        "rows of text": {**frame, "index": {"range": ["a", "b", "c"], "name": None}},
        "rows in steps of nothing": {**frame, "index": {"range": [0, 2, 0], "name": None}},
        "labels of code": {**frame, "labels": {"list": ["a"], "dtype": "os.system"}},
        "labels without end": {**frame, "labels": {"range": [0, 10**15, 1]}},
        "labels of lists": {**frame, "labels": {**listed, "list": [[1]]}},
        "labels that are missing": {**frame, "labels": None},
        "an index of a pickle": {
            **frame,
            "index": {"as": "pickle", "name": None, "frequency": None},
        },
        "a frequency of code": {
            **frame,
            "index": {
                "as": "text",
                "dtype": "object",
                "missing": None,
                "name": None,
                "frequency": "exec()",
            },
        },
    }
    column = json.dumps(["x", "y"]).encode()
    for words, described in cases.items():
        blobs = {"frame": json.dumps(described).encode(), "column:0": column, "index": column}
        yield Payload("frames", words, "frame", blobs)
    good = json.dumps(frame).encode()
    for words, data in {
        "a column of numbers": b"[1, 2]",
        "a column of lists": b'[["x"], ["y"]]',
        "a column of tables": b'[{"$": "small"}, null]',
        "a column that is a table": b'{"0": "x", "1": "y"}',
        "a column that is a word": b'"xy"',
        "a column of the wrong length": b'["x"]',
        "a column of brackets": b"[" * 100_000,
        "a column that is a pickle": next(bombs(canary))[1],
    }.items():
        yield Payload("frames", words, "frame", {"frame": good, "column:0": data})


def _ipc(table: Any, **options: Any) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, table.schema, options=pa.ipc.IpcWriteOptions(**options)) as writer:
        writer.write_table(table)
    return sink.getvalue()


def _described(table: Any, **kind: Any) -> Any:
    about = json.dumps({"kind": "dataframe", "frequency": None, **kind}).encode()
    return table.replace_schema_metadata({**(table.schema.metadata or {}), b"sluice": about})


def _arrow(canary: str) -> Iterator[Payload]:
    bomb = next(bombs(canary))[1]
    plain = _described(pa.Table.from_pandas(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})))
    zeros = _described(pa.table({"a": np.zeros(50_000_000, "u1")}))
    for codec in ("zstd", "lz4"):
        yield Payload(
            "arrow", f"50 MB by {codec}", "arrow", {"arrow": _ipc(zeros, compression=codec)}
        )
    many = pa.nulls(2 * 10**9)
    yield Payload(
        "arrow",
        "2 billion rows of nothing",
        "arrow",
        {"arrow": _ipc(_described(pa.table({"a": many})))},
    )
    wide = pa.table({f"c{n}": pa.nulls(9_000_000) for n in range(40)})
    yield Payload("arrow", "nothing in 40 columns", "arrow", {"arrow": _ipc(_described(wide))})
    listed = pa.ListArray.from_arrays(pa.array([0, 2 * 10**9], pa.int32()), pa.nulls(2 * 10**9))
    yield Payload(
        "arrow",
        "2 billion of nothing in a list",
        "arrow",
        {"arrow": _ipc(_described(pa.table({"a": listed})))},
    )
    encoded = pa.RunEndEncodedArray.from_arrays(pa.array([2**30], pa.int32()), pa.array([1.5]))
    yield Payload(
        "arrow",
        "a run of a billion",
        "arrow",
        {"arrow": _ipc(_described(pa.table({"a": encoded})))},
    )
    structs = pa.StructArray.from_arrays([pa.nulls(9_000_000)], ["x"])
    yield Payload(
        "arrow",
        "structs of nothing",
        "arrow",
        {"arrow": _ipc(_described(pa.table({"a": structs})))},
    )
    for name in ("arrow.py_extension_type", "evil.type", "arrow.uuid\0"):
        for number, data in enumerate([bomb, b"", b"\0" * 1000]):
            about = {"ARROW:extension:name": name, "ARROW:extension:metadata": data}
            field = pa.field("a", pa.binary(), metadata=about)
            table = _described(pa.table([pa.array([bomb])], schema=pa.schema([field])))
            yield Payload(
                "arrow", f"an extension type {name!r}, {number}", "arrow", {"arrow": _ipc(table)}
            )
    for words, metadata in {
        "no description": {},
        "a description of brackets": {b"sluice": b"[" * 100_000},
        "a description that is a pickle": {b"sluice": bomb},
        "a kind that is none": {b"sluice": b'{"kind": "series", "frequency": null, "name": 1}'},
        "a frequency of code": {b"sluice": b'{"kind": "dataframe", "frequency": "__import__(1)"}'},
        "pandas of brackets": {**plain.schema.metadata, b"pandas": b"[" * 100_000},
        "pandas that is a pickle": {**plain.schema.metadata, b"pandas": bomb},
    }.items():
        table = plain.replace_schema_metadata(metadata)
        yield Payload("arrow", words, "arrow", {"arrow": _ipc(table)})
    good = _ipc(plain)
    yield Payload("arrow", "another beginning", "arrow", {"arrow": b"PARROW1\0" + good[8:]})
    yield Payload("arrow", "the beginning alone", "arrow", {"arrow": good[:16]})
    yield Payload(
        "arrow", "parts of 2 GB", "arrow", {"arrow": good[:12] + b"\xff\xff\xff\x7f" + good[16:]}
    )
    code = json.loads(plain.schema.metadata[b"pandas"])
    for number, kind in enumerate(
        ["object", "os.system", "i4,(99999999999)f8", "Sparse[object]", "category"]
    ):
        for column in code["columns"]:
            column["numpy_type"] = column["pandas_type"] = kind
        table = plain.replace_schema_metadata(
            {**plain.schema.metadata, b"pandas": json.dumps(code).encode()}
        )
        yield Payload(
            "arrow",
            f"columns of a type, {number}",
            "arrow",
            {"arrow": _ipc(table)},
            is_refused=False,
        )
    for number, index in enumerate(
        ["__import__('os')", {"kind": "range", "start": 0, "stop": 10**18, "step": 1, "name": None}]
    ):
        code["index_columns"] = [index]
        table = plain.replace_schema_metadata(
            {**plain.schema.metadata, b"pandas": json.dumps(code).encode()}
        )
        yield Payload(
            "arrow", f"an index, {number}", "arrow", {"arrow": _ipc(table)}, is_refused=False
        )


def _mutations(dice: random.Random) -> Iterator[Payload]:
    """Good values with some bytes changed: they may still be values, and must be nothing worse."""
    plain = _described(pa.Table.from_pandas(pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})))
    one = {"__metadata__": _about(), "a": {"dtype": "F64", "shape": [1], "data_offsets": [0, 8]}}
    good = {
        "arrow": {"arrow": _ipc(plain)},
        "npy": {"npy": _file(np.arange(9.0))},
        "safetensors": {"safetensors": _tensors(one, b"\0" * 8)},
        "json": {"tree": json.dumps([{"$": "tuple", "v": [1, {"$": "set", "v": [2]}]}]).encode()},
    }
    for format, blobs in good.items():
        for number in range(60):
            [(role, data)] = blobs.items()
            changed = bytearray(data)
            for _ in range(dice.randint(1, 6)):
                changed[dice.randrange(len(changed))] = dice.randrange(256)
            cut = bytes(changed[: dice.randint(1, len(changed))] if number % 3 == 0 else changed)
            yield Payload(
                "changed bytes", f"{format} {number}", format, {role: cut}, is_refused=False
            )
