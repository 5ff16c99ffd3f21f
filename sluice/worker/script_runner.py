"""Runs scripts, as `python script.py ARGUMENTS` would."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from .ending import RAISED, Ending, raised, succeeded
from .figures import Figures
from .plain_display import Display
from .plain_traceback import plain_traceback
from .words import exception_words

Event = Callable[[str, dict[str, Any]], None]


class ScriptRunner:
    """Runs one script in the namespace of a module."""

    def __init__(self, module: ModuleType, event: Event, arguments: list[str]) -> None:
        self._module = module
        self._event = event
        self._arguments = arguments
        self._file = ""
        self.fault: BaseException | None = None
        self.skipped_lines = 0
        display = Display(event)
        Figures(lambda figure: display.show(figure, None, False)).install()

    def place(self, source: str) -> Path:
        """Write the script into the current folder, under a name that is free there."""
        number = 0
        while True:
            path = Path.cwd() / (f"script-{number}.py" if number else "script.py")
            try:
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                number += 1
                continue
            with os.fdopen(file, "w", encoding="utf-8") as opened:
                opened.write(source)
            return path

    def run(self, path: Path) -> Ending:
        """Run a script to its end, that of its threads included."""
        file = self._file = str(path)
        sys.argv = [file, *self._arguments]
        self._module.__dict__["__file__"] = file
        try:
            code = compile(path.read_bytes(), file, "exec", dont_inherit=True)
            exec(code, self._module.__dict__)  # noqa: S102 - running the script is the job
            # As the interpreter does before it leaves.
            threading._shutdown()  # type: ignore[attr-defined]
        except SystemExit as leaving:
            self.fault = leaving if leaving.code else None
            return _ending_of(leaving)
        except BaseException as fault:  # noqa: BLE001 - the script may raise anything
            self.fault = fault
            ename, evalue = type(fault).__name__, exception_words(fault)
            traceback = plain_traceback(fault, file)
            self._event("error", {"ename": ename, "evalue": evalue, "traceback": traceback})
            return raised(ename, evalue)
        return succeeded()

    def is_own(self, filename: str) -> bool:
        """Whether the script was compiled under this name."""
        return filename == self._file


def _ending_of(leaving: SystemExit) -> Ending:
    code = leaving.code
    if code is None or code == 0:
        return succeeded()
    if isinstance(code, int):
        return raised("SystemExit", str(code), code & 0xFF)
    print(code, file=sys.stderr)
    return raised("SystemExit", str(code), RAISED)
