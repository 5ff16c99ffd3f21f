import hashlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

PACKAGE = Path(__file__).parents[2]

if "_sluice" not in sys.modules:
    carrier = ModuleType("_sluice")
    carrier.__path__ = [str(PACKAGE)]
    sys.modules["_sluice"] = carrier

NONCE = "0123456789abcdef"


class Notebook:
    """Names of cells that were run, and a spool."""

    def __init__(self, folder: Any) -> None:
        self.spool = folder / "spool"
        self.spool.mkdir()
        self.nonce = folder / "nonce"
        self.nonce.write_text(NONCE + "\n")
        # Pickles name the functions of a notebook by this module.
        self.names = vars(ModuleType("__main__"))

    def run(self, source: Any) -> None:
        exec(compile(source, "<cell>", "exec"), self.names)

    def capture(
        self, source: Any, *, nonce_path: Any = None, max_bytes: Any = 10**7, **options: Any
    ) -> Any:
        from _sluice.kernel import capture

        answer = capture(
            source,
            namespace=self.names,
            spool=str(self.spool),
            nonce_path=str(nonce_path or self.nonce),
            max_bytes=max_bytes,
            **options,
        )
        json.dumps(answer)
        return answer

    def values(self, source: Any, **options: Any) -> Any:
        """Names that travel with a cell, and the format of each."""
        answer = self.capture(source, **options)
        assert answer["obstacles"] == []
        return {value["name"]: value["format"] for value in answer["values"]}

    def arrive(self, answer: Any) -> Any:
        """Decode every captured value in other names, as a worker does."""
        from _sluice.values import VALUE_FORMATS, Taking, decode

        taking = Taking()
        other = {"__name__": "__main__", "__builtins__": __builtins__}
        for value in answer["values"]:
            blobs = {}
            for blob in value["blobs"]:
                data = (self.spool / "blobs" / blob["sha256"]).read_bytes()
                assert hashlib.sha256(data).hexdigest() == blob["sha256"]
                assert len(data) == blob["bytes"]
                blobs[blob["role"]] = bytearray(data)
            found = decode(value["format"], blobs, allowed=VALUE_FORMATS, namespace=other)
            files = tuple(blob["sha256"] for blob in value["blobs"])
            other[value["name"]] = taking.take(value["name"], files, lambda found=found: found)
        return other


@pytest.fixture
def notebook(tmp_path: Any) -> Any:
    return Notebook(tmp_path)
