"""Questions of logins in a real kernel, answered over its front end's stdin channel."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import pytest
from jupyter_client.manager import KernelManager

from sluice.connection import Client, Launcher, Place
from sluice.tests.magics.conftest import PACKAGE, Story
from sluice.tests.until import until

STREAM = {"type": "stream", "data": {"name": "stdout", "text": "there\n"}}
NEEDS_LOGIN = {
    "code": "needs-login",
    "message": "The host moon asks for a login: nobody answered.",
    "hint": "Press “Log in”, or run `sluice login moon` in a terminal.",
    "token": None,
}


def prompt(**more: Any) -> dict[str, Any]:
    return {
        "id": "p1",
        "target": "moon",
        "host": "moon.example.org",
        "kind": "question",
        "text": "Two factors\x1b[2J",
        "fields": [{"label": "Code:", "secret": True}],
        "hostKey": None,
        "openedAt": 0,
        "expiresAt": 1,
        "isShown": False,
        **more,
    }


class Execute(Protocol):
    def __call__(self, source: str, *answers: str, has_front_end: bool = True) -> Told: ...


class Told:
    """What a front end got from one cell."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.texts: list[str] = []
        self.error = ""

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def hear(self, message: dict[str, Any]) -> None:
        content = message["content"]
        if message["msg_type"] == "stream":
            self.texts.append(content["text"])
        elif message["msg_type"] == "error":
            self.error = f"{content['ename']}: {content['evalue']}"


@pytest.fixture
def kernel(place: Place, tmp_path: Path) -> Iterator[KernelManager]:
    manager = KernelManager(kernel_name="python3")
    environment = {
        **os.environ,
        "SLUICE_STATE": str(place.state),
        "SLUICE_CONFIG": str(place.config),
        "PYTHONPATH": str(PACKAGE.parent),
    }
    manager.start_kernel(env=environment, cwd=str(tmp_path))
    yield manager
    manager.shutdown_kernel(now=True)


@pytest.fixture
def execute(kernel: KernelManager) -> Iterator[Execute]:
    """Execute a cell; each question of the kernel gets the next answer."""
    client = kernel.blocking_client()
    client.start_channels()
    client.wait_for_ready(timeout=60)

    def run(source: str, *answers: str, has_front_end: bool = True) -> Told:
        told, left = Told(), list(answers)

        def answer(message: dict[str, Any]) -> None:
            content = message["content"]
            told.asked.append((content["prompt"], content["password"]))
            if left:
                client.input(left.pop(0))
            else:
                kernel.interrupt_kernel()

        client.execute_interactive(
            source,
            allow_stdin=has_front_end,
            stdin_hook=answer if has_front_end else None,
            output_hook=told.hear,
            timeout=60,
        )
        return told

    run("%load_ext sluice")
    yield run
    client.stop_channels()


def seen_twice(place: Place) -> bool:
    """Whether the kernel has come back after it was shown the question."""
    batches = place.state / "batches"
    return batches.exists() and len(batches.read_text()) > 1


def answered(place: Place) -> Any:
    return json.loads((place.state / "answered.json").read_text())["answers"]


def test_a_cell_asks_without_showing_what_is_typed(
    story: Story, execute: Execute, place: Place
) -> None:
    story(STREAM, prompts=[prompt()])
    told = execute("%%slurm moon\nprint('there')", "493017")
    assert told.error == ""
    assert told.text == "there\n"
    ((question, is_hidden),) = told.asked
    assert "moon.example.org asks for a login" in question
    assert "Two factors" in question
    assert question.endswith("Code: ")
    assert "\x1b" not in question
    assert is_hidden
    assert answered(place) == ["493017"]


def test_each_field_is_asked_and_none_is_shown(
    story: Story, execute: Execute, place: Place
) -> None:
    fields = [{"label": "Password of me", "secret": True}, {"label": "Option?", "secret": False}]
    story(STREAM, prompts=[prompt(fields=fields)])
    told = execute("%%slurm moon\n1", "word", "1")
    assert [question.splitlines()[-1] for question, _ in told.asked] == [
        "Password of me: ",
        "Option? ",
    ]
    # What is not secret would still stay in the cell's outputs.
    assert [is_hidden for _, is_hidden in told.asked] == [True, True]
    assert answered(place) == ["word", "1"]


@pytest.mark.parametrize(("typed", "expected"), [("yes", []), ("y", None)])
def test_a_new_host_key_is_taken_by_the_whole_word(
    story: Story, execute: Execute, place: Place, typed: str, expected: Any
) -> None:
    key = {"algorithm": "ED25519", "fingerprint": "SHA256:abc", "knownHosts": "kh"}
    story(STREAM, prompts=[prompt(kind="host-key", fields=[], hostKey=key)])
    told = execute("%%slurm moon\n1", typed)
    assert "ED25519 SHA256:abc" in told.asked[0][0]
    assert answered(place) == expected


def test_the_page_that_shows_a_question_is_not_asked_twice(
    story: Story, execute: Execute, place: Place
) -> None:
    story(STREAM, prompts=[prompt(isShown=True)])
    with ThreadPoolExecutor(1) as pool:
        executed = pool.submit(execute, "%%slurm moon\n1")
        until(lambda: seen_twice(place))
        # As the page does.
        Client(Launcher(place)).answer_prompt("p1", ["by the page"])
        told = executed.result(60)
    assert told.asked == []
    assert told.text.count("answer in the dialog of this page") == 1
    assert answered(place) == ["by the page"]


def test_without_a_front_end_the_cell_waits_and_says_how_to_log_in(
    story: Story, execute: Execute, place: Place
) -> None:
    story(STREAM, prompts=[prompt()], reason=NEEDS_LOGIN)
    with ThreadPoolExecutor(1) as pool:
        executed = pool.submit(execute, "%%slurm moon\n1", has_front_end=False)
        until(lambda: seen_twice(place))
        Client(Launcher(place)).answer_prompt("p1", None)
        told = executed.result(60)
    assert (told.error, told.asked) == ("", [])
    assert told.text.count("run `sluice login moon` in a terminal. The cell waits meanwhile") == 1
    assert told.text.count("nobody answered. Press “Log in”") == 1
    assert told.text.endswith("there\n")


def test_an_interrupt_at_the_question_gives_the_login_up_and_ends_the_task(
    story: Story, execute: Execute, place: Place
) -> None:
    story(STREAM, prompts=[prompt()])
    told = execute("%%slurm moon\n1")
    assert len(told.asked) == 1
    assert "KeyboardInterrupt" in told.error
    assert answered(place) is None


def test_the_line_magic_logs_in(story: Story, execute: Execute, place: Place) -> None:
    story(STREAM, prompts=[prompt()])
    told = execute("%sluice login moon", "493017")
    assert (told.error, told.text) == (
        "",
        "Logged in to moon; the service keeps the connection.\n",
    )
    assert answered(place) == ["493017"]
    assert "x-sluice-unattended" not in json.loads((place.state / "login.json").read_text())


def test_a_front_end_that_cannot_ask_says_so_to_the_service(
    story: Story, execute: Execute, place: Place
) -> None:
    story(STREAM)
    execute("%sluice login moon", has_front_end=False)
    headers = json.loads((place.state / "login.json").read_text())
    assert headers["x-sluice-unattended"] == "1"


def test_an_interrupt_ends_the_wait_for_a_login(
    story: Story, execute: Execute, place: Place, kernel: KernelManager
) -> None:
    story(STREAM, prompts=[prompt(target="mars")])
    with ThreadPoolExecutor(1) as pool:
        executed = pool.submit(execute, "%sluice login moon")
        until(lambda: (place.state / "login.json").exists())
        kernel.signal_kernel(signal.SIGINT)
        told = executed.result(60)
    assert "KeyboardInterrupt" in told.error
    until(lambda: (place.state / "left").exists())


def test_a_dry_run_asks_too(story: Story, execute: Execute, place: Place) -> None:
    story(STREAM, prompts=[prompt()], plan=None)
    told = execute("%%slurm moon --dry-run\n1", "493017")
    assert len(told.asked) == 1
    assert answered(place) == ["493017"]


def test_the_doctor_asks_too(story: Story, execute: Execute, place: Place) -> None:
    story(STREAM, prompts=[prompt()])
    told = execute("%sluice doctor moon", "493017")
    assert told.error == ""
    assert len(told.asked) == 1
    assert answered(place) == ["493017"]
