"""SlurmRay's dependency scanner on a project: prints its seconds and how many files it found."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import json
import os
import sys
import time
from types import ModuleType


def load_scanner() -> ModuleType:
    """Load the scanner's module alone; its package would import Ray and torch."""
    distribution = importlib.metadata.distribution("slurmray")
    path = str(distribution.locate_file("slurmray/scanner.py"))
    spec = importlib.util.spec_from_file_location("slurmray_scanner", path)
    if spec is None or spec.loader is None:
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(root: str) -> None:
    """Scan from the function ``entry`` of the project's ``main``, as its launcher does."""
    scanner = load_scanner()
    os.chdir(root)
    sys.path.insert(0, root)
    entry = importlib.import_module("main").entry
    started = time.perf_counter()
    found = scanner.ProjectScanner(root).detect_dependencies_from_function(entry)
    seconds = time.perf_counter() - started
    version = importlib.metadata.version("slurmray")
    print(json.dumps({"seconds": seconds, "found": len(found), "version": version}))


if __name__ == "__main__":
    main(sys.argv[1])
