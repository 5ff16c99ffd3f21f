"""What a cell may call of `sluice` in a job, for the same cell when it runs here."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Callable, TypeVar

_Function = TypeVar("_Function", bound=Callable[..., Any])


def task() -> None:
    """Tell which task this code runs in: none, since it runs here."""
    return


def path(name: str) -> Path:
    """Give the place on this machine that the configuration calls by this name.

    The same call in a job gives the place on its target.

    Parameters
    ----------
    name : str
        A name in `[targets.here.paths]` of the configuration file.

    Raises
    ------
    SluiceError
        `config-invalid`, when the file does not define it.
    """
    # Not before it is needed: some kernels have neither, and can do without.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib  # type: ignore[import-not-found]

    from .connection import SluiceError, place_from_environment

    config = place_from_environment().config
    problem = f"[targets.here.paths] does not define {name!r}"
    try:
        content = tomllib.loads(config.read_text(encoding="utf-8"))
        place = content["targets"]["here"]["paths"][name]
    except FileNotFoundError:
        problem = f"it does not exist, so it does not define {name!r} in [targets.here.paths]"
    except OSError as error:
        problem = str(error.strerror)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = str(error)
    except (KeyError, TypeError):
        pass
    else:
        return Path(os.path.expanduser(str(place)))  # noqa: PTH111 (kept as written otherwise)
    raise SluiceError.of("config-invalid", path=str(config), problem=problem)


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
    if not isinstance(name, str) or not name:
        raise TypeError("the name of a metric is a text")
    float(value)
    if step is not None:
        int(step)


def on_interrupt(function: _Function) -> _Function:
    """Register what a job does when the scheduler ends it early; nothing ends it early here.

    Parameters
    ----------
    function : Callable
        Takes no arguments. Given back, so that this works as a decorator.
    """
    if not callable(function):
        raise TypeError("on_interrupt wants a function")
    return function
