"""Kernels for the corpus of captures: a process each, forked from one that has IPython loaded.

Started as `python -m sluice.tests.corpus_kernel SOCKET` in the checkout. Each connection to the
socket is one kernel; it reads questions and writes answers, one JSON object a line, until the
connection ends. The whole house ends with its standard input.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import selectors
import site
import socket
import sys
import traceback
from typing import Any

import IPython.core.interactiveshell
import numpy as np
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from traitlets.config import Config

from sluice.connection import SluiceError
from sluice.magics.magic import SluiceMagics
from sluice.tests.corpus_builds import build

# Loaded before the forks, for they take their time; a kernel with the magic has them too.
LOADED_BEFORE = (IPython.core.interactiveshell, np)


class _Hook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        print(format_dict.get("text/plain", ""))


class _Publisher(DisplayPublisher):
    def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:
        print(data.get("text/plain", ""))


class _Shell(IPython.core.interactiveshell.InteractiveShell):
    displayhook_class = _Hook
    display_pub_class = _Publisher

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """Nothing: what was raised is said once, by `Kernel.run`."""

    def showsyntaxerror(self, *_: Any, **__: Any) -> None:
        """Nothing, as above."""

    def showindentationerror(self, *_: Any, **__: Any) -> None:
        """Nothing, as above."""


class _AskedError(BaseException):
    """Carries what the magic would have sent; nothing that catches exceptions keeps it."""

    def __init__(self, request: dict[str, Any]) -> None:
        super().__init__()
        self.request = request


class _Recorder:
    """The service, as far as a dry run gets before it is asked."""

    def __init__(self, kit: dict[str, Any]) -> None:
        self._kit = kit

    def capture_kit(self, *_: Any) -> dict[str, Any]:
        return self._kit

    def plan(self, body: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
        raise _AskedError(body)


class Kernel:
    """An IPython shell in a folder, as a notebook's kernel has it."""

    def start(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Begin in a folder, then run the cells that a person ran before."""
        build(ask["builds"])
        os.chdir(ask["folder"])
        # The first entry is the checkout, from which this program was started.
        sys.path[0] = ""
        sys.argv = [""]
        if ask["site"] is not None:
            site.addsitedir(ask["site"])
        config = Config()
        config.HistoryManager.enabled = False
        self._shell: Any = _Shell.instance(config=config)
        for cell in ask["before"]:
            text, fault = self._run(cell)
            if fault is not None:
                return {"pid": os.getpid(), "fault": f"{text}{fault}"}
        return {"pid": os.getpid(), "fault": None}

    def request(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Give what `%%slurm --dry-run OPTIONS` sends to the service for a cell."""
        recorder: Any = _Recorder(ask["kit"])
        words = io.StringIO()
        try:
            with contextlib.redirect_stdout(words):
                magics: Any = SluiceMagics(self._shell, recorder)
                magics.slurm(f"--dry-run {ask['options']}", ask["cell"])
        except _AskedError as asked:
            return {"request": asked.request, "refused": None}
        except SluiceError as refusal:
            return {"request": None, "refused": {"code": refusal.code, "words": str(refusal)}}
        return {"request": None, "refused": {"code": "silent", "words": words.getvalue()}}

    def run(self, ask: dict[str, Any]) -> dict[str, Any]:
        """Run the cell here; give all that it showed, the exception last."""
        text, fault = self._run(ask["cell"])
        return {"text": text if fault is None else f"{text}{fault}\n"}

    def _run(self, cell: str) -> tuple[str, str | None]:
        words = io.StringIO()
        with contextlib.redirect_stdout(words), contextlib.redirect_stderr(io.StringIO()):
            result = self._shell.run_cell(cell, store_history=True)
        raised = result.error_before_exec or result.error_in_exec
        fault = None if raised is None else f"{type(raised).__name__}: {raised}"
        return words.getvalue(), fault


def serve(connection: socket.socket) -> None:
    """Answer one connection until it ends."""
    kernel = Kernel()
    with connection.makefile("rw", encoding="utf-8") as lines:
        for line in lines:
            ask = json.loads(line)
            try:
                answer = {"answer": getattr(kernel, ask["do"])(ask)}
            except BaseException:  # noqa: BLE001 - whoever asked fails its test with it
                answer = {"failed": traceback.format_exc()}
            lines.write(json.dumps(answer) + "\n")
            lines.flush()


def _begin_kernel(listener: socket.socket) -> None:
    connection, _ = listener.accept()
    if os.fork() == 0:
        listener.close()
        status = 1
        try:
            serve(connection)
            status = 0
        finally:
            os._exit(status)
    connection.close()


def main(address: str) -> None:
    """Serve kernels at an address until standard input ends."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(address)
    listener.listen()
    print("ready", flush=True)
    with selectors.DefaultSelector() as selector:
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            ready = {key.fileobj for key, _ in selector.select()}
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0] != 0:
                    pass
            if sys.stdin in ready:
                return
            _begin_kernel(listener)


if __name__ == "__main__":
    main(sys.argv[1])
