from __future__ import annotations

from pathlib import Path

import pytest

import sluice
from sluice.connection import SluiceError


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("SLUICE_CONFIG", str(path))
    return path


def test_a_named_path_is_that_of_this_machine(config: Path) -> None:
    config.write_text('[targets.here.paths]\ndata = "/scratch/me"\n[targets.x.paths]\ndata = "/y"')
    assert sluice.path("data") == "/scratch/me"


def test_the_project_s_file_wins_key_by_key(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('[targets.here.paths]\ndata = "/mine"\nother = "/other"')
    deep = tmp_path / "project" / "deep"
    deep.mkdir(parents=True)
    (tmp_path / "project" / "sluice.toml").write_text('[targets.here.paths]\ndata = "/ours"')
    monkeypatch.chdir(deep)
    assert [sluice.path("data"), sluice.path("other")] == ["/ours", "/other"]


@pytest.mark.parametrize(
    ("text", "known"),
    [(None, "none"), ("[targets.x]", "none"), ('[targets.here.paths]\na = "/b"', "a")],
)
def test_an_unknown_path_is_refused_in_words(config: Path, text: str | None, known: str) -> None:
    if text is not None:
        config.write_text(text)
    with pytest.raises(KeyError, match=f"it has: {known}") as caught:
        sluice.path("data")
    assert str(config) in str(caught.value)


@pytest.mark.parametrize("text", ["targets = [", "targets = 3", "targets.here.paths = 3"])
def test_a_broken_configuration_is_refused_in_words(config: Path, text: str) -> None:
    config.write_text(text)
    with pytest.raises(SluiceError, match="cannot be used") as caught:
        sluice.path("data")
    assert caught.value.code == "config-invalid"


def test_there_is_no_task_here() -> None:
    assert sluice.task() is None  # type: ignore[func-returns-value]


def test_metrics_are_checked() -> None:
    sluice.metric("loss", 0.5, 3)
    with pytest.raises((TypeError, ValueError)):
        sluice.metric("loss", "high")  # type: ignore[arg-type]


def test_on_interrupt_gives_its_function_back() -> None:
    def save() -> None: ...

    assert sluice.on_interrupt(save) is save
    with pytest.raises(TypeError):
        sluice.on_interrupt(3)  # type: ignore[type-var]
