"""Hears of what the interpreter opens, imports and calls, and notes what stays behind.

What child processes do, and what C libraries open by themselves, the interpreter does not tell.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from types import FrameType
from typing import Any, Callable

from .cell_lines import CellLines, Where
from .command_words import command_paths
from .findings import Finding, Findings
from .hosts import is_loopback, is_numeric
from .places import Places

_MOST_KNOWN = 100_000
_READS_NOTHING = os.O_WRONLY
# What these look for is the import system's, told by the imports themselves, or a traceback's; and
# whoever asks for installed distributions looks through the whole path.
_OWN_READERS = (
    *("<frozen importlib.", "<frozen zipimport>", "/linecache.py", "/pkgutil.py"),
    *("/importlib/metadata/", "/importlib_metadata/", "/pkg_resources/"),
)
# They open names relative to a descriptor, which the event does not tell.
_RELATIVE_TO_DESCRIPTOR = frozenset(["_rmtree_safe_fd", "_rmtree_safe_fd_step", "_fwalk"])
_BUILT_IN = frozenset(sys.builtin_module_names) | getattr(sys, "stdlib_module_names", frozenset())


class Audit:
    """An audit hook. It cannot be taken away again, so it can be switched off.

    It raises nothing into the code that it watches; what goes wrong in it is kept in `fault`.
    """

    def __init__(self, places: Places, lines: CellLines, findings: Findings) -> None:
        self._places = places
        self._lines = lines
        self._findings = findings
        self._known: set[str] = set()
        self._installed: set[str] = set()
        self._is_told_by_name = False
        self._has_own_server = False
        self._busy = threading.local()
        self._pid = os.getpid()
        self.imported: dict[str, Where] = {}
        self.fault: Exception | None = None
        self.is_on = False
        self._handlers: dict[str, Callable[[tuple[Any, ...], FrameType | None], None]] = {
            "open": self._open,
            "os.listdir": self._list,
            "os.scandir": self._list,
            "os.chdir": self._enter,
            "sqlite3.connect": self._connect_database,
            "ctypes.dlopen": self._load_library,
            "import": self._import,
            "subprocess.Popen": self._start,
            "os.system": self._run_shell,
            "os.forkpty": self._run_in_terminal,
            "os.posix_spawn": self._spawn,
            "socket.bind": self._bind,
            "socket.connect": self._contact,
            "socket.getaddrinfo": self._look_up,
            "socket.gethostbyname": self._look_up,
        }

    def install(self) -> None:
        """Begin to listen."""
        self.is_on = True
        sys.addaudithook(self._hear)

    def _hear(self, event: str, args: tuple[Any, ...]) -> None:
        handler = self._handlers.get(event)
        # A forked child must not wait for a lock that nobody there will release.
        if handler is None or not self.is_on or os.getpid() != self._pid:
            return
        if getattr(self._busy, "is_busy", False):
            return
        self._busy.is_busy = True
        try:
            handler(args, sys._getframe(1))
        except Exception as fault:  # noqa: BLE001 - the code shall not notice; the verdict says it
            self.fault = self.fault or fault
        finally:
            self._busy.is_busy = False

    def _open(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        path, _mode, flags = args
        if isinstance(path, int) or _is_own_reader(frame):
            return
        absolute = _absolute(path)
        if absolute is None or absolute in self._known:
            return
        access = (flags or 0) & os.O_ACCMODE
        if access == _READS_NOTHING or (flags or 0) & (os.O_TRUNC | os.O_EXCL):
            self._places.note_made(absolute)
            self._note_folder(absolute, frame)
        else:
            self._note_file(absolute, frame, "is opened")

    def _note_folder(self, absolute: str, frame: FrameType | None) -> None:
        """Tell a folder that the code writes to and that did not travel, since it holds no file."""
        folder = self._places.folder_here(absolute)
        if folder is not None:
            where = self._lines.where(frame)
            self._findings.add(_no_folder(f"{self._places.name(folder)}/", where))

    def _list(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        path = "." if args[0] is None else args[0]
        if isinstance(path, int) or _is_own_reader(frame):
            return
        absolute = _absolute(path)
        left_out = None
        if absolute is not None and absolute not in self._known:
            left_out = self._places.left_out_of(absolute)
        self._note_path(path, frame, "is listed")
        if left_out is not None and left_out[1]:
            name = f"{self._places.name(left_out[0])}/"
            self._findings.add(_fewer(name, left_out[1], self._lines.where(frame)))

    def _enter(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        if not isinstance(args[0], int):
            self._note_path(args[0], frame, "is entered")

    def _connect_database(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        name = os.fsdecode(args[0])
        if name.startswith("file:"):
            name = name[len("file:") :].partition("?")[0]
            name = name[2:] if name.startswith("///") else name
        if name and not name.startswith(":memory:"):
            self._note_path(name, frame, "is opened as a database")

    def _load_library(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        if isinstance(args[0], (str, bytes)) and "/" in os.fsdecode(args[0]):
            self._note_path(args[0], frame, "is loaded as a library")

    def _note_path(self, path: Any, frame: FrameType | None, what: str) -> None:
        absolute = _absolute(path)
        if absolute is not None and absolute not in self._known:
            self._note_file(absolute, frame, what)

    def _note_file(self, absolute: str, frame: FrameType | None, what: str) -> None:
        places = self._places
        twin = places.twin(absolute)
        if twin is not None:
            where = self._lines.where(frame)
            name = places.name(twin)
            self._findings.add(_left_here(name, where, what))
        elif places.stays_behind(absolute):
            where = self._lines.where(frame)
            is_download = places.is_download(os.path.realpath(absolute))
            describe = _download if is_download else _absolute_place
            self._findings.add(describe(absolute, where, what))
        elif not os.path.exists(absolute):
            return
        if len(self._known) < _MOST_KNOWN:
            self._known.add(absolute)

    def _import(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        name = args[0]
        if not isinstance(name, str) or name in self.imported:
            return
        top = name.partition(".")[0]
        if top in _BUILT_IN or top in self._installed or top in ("_sluice", "sluice"):
            return
        file = getattr(sys.modules.get(top), "__file__", None)
        if isinstance(file, str) and self._places.is_machines(file, os.path.realpath(file)):
            self._installed.add(top)
        elif len(self.imported) < _MOST_KNOWN:
            self.imported[name] = self._lines.where(frame)

    def _start(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        executable, words, cwd, _environment = args
        self._has_own_server = True
        given = [words] if isinstance(words, (str, bytes, os.PathLike)) else list(words or [])
        self._note_command([executable, *given], cwd, frame)

    def _spawn(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        self._has_own_server = True
        self._note_command([args[0], *args[1]], None, frame)

    def _run_shell(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        self._has_own_server = True
        self._note_command(["sh", "-c", args[0]], None, frame)

    def _run_in_terminal(self, _args: tuple[Any, ...], frame: FrameType | None) -> None:
        """Take a shell line of a cell from the stack: IPython runs it in a terminal of its own."""
        self._has_own_server = True
        one = frame
        while one is not None:
            if one.f_code.co_name == "system" and "cmd" in one.f_locals:
                self._note_command(["sh", "-c", one.f_locals["cmd"]], None, frame)
                return
            one = one.f_back

    def _note_command(self, words: list[Any], cwd: Any, frame: FrameType | None) -> None:
        folder = os.getcwd() if cwd is None else os.path.abspath(os.fsdecode(cwd))
        for path in command_paths([word for word in words if word is not None]):
            absolute = os.path.normpath(os.path.join(folder, path))
            twin = self._places.twin(absolute)
            if os.path.isfile(twin or absolute) and absolute not in self._known:
                self._note_file(absolute, frame, "is given to a program")

    def _bind(self, _args: tuple[Any, ...], _frame: FrameType | None) -> None:
        self._has_own_server = True

    def _contact(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        sock, address = args
        if sock.family not in (socket.AF_INET, socket.AF_INET6) or sock.type != socket.SOCK_STREAM:
            return
        host, port = str(address[0]), address[1]
        if is_loopback(host) and self._has_own_server:
            return
        if is_loopback(host) or not is_numeric(host) or not self._is_told_by_name:
            self._note_host(host, port, self._lines.where(frame))

    def _look_up(self, args: tuple[Any, ...], frame: FrameType | None) -> None:
        host = args[0]
        if isinstance(host, bytes):
            host = host.decode("ascii", "replace")
        # A connection goes to one of the addresses that were looked up last.
        self._is_told_by_name = bool(host) and not is_numeric(host)
        if self._is_told_by_name and not is_loopback(host) and host != socket.gethostname():
            port = args[1] if len(args) > 1 else None
            self._note_host(host, port, self._lines.where(frame))

    def _note_host(self, host: str, port: Any, where: Where) -> None:
        if not self._places.is_here:
            return
        service = "" if port in (None, 0, "") else f" (port {port})"
        text = (
            f"{host}{service} is contacted{where.words()}: a node of the cluster may not reach it"
        )
        self._findings.add(Finding("host", host, where.line, text))


def _absolute(path: Any) -> str | None:
    try:
        return os.path.abspath(os.fsdecode(path))
    except (OSError, TypeError, ValueError):
        # A folder that was removed under us, or what is no path: the code gets its own error.
        return None


def _is_own_reader(frame: FrameType | None) -> bool:
    for _ in range(3):
        if frame is None:
            return False
        code = frame.f_code
        if any(name in code.co_filename for name in _OWN_READERS):
            return True
        if code.co_name in _RELATIVE_TO_DESCRIPTOR:
            return True
        frame = frame.f_back
    return False


def _left_here(name: str, where: Where, what: str) -> Finding:
    text = (
        f"{name} {what}{where.words()}, and was not captured: send it along with -i {name}, "
        "or put it where the target has it"
    )
    return Finding("file", name, where.line, text, is_absent=True)


def _fewer(name: str, files: list[str], where: Where) -> Finding:
    shown = ", ".join(files[:3]) + (", …" if len(files) > 3 else "")
    text = (
        f"{name} is listed{where.words()}, and has more files here than were captured ({shown}): "
        f"send them along with -i {name}, if they are of use"
    )
    return Finding("file", name, where.line, text)


def _no_folder(name: str, where: Where) -> Finding:
    text = (
        f"the folder {name} is written to{where.words()}, and is not there: make it in the cell, "
        f"with os.makedirs({name.rstrip('/')!r}, exist_ok=True)"
    )
    return Finding("file", name, where.line, text, is_absent=True)


def _absolute_place(path: str, where: Where, what: str) -> Finding:
    text = (
        f"{path} {what}{where.words()}, a place of this machine alone: name it as seen from the "
        "notebook, or by sluice.path() with a place for it in the target's paths"
    )
    return Finding("file", path, where.line, text)


def _download(name: str, where: Where, what: str) -> Finding:
    text = (
        f"{name} {what}{where.words()}: a download kept on this machine; there it is fetched "
        "again, if a node of the cluster reaches the internet"
    )
    return Finding("file", name, where.line, text)
