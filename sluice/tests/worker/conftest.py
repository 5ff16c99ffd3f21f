from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from .host import PACKAGE, Host, ship_worker

if "_sluice" not in sys.modules:
    carrier = ModuleType("_sluice")
    carrier.__path__ = [str(PACKAGE)]
    sys.modules["_sluice"] = carrier

# Python finds its modules by this finder; without one, the package is not installed.
WITHOUT_IPYTHON = """
import sys
from importlib.machinery import PathFinder

class Finder(PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.split(".")[0] in ("IPython", "matplotlib_inline"):
            return None
        return PathFinder.find_spec(name, path, target)

sys.meta_path[:] = [Finder if finder is PathFinder else finder for finder in sys.meta_path]
"""


@pytest.fixture(scope="session")
def worker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return ship_worker(tmp_path_factory.mktemp("host"))


@pytest.fixture
def host(tmp_path: Path, worker: Path) -> Host:
    return Host(tmp_path / "root", worker)


@pytest.fixture
def plain_host(tmp_path: Path, worker: Path) -> Host:
    """A host whose Python has no IPython."""
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(WITHOUT_IPYTHON)
    host = Host(tmp_path / "plain", worker)
    host.environment["PYTHONPATH"] = str(site)
    return host


@pytest.fixture(params=["with IPython", "without IPython"])
def either(request: pytest.FixtureRequest) -> Host:
    """Give a host with IPython, then one without."""
    name = "host" if request.param == "with IPython" else "plain_host"
    host: Host = request.getfixturevalue(name)
    return host
