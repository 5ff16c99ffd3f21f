from __future__ import annotations

import re
from pathlib import Path

import pytest

from sluice.connection import SluiceError
from sluice.connection.errors import error_table
from sluice.connection.health import PROTOCOL
from sluice.connection.platform import require_supported_platform

SOURCES = Path(__file__).resolve().parents[3] / "src" / "shared"


def test_the_words_are_those_of_the_one_table() -> None:
    source = (SOURCES / "error-table.ts").read_text(encoding="utf-8")
    table = source[source.index("export const ERRORS") : source.index("as const satisfies")]
    codes = re.findall(r"^  '?([a-z-]+)'?: \{$", table, re.MULTILINE)
    assert sorted(error_table()) == sorted(codes)


def test_the_protocol_is_that_of_the_wire() -> None:
    source = (SOURCES / "wire" / "service.ts").read_text(encoding="utf-8")
    assert f"export const PROTOCOL = {PROTOCOL};" in source


def test_places_in_the_words_are_filled_and_missing_ones_show() -> None:
    error = SluiceError.of("target-unknown", target="moon", known="here")
    assert error.message == "There is no target named “moon”."
    assert error.hint == (
        "Use one of: here. Targets are defined in ?; `sluice doctor moon` makes one of a host of "
        "your SSH configuration."
    )
    assert (error.status, error.retry) == (404, False)


def test_a_body_survives_the_way_there_and_back() -> None:
    error = SluiceError.of("service-down", problem="x", log="y")
    again = SluiceError.from_body(error.to_body(), 503)
    assert again.to_body() == error.to_body()


@pytest.mark.parametrize("body", [None, [], {"error": "no"}, {"error": {"message": "no code"}}])
def test_an_answer_without_our_words_still_becomes_an_error(body: object) -> None:
    error = SluiceError.from_body(body, 502)
    assert error.code == "service-down"
    assert "502" in error.message


def test_windows_is_pointed_to_wsl() -> None:
    with pytest.raises(SluiceError, match="WSL 2") as caught:
        require_supported_platform("win32")
    assert caught.value.code == "platform-windows"


def test_a_notebook_shows_the_words_and_no_frames() -> None:
    lines = SluiceError("x", "It is wrong.", "Do this.")._render_traceback_()
    assert [re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines] == [
        "SluiceError: It is wrong.",
        "Do this.",
    ]
