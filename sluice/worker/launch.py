"""`<root>/worker/<version>/__main__.py`: makes `_sluice` importable, then starts the worker.

The folder of this file does not stay on `sys.path`, so that no name in it hides, or is found as, a
module of the cell.
"""

import atexit
import os
import sys
from types import ModuleType

if __name__ == "__main__":
    _folder = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - pathlib is slow
    if sys.version_info < (3, 9):  # noqa: UP036 - hosts have what they have
        # Words that any old Python can read.
        sys.stderr.write("Sluice needs Python 3.9 or newer on the cluster, and this is ")
        sys.stderr.write(sys.version.split()[0] + " (" + sys.executable + "). ")
        sys.stderr.write("Name another `python` for the target.\n")
        sys.exit(2)
    if len(sys.argv) != 2:
        sys.stderr.write("usage: python <worker folder> <run folder>\n")
        sys.exit(2)
    sys.path[:] = [
        entry
        for entry in sys.path
        if os.path.abspath(entry) != _folder  # noqa: PTH100
    ]
    _package = ModuleType("_sluice")
    _package.__path__ = [os.path.join(_folder, "_sluice")]  # noqa: PTH118
    sys.modules["_sluice"] = _package

    from _sluice.worker.main import main

    _status = main(sys.argv[1])
    # Threads that the cell left running must not keep the job alive; its exit handlers do run.
    atexit._run_exitfuncs()
    os._exit(_status)
