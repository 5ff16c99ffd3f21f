"""Dicts of arrays for real; tensors with a stand-in, since torch itself is too large to be here."""

from __future__ import annotations

import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from _sluice.values import CannotDecodeError, decode, encode

from .notebook import blobs_of

FORMATS = ["safetensors", "json", "npy", "pickle"]
GRID = np.arange(12.0).reshape(3, 4)

DICTS = {
    "one": {"a": GRID},
    "order of keys": {"b": np.arange(3, dtype="i1"), "a": GRID, "ü": np.array([True])},
    "not contiguous": {"a": GRID[:, ::2], "b": GRID[::-1].copy()[1:]},
    "empty and without dimensions": {"a": np.empty((0, 3)), "b": np.array(7, dtype="u2")},
    "ordered": OrderedDict([("z", GRID), ("a", GRID + 1)]),
}


@pytest.mark.parametrize("case", DICTS)
def test_dicts_of_arrays_are_files_that_the_library_reads(case: str) -> None:
    value = DICTS[case]
    encoded = encode(value, FORMATS)
    assert encoded.format == "safetensors"
    [blob] = encoded.blobs
    theirs = safetensors.numpy.load(blob.joined())
    ours = decode("safetensors", blobs_of(encoded), allowed=FORMATS)
    assert type(ours) is type(value)
    assert list(ours) == list(value)
    for key, array in value.items():
        for found in (theirs[key], ours[key]):
            assert (found.dtype, found.shape) == (array.dtype, array.shape)
            assert (found == array).all()
        assert ours[key].flags.writeable


@pytest.mark.parametrize(
    "value",
    [
        {"a": GRID, "b": GRID},
        {"a": GRID, "b": GRID[1:]},
        {"a": np.asfortranarray(GRID)},
        {"a": GRID.astype(">f8")},
        {"a": GRID, "b": 1},
        {1: GRID},
        {"__metadata__": GRID},
        {"a": np.array(["x"])},
        {},
    ],
    ids=["twice", "view", "fortran", "big endian", "mixed", "number", "reserved", "text", "empty"],
)
def test_what_safetensors_would_change_is_not_safetensors(value: Any) -> None:
    encoded = encode(value, FORMATS)
    assert encoded.format != "safetensors"
    assert list(decode(encoded.format, blobs_of(encoded), allowed=FORMATS)) == list(value)


@pytest.mark.parametrize("cut", [4, 40, -8])
def test_a_damaged_file_is_refused(cut: int) -> None:
    data = encode({"a": GRID}, FORMATS).blobs[0].joined()[:cut]
    with pytest.raises(CannotDecodeError):
        decode("safetensors", {"safetensors": bytearray(data)}, allowed=FORMATS)


TENSORS = """
import sys
from types import ModuleType
sys.path.insert(0, {tests!r})
carrier = ModuleType("_sluice")
carrier.__path__ = [{package!r}]
sys.modules["_sluice"] = carrier
from collections import OrderedDict
import numpy as np
from stand_in_torch import install
torch = install()
from _sluice.values import CannotEncodeError, decode, encode
FORMATS = ["safetensors", "json", "npy"]
def back(value):
    encoded = encode(value, FORMATS)
    blobs = {{blob.role: bytearray(blob.joined()) for blob in encoded.blobs}}
    return encoded.format, decode(encoded.format, blobs, allowed=FORMATS)
T, P = torch.Tensor, torch.nn.Parameter
GRID = np.arange(12.0).reshape(3, 4)
"""

CASES = {
    "a tensor": """
format, tensor = back(T(GRID))
assert format == "safetensors", format
assert type(tensor) is T and (tensor.numpy() == GRID).all()
""",
    "a state dict": """
state = OrderedDict(w=P(T(GRID)), b=T(np.zeros((0, 2), "f4")), n=P(T(np.arange(2)), False))
format, found = back(state)
assert format == "safetensors" and type(found) is OrderedDict and list(found) == ["w", "b", "n"]
assert type(found["w"]) is P and found["w"].requires_grad and not found["n"].requires_grad
assert found["b"].shape == (0, 2) and repr(found["b"].dtype) == "torch.float32"
""".replace('"f4"', '"f8"').replace("torch.float32", "torch.float64"),
    "versions of a state dict": """
state = OrderedDict(w=T(GRID))
state._metadata = OrderedDict([("", {"version": 1})])
_, found = back(state)
assert found._metadata == state._metadata and type(found._metadata) is OrderedDict
""",
    "sixteen bits": """
bits = np.arange(5, dtype="u2")
_, found = back({"w": T(bits, torch.bfloat16)})
assert repr(found["w"].dtype) == "torch.bfloat16" and (found["w"].numpy() == bits).all()
""",
    "on a device": """
_, found = back({"a": T(GRID, device="cuda:0"), "b": T(GRID + 1, device="cuda:7")})
assert str(found["a"].device) == "cuda:0" and (found["a"].numpy() == GRID).all()
# There is no such device here.
assert str(found["b"].device) == "cpu"
""",
    "on no device": """
try:
    back(T(GRID, device="meta"))
except CannotEncodeError as refusal:
    assert "meta" in str(refusal) and ".cpu()" in str(refusal)
else:
    raise AssertionError
""",
    "in a tree": """
format, found = back([("weights", {"w": T(GRID)}, T(GRID))])
assert format == "json" and (found[0][1]["w"].numpy() == GRID).all()
""",
    "tied": """
for value in ({"a": T(GRID), "b": T(GRID)},):
    format, _ = back(value)
    assert format == "json", format
""",
    "without torch": """
encoded = encode({"a": T(GRID)}, FORMATS)
blobs = {blob.role: bytearray(blob.joined()) for blob in encoded.blobs}
sys.modules["torch"] = None
from _sluice.values import CannotDecodeError
try:
    decode("safetensors", blobs, allowed=FORMATS)
except CannotDecodeError as refusal:
    assert "torch" in str(refusal)
else:
    raise AssertionError
""",
}


@pytest.mark.parametrize("case", CASES)
def test_tensors_travel_without_code(case: str) -> None:
    folder = Path(__file__).parent
    start = TENSORS.format(tests=str(folder), package=str(folder.parents[1]))
    done = subprocess.run(
        [sys.executable, "-c", start + CASES[case]],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
