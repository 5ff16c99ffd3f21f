from __future__ import annotations

import hashlib
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from _sluice.kernel.spool import Spool
from _sluice.values import Blob, decode, digest, encode, write_named
from _sluice.values.encoded import PIECE_BYTES

from .notebook import Notebook


@pytest.fixture
def notebook() -> Notebook:
    return Notebook()


PACKAGE = Path(__file__).parents[2]
LARGE = np.arange(700_000, dtype="f8").reshape(700, 1000)


class Restless:
    """Bytes that are other ones each time that somebody looks."""

    nbytes = 2_000_000

    def __init__(self) -> None:
        self._looks = 0

    def pieces(self) -> Any:
        self._looks += 1
        for _ in range(2):
            yield memoryview(bytes([self._looks]) * (self.nbytes // 2))


@pytest.mark.parametrize(
    "array",
    [
        LARGE[:, ::3],
        LARGE[::-2],
        LARGE.T[::2],
        np.zeros((300, 4), dtype=[("a", "i4"), ("b", "M8[s]")])[::2, 1:],
        np.zeros(3, dtype="V3000000")[::2],
        np.broadcast_to(np.arange(3.0), (100_000, 3)),
    ],
    ids=["columns", "reversed rows", "transposed", "records", "one large element", "broadcast"],
)
def test_scattered_arrays_leave_in_small_pieces(array: Any, tmp_path: Path) -> None:
    encoded = encode(array, ["npy"])
    [blob] = encoded.blobs
    assert max(piece.nbytes for piece in blob.pieces()) <= PIECE_BYTES
    name = write_named(blob, tmp_path)
    data = (tmp_path / name).read_bytes()
    assert name == hashlib.sha256(data).hexdigest() == digest(blob)
    assert len(data) == blob.size
    back = decode("npy", {"npy": data}, allowed=["npy"])
    assert back.dtype == array.dtype
    assert back.tobytes() == array.tobytes()


def test_scattered_arrays_in_objects_stay_what_they_are(notebook: Any) -> None:
    part = LARGE[:, ::2]
    value = [part, part, len, {"again": part[1:]}]
    encoded = notebook.encode(value)
    assert encoded.format == "pickle"
    back = notebook.decode(encoded)
    assert back[0] is back[1]
    assert (back[0] == part).all()
    back[0][1, 0] = -1
    assert back[3]["again"][0, 0] == -1
    alone = notebook.decode(notebook.encode([part, part, len]))
    assert alone[0] is alone[1]
    assert (alone[0] == part).all()
    assert alone[0].flags.writeable


def test_the_order_of_an_array_is_kept() -> None:
    array = np.asfortranarray(LARGE)
    back = decode("npy", {"npy": encode(array, ["npy"]).blobs[0].joined()}, allowed=["npy"])
    assert back.flags.f_contiguous
    assert (back == array).all()


def test_a_value_that_changes_meanwhile_gives_no_blob_of_another_name(tmp_path: Path) -> None:
    folder = tmp_path / "blobs"
    spool = Spool(str(tmp_path))
    restless = Blob("npy", (Restless(),))
    for _ in range(2):
        # The second time there is a file of its size.
        [written] = spool.write(encoded_as(restless))
        data = (folder / written["sha256"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == written["sha256"]
    assert [path.suffix for path in folder.iterdir()] == [""] * 2


def encoded_as(*blobs: Blob) -> Any:
    from _sluice.values import Encoded

    return Encoded("npy", "numpy.ndarray", blobs)


@pytest.mark.parametrize("array", [LARGE, LARGE[::2], np.arange(10)])
def test_what_is_stored_already_is_not_written_again(
    array: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    spool = Spool(str(tmp_path))
    first = spool.write(encode(array, ["npy"]))
    # Whoever writes now fails.
    monkeypatch.setattr(secrets, "token_hex", None)
    assert spool.write(encode(array.copy(), ["npy"])) == first


def test_an_array_of_the_same_size_is_another_blob(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path))
    other = LARGE.copy()
    # Where no sample is taken.
    other[350, 501] += 1
    names = {spool.write(encode(a, ["npy"]))[0]["sha256"] for a in (LARGE, other, LARGE + 1)}
    assert len(names) == 3 == len(list((tmp_path / "blobs").iterdir()))


def test_a_blob_that_was_cut_short_is_written_anew(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path))
    [written] = spool.write(encode(LARGE, ["npy"]))
    place = tmp_path / "blobs" / written["sha256"]
    place.write_bytes(place.read_bytes()[:-1])
    assert spool.write(encode(LARGE, ["npy"])) == [written]
    assert place.stat().st_size == written["bytes"]


PEAK = """
import resource, sys
from types import ModuleType
carrier = ModuleType("_sluice")
carrier.__path__ = [{package!r}]
sys.modules["_sluice"] = carrier
import numpy as np
from _sluice.kernel import capture
names = {{"__name__": "__main__", "np": np}}
exec({made!r}, names)
capture("1", namespace=names, spool={spool!r}, nonce_path={nonce!r}, max_bytes=10**10)
warm = np.ones(2_000_000)
names["warm"] = warm
capture("warm", namespace=names, spool={spool!r}, nonce_path={nonce!r}, max_bytes=10**10)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
answer = capture("big", namespace=names, spool={spool!r}, nonce_path={nonce!r}, max_bytes=10**10)
[value] = answer["values"]
assert value["bytes"] > 200_000_000, value
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


@pytest.mark.parametrize(
    "made",
    [
        "big = np.ones(25_000_000)",
        "big = np.ones((5000, 10_000))[:, ::2]",
        "big = {'a': np.ones(12_500_000), 'b': {1: np.ones(12_500_000)}, 'c': open}",
        "big = [np.ones((5000, 10_000))[:, ::2], open]",
        "big = (bytes(210_000_000), 1)",
        "import pandas as pd\nbig = pd.DataFrame({'a': np.ones(12_500_000), 'b': 1.0})",
    ],
    ids=["array", "strided", "object", "strided in an object", "bytes", "frame"],
)
def test_large_values_leave_without_a_second_copy(made: str, tmp_path: Path) -> None:
    nonce = tmp_path / "nonce"
    nonce.write_text("0123456789abcdef\n")
    script = PEAK.format(package=str(PACKAGE), made=made, spool=str(tmp_path), nonce=str(nonce))
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 20_000_000


def test_small_blobs_do_not_wait_for_the_disk(tmp_path: Path, monkeypatch: Any) -> None:
    # Whoever waits fails.
    monkeypatch.setattr(os, "fsync", None)
    spool = Spool(str(tmp_path))
    [written] = spool.write(encode(np.arange(10), ["npy"]))
    assert (tmp_path / "blobs" / written["sha256"]).stat().st_size == written["bytes"]


def test_a_small_blob_that_lost_its_bytes_is_written_anew(tmp_path: Path) -> None:
    spool = Spool(str(tmp_path))
    encoded = encode(np.arange(10), ["npy"])
    [written] = spool.write(encoded)
    place = tmp_path / "blobs" / written["sha256"]
    place.write_bytes(bytes(written["bytes"]))
    assert spool.write(encoded) == [written]
    assert place.read_bytes() == encoded.blobs[0].joined()
