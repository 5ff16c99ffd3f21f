"""What a cell may call of `sluice` in a job, for the same cell when it runs here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable, TypeVar

from .worker.time_up import TimeUp as TimeUp

_SITE = Path("/etc/sluice/config.toml")

_Function = TypeVar("_Function", bound=Callable[..., Any])


def task() -> None:
    """Tell which task this code runs in: none, since it runs here."""
    return


def path(name: str) -> str:
    """Give the place on this machine that the configuration calls by this name.

    The same call in a job gives the place on its target.

    Parameters
    ----------
    name : str
        A name in `[targets.here.paths]` of a configuration file: the site's, yours, or the
        `sluice.toml` of the project, of which later ones win.

    Raises
    ------
    KeyError
        When none of them defines it.
    SluiceError
        `config-invalid`, when one of them cannot be read.
    """
    from .connection import place_from_environment

    config = place_from_environment().config
    paths: dict[str, Any] = {}
    for file in (_SITE, config, _project_file(Path.cwd())):
        paths.update(_paths_here(file) if file is not None else {})
    if name not in paths:
        known = ", ".join(sorted(paths)) or "none"
        raise KeyError(
            f"this machine has no path {name!r} (it has: {known}); "
            f"add it under [targets.here.paths] in {config}"
        )
    return os.path.expanduser(str(paths[name]))  # noqa: PTH111 (the result is text)


def metric(name: str, value: float, step: int | None = None) -> None:
    """Note a figure of the running task; here there is none, so it is only checked.

    Parameters
    ----------
    name : str
        What is measured.
    value : float
        The figure.
    step : int, optional
        Where in the run.
    """
    str(name)
    float(value)
    if step is not None:
        float(step)


def on_interrupt(function: _Function) -> _Function:
    """Register what a job does when it is told to end; here, only the check is made.

    In a job it is called before `TimeUp` is raised in the cell. Here nothing ends a cell but you.

    Parameters
    ----------
    function : Callable
        Takes the seconds that are left, or no argument. Given back, so that this works as a
        decorator.
    """
    if not callable(function):
        raise TypeError("on_interrupt() takes a function")
    return function


def _project_file(folder: Path) -> Path | None:
    candidates = (above / "sluice.toml" for above in (folder, *folder.parents))
    return next((file for file in candidates if file.is_file()), None)


def _paths_here(config: Path) -> dict[str, Any]:
    # Not before it is needed: some kernels have neither, and can do without.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found]

    from .connection import SluiceError

    try:
        content = tomllib.loads(config.read_text(encoding="utf-8"))
        return dict(content.get("targets", {}).get("here", {}).get("paths", {}))
    except FileNotFoundError:
        return {}
    except OSError as error:
        problem = str(error.strerror)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = str(error)
    except (AttributeError, TypeError, ValueError):
        problem = "[targets.here.paths] is not a table"
    raise SluiceError.of("config-invalid", path=str(config), problem=problem)
