from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbclient
import nbformat
import pytest
from jupyter_client.manager import AsyncKernelManager

import sluice
from sluice.connection import Launcher, Place
from sluice.tests.connection.fake import launcher, place

__all__ = ["launcher", "place"]

Story = Callable[..., None]
Run = Callable[..., list[Any]]

KERNEL_ID = "1b2c-3d"
PACKAGE = Path(sluice.__file__).parent


@pytest.fixture
def story(launcher: Launcher, place: Place) -> Story:
    """Start the fake service with one task whose events and end are told."""
    spool = place.state.parent / "spool"
    snippet = (PACKAGE / "kernel" / "snippet.txt").read_text(encoding="utf-8")
    kit = {
        "snippet": snippet.replace("{package}", json.dumps(str(PACKAGE))),
        "spool": str(spool),
        "noncePath": str(spool / "nonce"),
        "maxVariableBytes": 1_000_000,
    }

    def tell(*events: dict[str, Any], **more: Any) -> None:
        (spool / "blobs").mkdir(parents=True)
        (spool / "nonce").write_text("proof")
        place.state.mkdir(mode=0o700)
        text = json.dumps({"kit": kit, "events": events, **more})
        (place.state / "story.json").write_text(text, encoding="utf-8")
        launcher.ensure()

    return tell


@pytest.fixture
def run(place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Execute cells in a real kernel, after `%load_ext sluice`; gives each cell's outputs."""
    monkeypatch.setenv("SLUICE_STATE", str(place.state))
    monkeypatch.setenv("SLUICE_CONFIG", str(place.config))
    monkeypatch.setenv("PYTHONPATH", str(PACKAGE.parent))

    def execute(*sources: str) -> list[Any]:
        cells = [nbformat.v4.new_code_cell(source) for source in ("%load_ext sluice", *sources)]
        notebook = nbformat.v4.new_notebook(cells=cells)
        # Named as a Jupyter server names it: the kernel reads its id from there.
        kernel = AsyncKernelManager(
            kernel_name="python3", connection_file=str(tmp_path / f"kernel-{KERNEL_ID}.json")
        )
        client = nbclient.NotebookClient(
            notebook,
            km=kernel,
            timeout=120,
            allow_errors=True,
            resources={"metadata": {"path": str(tmp_path)}},
        )
        client.execute()
        assert notebook.cells[0].outputs == []
        return [cell.outputs for cell in notebook.cells[1:]]

    return execute
