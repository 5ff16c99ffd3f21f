"""Copy the installed cloudpickle to sluice/cloudpickle, where it works under any package name."""

from __future__ import annotations

import ast
import importlib.metadata
import shutil
import sys
from pathlib import Path


def absolute_imports(path: Path) -> list[int]:
    """Return the lines on which a module imports cloudpickle by its own absolute name."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        else:
            continue
        if any(name.split(".")[0] == "cloudpickle" for name in names):
            found.append(node.lineno)
    return found


def main(target: Path) -> None:
    """Copy the modules and the licence; refuse a version that could not be loaded renamed."""
    distribution = importlib.metadata.distribution("cloudpickle")
    files = [Path(str(distribution.locate_file(file))) for file in distribution.files or []]
    modules = [file for file in files if file.parent.name == "cloudpickle" and file.suffix == ".py"]
    licences = [file for file in files if file.name == "LICENSE"]
    if not modules or not licences:
        sys.exit("the installed cloudpickle has no modules or no licence to copy")
    for module in modules:
        for line in absolute_imports(module):
            sys.exit(f"{module}:{line} imports cloudpickle by name; a renamed copy cannot do that")
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for file in [*modules, *licences]:
        shutil.copyfile(file, target / file.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
