"""Questions of logins, asked by the kernel's front end while a magic waits."""

from __future__ import annotations

import getpass
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from typing import Any, Callable, TypeVar

from IPython.core.interactiveshell import InteractiveShell

from ..connection import Client, SluiceError
from ..connection.unix_http import Abort

Answer = TypeVar("Answer")

_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
# Between two looks: work that is done sooner asks nobody.
_LOOK_S = 0.3
_YES = "Type yes to go on, anything else to give the login up: "


def can_ask(shell: InteractiveShell) -> bool:
    """Tell whether a person can be asked by `input`: the front end that runs this cell says so."""
    kernel = getattr(shell, "kernel", None)
    if kernel is None:
        return sys.stdin is not None and sys.stdin.isatty()
    return bool(getattr(kernel, "_allow_stdin", False))


class Prompts:
    """Asks the questions of logins, each once.

    Parameters
    ----------
    client : Client
        Where the answers go.
    shell : InteractiveShell
        Whose front end is asked.
    """

    def __init__(self, client: Client, shell: InteractiveShell) -> None:
        self._client = client
        self._shell = shell
        self._told: set[tuple[str, bool]] = set()

    def heed(self, prompts: Sequence[dict[str, Any]], target: str | None) -> None:
        """Ask what the login to a target asks; what others wait for is theirs to answer."""
        for prompt in prompts:
            key = (prompt["id"], prompt["isShown"])
            if key in self._told or prompt["target"] != target:
                continue
            self._told.add(key)
            host = _line(prompt["host"])
            if prompt["isShown"]:
                _say(f"The host {host} asks for a login; answer in the dialog of this page.")
            elif can_ask(self._shell):
                self._ask(prompt)
            else:
                _say(
                    f"The host {host} asks for a login, and this front end cannot ask you: "
                    f"run `sluice login {target}` in a terminal. The cell waits meanwhile."
                )

    def during(self, target: str | None, call: Callable[[Abort], Answer]) -> Answer:
        """Make a call that may wait for a login, and ask what it asks meanwhile.

        Parameters
        ----------
        target : str, optional
            Whose login it may wait for; None: any.
        call : Callable
            Runs in a thread of its own; an interrupt ends it.
        """
        abort = Abort()
        work = _start(call, abort)
        try:
            while not wait([work], _LOOK_S).done:
                prompts = self._client.prompts()
                for name in {target or prompt["target"] for prompt in prompts}:
                    self.heed(prompts, name)
        except BaseException:
            abort.now()
            raise
        return work.result()

    @contextmanager
    def answering(self, target: str | None) -> Iterator[None]:
        """Ask what logins ask, whichever call of the client it is that waits."""
        before = self._client.waiter
        self._client.waiter = lambda call: self.during(target, call)
        try:
            yield
        finally:
            self._client.waiter = before

    def _ask(self, prompt: dict[str, Any]) -> None:
        """Ask the person; an interrupt gives the login up, and goes on to whoever waits."""
        answers: list[str] | None = None
        try:
            answers = self._answers(prompt)
        except EOFError:
            answers = None
        except KeyboardInterrupt:
            self._answer(prompt, None)
            raise
        self._answer(prompt, answers)

    def _answers(self, prompt: dict[str, Any]) -> list[str] | None:
        words = _introduction(prompt)
        if not prompt["fields"]:
            return [] if input(f"{words}\n{_YES}").strip() == "yes" else None
        answers = []
        for field in prompt["fields"]:
            label = f"{words}\n{_label(field['label'])} ".lstrip("\n")
            # A notebook keeps what `input` gets in the cell's outputs: no place for a code.
            in_notebook = getattr(self._shell, "kernel", None) is not None
            is_hidden = field["secret"] or in_notebook
            answers.append(getpass.getpass(label) if is_hidden else input(label))
            words = ""
        return answers

    def _answer(self, prompt: dict[str, Any], answers: list[str] | None) -> None:
        try:
            self._client.answer_prompt(prompt["id"], answers)
        except SluiceError as error:
            if error.code != "prompt-over":
                raise
            _say(error.message)


def _start(call: Callable[[Abort], Answer], abort: Abort) -> Future[Answer]:
    """Make the call in a thread of its own."""
    future: Future[Answer] = Future()

    def run() -> None:
        try:
            future.set_result(call(abort))
        except BaseException as error:  # noqa: BLE001 (raised again where the call was asked for)
            future.set_exception(error)

    # A daemon: a person who interrupts does not wait for it.
    threading.Thread(target=run, daemon=True).start()
    return future


def _introduction(prompt: dict[str, Any]) -> str:
    host, text = _line(prompt["host"]), _CONTROLS.sub(" ", prompt["text"]).strip()
    key = prompt["hostKey"]
    if key is None:
        return "\n".join(filter(None, (f"The host {host} asks for a login.", text)))
    about = f"{_line(key['algorithm'])} {_line(key['fingerprint'])}"
    ask = "Compare it with the one that the site publishes."
    return "\n".join(filter(None, (f"The host key of {host} is new: {about}", text, ask)))


def _label(text: str) -> str:
    words = _line(text) or "Answer"
    return f"{words}:" if words[-1].isalnum() or words[-1] == ")" else words


def _line(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())


def _say(words: str) -> None:
    # The two streams are sent by themselves: what comes next shall not overtake this.
    print(f"sluice: {words}", file=sys.stderr, flush=True)
