"""Decodes the malicious results in a process of its own, and says what came of each.

Run with the package's directory, the canary's path, the seed and how many to take (0: all); a fifth
word lets pickles through, to see that the traps work.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE, CANARY, SEED, FEW = sys.argv[1:5]
sys.path.insert(0, str(Path(PACKAGE).parent))
_carrier = ModuleType("_sluice")
_carrier.__path__ = [PACKAGE]
sys.modules["_sluice"] = _carrier

import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
from _sluice.values import CannotDecodeError, decode, readable_formats  # noqa: E402

from sluice.tests.values.malicious import Payload, everything  # noqa: E402

MOST_MEMORY = 6 * 2**30
MOST_CPU_SECONDS = 240
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
#: What no decoding has a reason to do.
BAD = frozenset(
    [
        *("os.system", "os.exec", "os.posix_spawn", "os.fork", "os.remove", "os.rename"),
        *("subprocess.Popen", "pickle.find_class", "socket.connect", "shutil.rmtree"),
    ]
)

heard: list[str] = []
is_listening = False


def listen(event: str, arguments: tuple[Any, ...]) -> None:
    """Note what is done beside decoding."""
    if not is_listening:
        return
    if event == "open":
        path, mode, flags = (*arguments, None, None)[:3]
        writes = bool(set(mode or "") & set("wax+")) or bool((flags or 0) & WRITES)
        if writes or "passwd" in str(path):
            heard.append(f"open {path!r}")
    elif event == "exec":
        # A library that imports a part of itself runs the code of that file.
        file = str(arguments[0].co_filename)
        if not Path(file).exists() and not file.startswith("<frozen"):
            heard.append(f"exec of {file}")
    elif event in BAD:
        heard.append(f"{event} {str(arguments)[:200]}")


def outcome(payload: Payload, allowed: list[str]) -> str:
    """Decode one payload."""
    blobs = {role: bytearray(data) for role, data in payload.blobs.items()}
    try:
        decode(payload.format, blobs, allowed=allowed, namespace={})
    except CannotDecodeError as fault:
        return "refused" if len(str(fault)) < 5000 else "refused at length"
    except BaseException as fault:  # noqa: BLE001 - what came instead is what is asked
        return f"raised {type(fault).__name__}: {fault}"[:200]
    return "value"


def main() -> None:
    """Judge all, and print a row for each."""
    global is_listening
    payloads = everything(CANARY, int(SEED))
    if int(FEW) > 0:
        payloads = payloads[:: len(payloads) // int(FEW)]
    allowed = [name for name in readable_formats() if name != "pickle" or len(sys.argv) > 5]
    # What is imported by its first use is imported before anybody listens.
    for module in pkgutil.iter_modules([f"{PACKAGE}/values"]):
        importlib.import_module(f"_sluice.values.{module.name}")
    pa.Table.from_pandas(pd.DataFrame({"a": [1]})).to_pandas()
    sys.addaudithook(listen)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    rows = []
    for payload in payloads:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        heard.clear()
        is_listening = True
        came = outcome(payload, allowed)
        is_listening = False
        rows.append(
            {
                "point": payload.point,
                "name": payload.name,
                "isRefused": payload.is_refused,
                "came": came,
                "grownKb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before,
                "heard": list(heard),
                "isCanaryDead": Path(CANARY).exists(),
            }
        )
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
