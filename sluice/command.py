"""The command `sluice`: hands over to the program that the wheel brings."""

from __future__ import annotations

import os
import sys

from .connection.errors import SluiceError
from .connection.node import find_node
from .connection.platform import require_supported_platform
from .connection.start import SERVICE_ENTRY


def main() -> int:
    """Run the command line with Node; returns only when that cannot be done."""
    try:
        require_supported_platform()
        node = find_node()
    except SluiceError as error:
        print(f"sluice: {error}", file=sys.stderr)
        return 1
    if not SERVICE_ENTRY.exists():
        print(f"sluice: {SERVICE_ENTRY} is missing. Reinstall jupyterlab-sluice.", file=sys.stderr)
        return 1
    # What asks a Python, such as a plan of a saved notebook, asks this one.
    os.environ.setdefault("SLUICE_HERE_PYTHON", sys.executable)
    command = [node, "--disable-warning=ExperimentalWarning", str(SERVICE_ENTRY), *sys.argv[1:]]
    return os.execv(node, command)  # noqa: S606 (no shell is wanted)


if __name__ == "__main__":
    sys.exit(main())
