from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest

from sluice.connection import Place, SluiceError, place_from_environment
from sluice.connection.state import prepare_state, read_socket_path


def listen_at(place: Place, path: Path) -> socket.socket:
    prepare_state(place)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    path.chmod(0o600)
    place.endpoint_file.write_text(json.dumps({"version": 1, "unix": str(path)}))
    place.endpoint_file.chmod(0o600)
    return listener


def test_the_default_place_is_named_by_the_host() -> None:
    place = place_from_environment({"HOME": "/home/me"})
    assert place.state == Path("/home/me/.local/state/sluice") / socket.gethostname()
    assert place.config == Path("/home/me/.config/sluice/config.toml")


def test_the_environment_moves_the_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    named = place_from_environment({"SLUICE_STATE": "here", "SLUICE_CONFIG": "my.toml"})
    assert named == Place(state=tmp_path / "here", config=tmp_path / "my.toml")
    moved = place_from_environment({"XDG_CONFIG_HOME": "/c", "XDG_STATE_HOME": "/x"})
    assert moved.state == Path("/x/sluice") / socket.gethostname()
    assert moved.config == Path("/c/sluice/config.toml")
    ignored = place_from_environment({"HOME": "/h", "XDG_STATE_HOME": "relative"})
    assert ignored.state == Path("/h/.local/state/sluice") / socket.gethostname()


def test_the_state_directory_is_made_for_this_person_alone(place: Place) -> None:
    prepare_state(place)
    assert place.state.stat().st_mode & 0o777 == 0o700


def test_a_state_directory_that_others_can_write_to_is_refused(place: Place) -> None:
    place.state.mkdir()
    place.state.chmod(0o777)
    with pytest.raises(SluiceError, match="written to by others"):
        prepare_state(place)


def test_without_an_endpoint_or_socket_nobody_is_there(place: Place) -> None:
    assert read_socket_path(place) is None
    with listen_at(place, place.state / "socket"):
        assert read_socket_path(place) == place.state / "socket"
        (place.state / "socket").unlink()
        assert read_socket_path(place) is None


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"unix": 3}', '{"unix": "socket"}'])
def test_an_endpoint_that_is_not_understood_is_refused(place: Place, text: str) -> None:
    prepare_state(place)
    place.endpoint_file.write_text(text)
    with pytest.raises(SluiceError, match="not understood") as caught:
        read_socket_path(place)
    assert caught.value.code == "service-down"


def test_a_socket_that_others_can_use_is_refused(place: Place) -> None:
    with listen_at(place, place.state / "socket"):
        (place.state / "socket").chmod(0o666)
        with pytest.raises(SluiceError, match="open to others"):
            read_socket_path(place)


def test_a_socket_in_a_folder_that_others_can_write_to_is_refused(place: Place) -> None:
    folder = place.state.parent / "open"
    folder.mkdir()
    with listen_at(place, folder / "socket"):
        folder.chmod(0o777)
        with pytest.raises(SluiceError, match="written to by others"):
            read_socket_path(place)


def test_a_link_or_a_file_instead_of_the_socket_is_refused(place: Place) -> None:
    with listen_at(place, place.state / "real"):
        link = place.state / "link"
        link.symlink_to(place.state / "real")
        place.endpoint_file.write_text(json.dumps({"unix": str(link)}))
        with pytest.raises(SluiceError, match="not a socket"):
            read_socket_path(place)


@pytest.mark.parametrize("umask", [0, 0o077])
def test_all_that_is_made_is_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    place = Place(state=tmp_path / "a" / "b" / "state", config=tmp_path / "c")
    before = os.umask(umask)
    try:
        prepare_state(place)
    finally:
        os.umask(before)
    made = [place.state, place.state.parent, place.state.parent.parent]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o700] * 3


def test_a_state_directory_that_is_a_link_is_refused(place: Place, tmp_path: Path) -> None:
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    place.state.parent.mkdir(parents=True, exist_ok=True)
    place.state.symlink_to(real)
    with pytest.raises(SluiceError, match="is a link") as caught:
        prepare_state(place)
    assert caught.value.code == "store-unusable"
    listener = listen_at(Place(state=real, config=place.config), real / "socket")
    with listener, pytest.raises(SluiceError, match="is a link"):
        read_socket_path(place)


def test_a_folder_above_that_others_can_write_to_is_refused(tmp_path: Path) -> None:
    above = tmp_path / "above"
    place = Place(state=above / "state", config=tmp_path / "c")
    prepare_state(place)
    above.chmod(0o777)
    with pytest.raises(SluiceError, match="could put another directory"):
        prepare_state(place)
    above.chmod(0o1777)
    prepare_state(place)
