"""A notebook's namespace and the road of its values to a cluster and back."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from _sluice.values import VALUE_FORMATS, Encoded, decode, encode


class Notebook:
    """A namespace in which cells run as `__main__`."""

    def __init__(self) -> None:
        self.module = ModuleType("__main__")
        self.names: dict[str, Any] = self.module.__dict__

    def run(self, source: str) -> None:
        exec(compile(source, "<cell>", "exec", dont_inherit=True), self.names)

    def encode(self, value: Any, allowed: Any = VALUE_FORMATS) -> Encoded:
        return encode(value, allowed, namespace=self.names)

    def decode(self, encoded: Encoded) -> Any:
        return decode(
            encoded.format, blobs_of(encoded), allowed=[encoded.format], namespace=self.names
        )


def blobs_of(encoded: Encoded) -> dict[str, bytearray]:
    return {blob.role: bytearray(blob.joined()) for blob in encoded.blobs}


ELSEWHERE = """
import os, sys
from types import ModuleType
carrier = ModuleType("_sluice")
carrier.__path__ = [{package!r}]
sys.modules["_sluice"] = carrier
here, directory, sent = ModuleType("__main__"), {directory!r}, {sent!r}
source, back = {source!r}, {back!r}
sys.modules["__main__"] = here
from pathlib import Path
from _sluice.values import decode, encode
for name, (format, roles) in sent.items():
    files = [Path(directory, f"{{name}}.{{n}}") for n in range(len(roles))]
    blobs = {{role: bytearray(file.read_bytes()) for role, file in zip(roles, files)}}
    here.__dict__[name] = decode(format, blobs, allowed=[format], namespace=here.__dict__)
exec(compile(source, "<cell>", "exec", dont_inherit=True), here.__dict__)
for name in back:
    encoded = encode(here.__dict__[name], ["pickle"], namespace=here.__dict__)
    for n, blob in enumerate(encoded.blobs):
        Path(directory, f"back-{{name}}.{{n}}").write_bytes(blob.joined())
"""


def run_elsewhere(
    notebook: Notebook, names: list[str], source: str, directory: Path, back: tuple[str, ...] = ()
) -> str:
    """Send the named values to a fresh Python, run a cell there; return what it printed."""
    sent = {}
    for name in names:
        encoded = notebook.encode(notebook.names[name])
        for number, blob in enumerate(encoded.blobs):
            (directory / f"{name}.{number}").write_bytes(blob.joined())
        sent[name] = (encoded.format, [blob.role for blob in encoded.blobs])
    package = str(Path(__file__).parents[2])
    script = ELSEWHERE.format(
        package=package, directory=str(directory), sent=sent, source=source, back=back
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
