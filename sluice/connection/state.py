"""Where the service of this person on this host lives, and whether its socket may be trusted."""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import SluiceError


@dataclass(frozen=True)
class Place:
    """The directories and files that a service and its callers share.

    Attributes
    ----------
    state : Path
        The state directory, absolute.
    config : Path
        The person's configuration file, absolute; it need not exist.
    """

    state: Path
    config: Path

    @property
    def endpoint_file(self) -> Path:
        """The file in which a running service says where it listens."""
        return self.state / "endpoint.json"

    @property
    def log_file(self) -> Path:
        """The log of the service."""
        return self.state / "service.log"

    @property
    def startup_log_file(self) -> Path:
        """What the service said before its own log was open, and as it died."""
        return self.state / "start-up.log"


def place_from_environment(environ: Mapping[str, str] = os.environ) -> Place:
    """Tell the place from `SLUICE_STATE`, `SLUICE_CONFIG`, XDG's variables and the host's name."""
    home = Path(environ.get("HOME") or Path.home())
    state = environ.get("SLUICE_STATE")
    config = environ.get("SLUICE_CONFIG")
    state_home = _base(environ, "XDG_STATE_HOME", home / ".local" / "state")
    default_state = state_home / "sluice" / socket.gethostname()
    config_home = _base(environ, "XDG_CONFIG_HOME", home / ".config")
    default_config = config_home / "sluice" / "config.toml"
    return Place(
        state=_absolute(state) if state else default_state,
        config=_absolute(config) if config else default_config,
    )


def _base(environ: Mapping[str, str], name: str, default: Path) -> Path:
    named = Path(environ.get(name, ""))
    # The XDG specification: a relative path is to be ignored.
    return named if named.is_absolute() else default


def _absolute(path: str) -> Path:
    return Path(os.path.abspath(os.path.expanduser(path)))  # noqa: PTH100,PTH111 (no resolving)


def prepare_state(place: Place) -> None:
    """Make the state directory for this person alone; refuse one that others can write to."""
    try:
        _make_private(place.state)
        entry = place.state.stat()
    except OSError as error:
        raise _down(place, f"{place.state} cannot be made: {error.strerror}") from error
    _require_place(place)
    _require_private(place, place.state, entry)


def read_socket_path(place: Place) -> Path | None:
    """Read where the service listens and check that only this person can be behind it.

    Returns
    -------
    Path or None
        None: no service has said where it listens, or its socket is gone.

    Raises
    ------
    SluiceError
        `service-down`, when the file is not readable or the socket may be someone else's.
    """
    try:
        entry = place.endpoint_file.stat()
        text = place.endpoint_file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _down(place, f"{place.endpoint_file} cannot be read: {error.strerror}") from error
    _require_place(place)
    _require_private(place, place.endpoint_file, entry)
    path = _unix_of(text)
    if path is None:
        raise _down(place, f"{place.endpoint_file} is not understood; remove it")
    return path if _is_own_socket(place, path) else None


def _unix_of(text: str) -> Path | None:
    try:
        endpoint = json.loads(text)
    except ValueError:
        return None
    unix = endpoint.get("unix") if isinstance(endpoint, dict) else None
    return Path(unix) if isinstance(unix, str) and os.path.isabs(unix) else None  # noqa: PTH117


def _is_own_socket(place: Place, path: Path) -> bool:
    try:
        folder = path.parent.stat()
        entry = path.lstat()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise _down(place, f"{path} cannot be looked at: {error.strerror}") from error
    _require_private(place, path.parent, folder)
    if not stat.S_ISSOCK(entry.st_mode):
        raise _down(place, f"{path} is not a socket")
    if entry.st_uid != os.getuid() or entry.st_mode & 0o077:
        raise _down(place, f"{path} is open to others or belongs to someone else")
    return True


def _make_private(path: Path) -> None:
    # With `parents`, those above would get whatever the umask leaves.
    if not path.parent.exists():
        _make_private(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


def _require_place(place: Place) -> None:
    """Refuse a state directory that is a link, or that others could replace by another one."""
    if place.state.is_symlink():
        raise _unusable(place, "it is a link; name the directory itself")
    for folder in place.state.resolve().parents:
        if _is_open(folder.stat()):
            raise _unusable(
                place, f"others can write to {folder}, and could put another directory in its place"
            )


def _is_open(entry: os.stat_result) -> bool:
    # A group that has the user's own number has nobody else in it, by the custom of Linux systems.
    by_group = entry.st_mode & 0o020 and entry.st_gid != os.getuid()
    return bool(entry.st_mode & 0o002 or by_group) and not entry.st_mode & stat.S_ISVTX


def _unusable(place: Place, problem: str) -> SluiceError:
    return SluiceError.of("store-unusable", path=str(place.state), problem=problem)


def _require_private(place: Place, path: Path, entry: os.stat_result) -> None:
    if entry.st_uid != os.getuid():
        raise _down(place, f"{path} belongs to another user (uid {entry.st_uid})")
    if entry.st_mode & 0o022:
        raise _down(place, f"{path} can be written to by others (mode {entry.st_mode & 0o777:o})")


def _down(place: Place, problem: str) -> SluiceError:
    return SluiceError.of("service-down", problem=problem, log=str(place.log_file))
