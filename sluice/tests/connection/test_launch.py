from __future__ import annotations

import dataclasses
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sluice.connection import Client, Launcher, Place, SluiceError
from sluice.connection.health import probe
from sluice.connection.node import find_node
from sluice.connection.start import service_environment
from sluice.connection.unix_http import Request
from sluice.tests.connection.fake import pid_of


def test_the_first_caller_starts_it_and_the_next_uses_it(launcher: Launcher) -> None:
    first = launcher.ensure()
    assert launcher.ensure() == first


def test_it_is_detached_from_its_starter(launcher: Launcher) -> None:
    pid = launcher.ensure().pid
    assert os.getsid(pid) == pid
    assert Path(f"/proc/{pid}/fd/0").readlink() == Path("/dev/null")


def test_two_starters_at_once_meet_at_one_service(launcher: Launcher, place: Place) -> None:
    # The loser of the race leaves with status 0, as the one here always does.
    barrier = threading.Barrier(2, timeout=20)

    def win() -> int:
        barrier.wait()
        return launcher.ensure().pid

    def lose() -> int:
        environment = {**os.environ, "FAKE_START": "loses"}
        code = (
            "import sys; from pathlib import Path;"
            "from sluice.connection import Launcher, Place;"
            "p = Place(Path(sys.argv[1]), Path(sys.argv[2]));"
            "print(Launcher(p, entry=Path(sys.argv[3]), version='1.0.0').ensure().pid)"
        )
        barrier.wait()
        arguments = [str(place.state), str(place.config), str(launcher.entry)]
        command = [sys.executable, "-c", code, *arguments]
        return int(subprocess.run(command, check=True, env=environment, capture_output=True).stdout)

    with ThreadPoolExecutor(2) as pool:
        winner, loser = pool.submit(win), pool.submit(lose)
        assert winner.result(60) == loser.result(60)


def test_one_that_cannot_start_says_why(
    launcher: Launcher, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_START", "fails")
    with pytest.raises(SluiceError, match="the disk is full") as caught:
        launcher.ensure()
    assert caught.value.code == "service-down"
    assert str(place.log_file) in caught.value.hint
    assert "the disk is full" in place.startup_log_file.read_text()


def test_one_that_stays_silent_is_ended(
    launcher: Launcher, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_START", "silent")
    with pytest.raises(SluiceError, match="did not start within"):
        dataclasses.replace(launcher, start_timeout_s=1.0).ensure()
    assert not place.endpoint_file.exists()


def test_a_missing_program_is_said(launcher: Launcher, tmp_path: Path) -> None:
    with pytest.raises(SluiceError, match="missing"):
        dataclasses.replace(launcher, entry=tmp_path / "none.cjs").ensure()


@pytest.mark.parametrize(
    ("name", "value"), [("FAKE_VERSION", "0.9.12"), ("FAKE_PROTOCOL", "0"), ("FAKE_PROTOCOL", "2")]
)
def test_an_older_one_or_one_of_another_protocol_is_replaced(
    launcher: Launcher, place: Place, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    node = find_node()
    from sluice.connection.start import start_service

    start_service(place, node, 20, launcher.entry)
    old = probe(place)
    assert old is not None
    monkeypatch.delenv(name)
    new = launcher.ensure()
    assert new.pid != old.pid
    assert (place.state / "drained").exists()


def test_a_newer_one_of_the_same_protocol_is_used(
    launcher: Launcher, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_VERSION", "1.0.1")
    first = launcher.ensure()
    assert launcher.ensure().pid == first.pid
    assert not (place.state / "drained").exists()


def test_one_that_is_always_too_old_is_not_replaced_for_ever(
    launcher: Launcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_VERSION", "0.1.0")
    with pytest.raises(SluiceError, match="again and again"):
        launcher.ensure()


def test_the_starters_tokens_are_not_handed_on(place: Place) -> None:
    environ = {"JUPYTERHUB_API_TOKEN": "x", "JPY_API_TOKEN": "x", "SSH_AUTH_SOCK": "/a"}
    assert service_environment(place, environ) == {
        "SSH_AUTH_SOCK": "/a",
        "SLUICE_STATE": str(place.state),
        "SLUICE_CONFIG": str(place.config),
    }


def test_a_request_meets_a_new_service_after_a_kill(launcher: Launcher, place: Place) -> None:
    client = Client(launcher)
    before = client.call(Request("GET", "/api/echo"))["pid"]
    os.kill(pid_of(place), signal.SIGKILL)
    assert client.call(Request("GET", "/api/echo"))["pid"] != before


def test_a_request_survives_a_service_that_dies_under_it(launcher: Launcher) -> None:
    pauses: list[float] = []
    client = Client(launcher, sleep=pauses.append)
    pid = client.call(Request("POST", "/api/dies-once", {}))["pid"]
    assert client.call(Request("GET", "/api/echo"))["pid"] == pid
    assert len(pauses) >= 1


def test_a_request_carries_its_configuration_and_its_body(launcher: Launcher, place: Place) -> None:
    seen = Client(launcher).call(Request("POST", "/api/echo", {"ä": 1}))
    assert seen["headers"]["x-sluice-config"].encode("latin-1").decode() == str(place.config)
    assert seen["headers"]["content-type"] == "application/json"
    assert seen["body"] == '{"\\u00e4": 1}'


def test_a_refusal_keeps_its_words(launcher: Launcher) -> None:
    with pytest.raises(SluiceError) as caught:
        Client(launcher).call(Request("GET", "/api/refuse"))
    assert (caught.value.code, caught.value.status) == ("target-unknown", 404)
    assert str(caught.value) == "There is none.\nMake one."


def test_an_answer_without_json_is_an_error(launcher: Launcher) -> None:
    with pytest.raises(SluiceError, match="500"):
        Client(launcher).call(Request("GET", "/api/words"))
