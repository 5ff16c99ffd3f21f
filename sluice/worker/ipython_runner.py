"""Runs cells with IPython, as a kernel does."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Callable

from IPython.core import page
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.profiledir import ProfileDir
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

from .ending import Ending, raised, succeeded
from .plain_traceback import plain_traceback
from .words import exception_words

Event = Callable[[str, dict[str, Any]], None]


class IPythonRunner:
    """Runs cells in the namespace of a module."""

    def __init__(self, module: ModuleType, event: Event, folder: Path) -> None:
        self._has_figures = importlib.util.find_spec("matplotlib_inline") is not None
        if self._has_figures:
            os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
        self.fault: BaseException | None = None
        self.skipped_lines = 0
        self._former: frozenset[str] = frozenset()
        config = Config()
        # Nothing of this run is kept but its outputs.
        config.HistoryManager.enabled = False
        self._shell: Any = _Shell.instance(
            config=config,
            event=event,
            ipython_dir=str(folder),
            profile_dir=_Profile(location=str(folder)),
            user_module=module,
            user_ns=module.__dict__,
        )

    def python_of(self, source: str) -> str:
        """Return a cell with its magics and shell lines turned into Python."""
        return str(self._shell.transform_cell(source))

    def run(self, source: str) -> Ending:
        """Run a cell to its end; what it shows and raises is written as events."""
        shell = self._shell
        self.fault = None
        # IPython takes blank lines at the beginning away.
        self.skipped_lines = _blank_lines(source)
        self._former = frozenset(shell.compile._filename_map)
        fault: BaseException | None
        if self._has_figures and "matplotlib.figure" in sys.modules:
            # A figure was sent: this module tells the shell how to show it.
            importlib.import_module("matplotlib_inline.backend_inline")
        try:
            result = shell.run_cell(source, store_history=True)
            fault = result.error_before_exec or result.error_in_exec
        except (KeyboardInterrupt, SystemExit) as stopped:
            # Raised while IPython itself was at work.
            fault = stopped
        self.fault = fault
        if fault is None:
            return succeeded()
        if shell.last_shown is not fault:
            shell.show(fault, plain_traceback(fault, ""))
        return raised(type(fault).__name__, exception_words(fault))

    def is_own(self, filename: str) -> bool:
        """Whether the last run's cell was compiled under this name."""
        known = self._shell.compile._filename_map
        return filename in known and filename not in self._former


class _Publisher(DisplayPublisher):
    shell: Any

    def publish(
        self,
        data: dict[str, Any],
        metadata: dict[str, Any] | None = None,
        source: Any = None,
        *,
        transient: dict[str, Any] | None = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        type = "update_display_data" if update else "display_data"
        self.shell.event(
            type, {"data": data, "metadata": metadata or {}, "transient": transient or {}}
        )

    def clear_output(self, wait: bool = False) -> None:
        self.shell.event("clear_output", {"wait": bool(wait)})


class _Hook(DisplayHook):
    shell: Any

    def start_displayhook(self) -> None:
        self._result: dict[str, Any] = {}

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(
        self, format_dict: dict[str, Any], md_dict: dict[str, Any] | None = None
    ) -> None:
        self._result = {"data": format_dict, "metadata": md_dict or {}}

    def finish_displayhook(self) -> None:
        if self._result.get("data"):
            self.shell.event("execute_result", self._result)


class _Profile(ProfileDir):
    """A profile without folders: nothing is kept, and each folder is slow on a shared disk."""

    def check_dirs(self) -> None:
        pass


class _Shell(InteractiveShell):
    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    event = AnyTrait()
    last_shown: BaseException | None = None

    def show(self, fault: BaseException, traceback: list[str]) -> None:
        """Show an error as a notebook does."""
        self.last_shown = fault
        self.event(
            "error",
            {
                "ename": type(fault).__name__,
                "evalue": exception_words(fault),
                "traceback": traceback,
            },
        )

    def showtraceback(self, exc_tuple: Any = None, *args: Any, **settings: Any) -> None:
        fault = self._get_exc_info(exc_tuple)[1]  # type: ignore[no-untyped-call]
        if _holds_group(fault):
            # IPython prints these, with its own frames in them.
            self.show(fault, plain_traceback(fault, self._cell_file(fault)))
        else:
            super().showtraceback(exc_tuple, *args, **settings)

    def _showtraceback(self, etype: Any, evalue: BaseException, stb: list[str]) -> None:
        self.show(evalue, stb)

    def show_usage_error(self, exc: BaseException) -> None:
        self.show(exc, [f"UsageError: {exc}"])

    def _cell_file(self, fault: BaseException) -> str:
        frames = fault.__traceback__
        while frames is not None:
            name = frames.tb_frame.f_code.co_filename
            if name in getattr(self.compile, "_filename_map", {}):
                return name
            frames = frames.tb_next
        return ""

    def ask_exit(self) -> None:
        raise SystemExit

    def enable_gui(self, gui: str | None = None) -> None:
        """Nothing: there is no screen."""

    def init_virtualenv(self) -> None:
        """Nothing: the job's Python was chosen."""

    def init_environment(self) -> None:
        # As in a notebook's kernel: colours are shown, pagers are not.
        os.environ.update(TERM="xterm-color", CLICOLOR="1", PAGER="cat", GIT_PAGER="cat")

    def init_hooks(self) -> None:
        super().init_hooks()  # type: ignore[no-untyped-call]
        pager = page.as_hook(page.display_page)  # type: ignore[no-untyped-call]
        self.set_hook("show_in_pager", pager, 99)  # type: ignore[no-untyped-call]


def _blank_lines(source: str) -> int:
    lines = source.splitlines()
    return next((n for n, line in enumerate(lines) if line.strip()), 0)


def _holds_group(fault: BaseException | None) -> bool:
    while fault is not None:
        if hasattr(fault, "exceptions") and hasattr(fault, "derive"):
            return True
        fault = fault.__context__
    return False
