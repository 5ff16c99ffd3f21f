from __future__ import annotations

import hashlib
from typing import Any

from .host import TYPED, Done, Host

LIMITS = {"homeBytes": 1_000_000, "eventBytes": 20_000, "textBytes": 50_000}


def run(host: Host, source: str, **limits: int) -> Done:
    return host.run(source, limits={**LIMITS, **limits})


def spilled(done: Done, output: dict[str, Any]) -> dict[str, tuple[str, bytes]]:
    """The form and the checked bytes of each representation that is in a file."""
    found = {}
    for one in output["spilled"]:
        path = done.attempt / "outputs" / one["sha256"]
        data = path.read_bytes()
        assert hashlib.sha256(data).hexdigest() == one["sha256"]
        assert (len(data), path.stat().st_mode & 0o777) == (one["bytes"], 0o600)
        found[one["mime"]] = (one["form"], data)
    return found


SHOW = (
    "class Shown:\n"
    "    def __init__(self, bundle): self.bundle = bundle\n"
    "    def __repr__(self): return 'small'\n"
    "    def _repr_mimebundle_(self, **_): return self.bundle\n"
)


def test_what_is_too_large_for_an_event_is_a_file(either: Host) -> None:
    done = run(
        either,
        SHOW + "import base64\npicture = bytes(range(256)) * 100\n"
        "display(Shown({'text/html': '\\u00e9' * 15_000, 'image/png': picture,\n"
        "    'image/jpeg': base64.b64encode(picture).decode(), 'image/svg+xml': '<svg/>',\n"
        "    'application/json': {'a': list(range(9000))}}))",
    )
    [shown] = done.of("display_data")
    assert set(shown["data"]) == {"text/plain", "image/svg+xml"}
    files = spilled(done, shown)
    assert files["text/html"] == ("text", ("é" * 15_000).encode())
    picture = bytes(range(256)) * 100
    assert files["image/png"] == files["image/jpeg"] == ("base64", picture)
    assert files["application/json"][0] == "json"
    assert shown["data"]["text/plain"].startswith("small\n[")
    for mime in files:
        assert mime in shown["data"]["text/plain"]
    sizes = [len(line) for line in (done.attempt / "events.jsonl").read_bytes().splitlines()]
    assert max(sizes) <= 20_000
    assert done.end["status"] == "ok"


def test_text_that_is_too_large_for_an_event_is_a_file(either: Host) -> None:
    done = run(either, "'x' * 100_000")
    [result] = done.of("execute_result")
    assert list(result["data"]) == ["text/plain"]
    assert "kept as a file" in result["data"]["text/plain"]
    assert len(spilled(done, result)["text/plain"][1]) == 100_002


def test_what_fits_is_no_file(either: Host) -> None:
    done = run(either, "'x' * 1000")
    assert "spilled" not in done.of("execute_result")[0]
    assert not (done.attempt / "outputs").exists()


def test_text_beyond_its_limit_goes_to_a_file_alone(either: Host) -> None:
    done = run(either, "import sys\nfor n in range(20_000): print(n)\nsys.stderr.write('last\\n');")
    whole = "".join(f"{n}\n" for n in range(20_000))
    first, second = done.of("overflow")
    written = (done.attempt / "overflow.log").read_text()
    assert (first, second) == (
        {"path": "overflow.log", "bytes": None},
        {"path": "overflow.log", "bytes": len(written)},
    )
    types = [line["type"] for line in done.lines]
    begun = types.index("overflow")
    told = "".join(line["data"]["text"] for line in done.lines[:begun] if line["type"] == "stream")
    assert len(told) == 50_000
    assert told + written == whole + "last\n"
    # The last words come again as events, at the very end.
    again = types.index("overflow", begun + 1)
    streams = [line["data"] for line in done.lines[begun:] if line["type"] == "stream"]
    assert types[again:] == ["overflow", *["stream"] * len(streams), "finished"]
    tail = "".join(data["text"] for data in streams)
    assert len(tail) == 16 * 1024
    assert written.endswith(tail)
    assert streams[-1] == {"name": "stderr", "text": "last\n"}
    assert (done.attempt / "overflow.log").stat().st_mode & 0o777 == 0o600
    assert done.end["status"] == "ok"


def test_text_of_children_counts_as_well(either: Host) -> None:
    done = run(either, "import subprocess\nsubprocess.run(['seq', '20000']);")
    told = done.of("overflow")
    assert [data["bytes"] is None for data in told] == [True, False]
    assert (done.attempt / "overflow.log").read_text().endswith("\n20000\n")
    assert done.text().endswith("\n20000\n")


def test_characters_are_not_cut(either: Host) -> None:
    done = run(either, "print('\\u20ac' * 40_000, end='')", textBytes=50_001)
    written = (done.attempt / "overflow.log").read_text("utf-8")
    assert len(written) == 40_000 - 50_001 // 3
    assert "\ufffd" not in done.text()


def test_displays_go_on_beyond_the_limit_of_text(either: Host) -> None:
    done = run(either, SHOW + "print('x' * 60_000)\ndisplay(Shown({}))\nprint('end')")
    assert len(done.of("display_data")) == 1
    assert done.text().endswith("end\n")


def test_the_limit_has_a_value_of_its_own(either: Host) -> None:
    limits = {"homeBytes": 1_000_000, "eventBytes": 1_000_000}
    done = either.run("print('x' * 17 * 2**20)", limits=limits, accepts=TYPED)
    first = done.of("overflow")[0]
    assert first["bytes"] is None
    assert (done.attempt / "overflow.log").stat().st_size == 2**20 + 1
