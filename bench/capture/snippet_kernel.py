"""A real kernel, asked by lines: each names a question; the answer is its seconds as JSON.

`one` is a cell of `1+1`, `capture` what the page asks before a cell is sent, `survey` what it asks
to keep the summary of the active cell warm.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_client.manager import start_new_kernel

PACKAGE = Path(__file__).parents[2] / "sluice"
DEADLINE_S = 60

LOCAL_MODULE = """
def smooth(values, width):
    return values.rolling(width).mean()
"""

SET_UP = """
import json
from pathlib import Path

import numpy as np
import pandas as pd
from local_steps import smooth

settings = {"data": "data/measured.csv", "width": 5, "rate": 0.1}
folder = Path("data")
weights = np.linspace(0.0, 1.0, 10_000)
frame = pd.DataFrame({"time": np.arange(1000), "value": np.arange(1000.0)})

class Model:
    def __init__(self, rate):
        self.rate = rate
    def fit(self, values):
        return scale(values).sum() * self.rate

def scale(values):
    return values * settings["rate"] + weights.mean()

model = Model(0.5)
"""

CELL = """
results = []
for width in range(2, settings["width"]):
    smoothed = smooth(frame["value"], width).dropna()
    results.append({"width": width, "loss": model.fit(smoothed), "rows": len(smoothed)})
summary = pd.DataFrame(results)
summary["weighted"] = [row * weights[number] for number, row in enumerate(summary["loss"])]
best = summary.sort_values("loss").iloc[0]
print(f"{best['width']:.0f} of {len(summary)}: {best['loss']:.3f}")
with open(folder / "summary.json", "w") as file:
    json.dump(summary.to_dict(), file)
"""


class Asked:
    """Asks the kernel and takes the time of each answer."""

    def __init__(self, client: Any, folder: Path) -> None:
        self.client = client
        self.snippet = (PACKAGE / "kernel" / "snippet.txt").read_text()
        self.arguments = {
            "source": CELL,
            "spool": str(folder),
            "noncePath": str(folder / "nonce"),
            "maxVariableBytes": 10**9,
        }

    def ask(self, code: str, expressions: dict[str, str]) -> tuple[float, dict[str, Any]]:
        """Return the seconds until the reply is here, and the reply."""
        started = time.perf_counter()
        sent = self.client.execute(
            code,
            silent=True,
            store_history=False,
            user_expressions=expressions,
            allow_stdin=False,
        )
        while True:
            reply = self.client.get_shell_msg(timeout=DEADLINE_S)
            if reply["parent_header"].get("msg_id") == sent:
                break
        seconds = time.perf_counter() - started
        content: dict[str, Any] = reply["content"]
        if content["status"] != "ok":
            raise RuntimeError(f"the kernel answered {content}")
        return seconds, content["user_expressions"]

    def capture(self, *, write: bool) -> float:
        """Ask as the page asks."""
        literal = json.dumps(json.dumps({**self.arguments, "write": write}))
        call = f"__import__('_sluice.kernel', fromlist=['page']).page.call('capture', {literal})"
        code = self.snippet.replace("{package}", repr(str(PACKAGE)))
        seconds, expressions = self.ask(code, {"answer": call})
        if expressions["answer"]["status"] != "ok" or '"frame"' not in str(expressions):
            raise RuntimeError(f"the kernel answered {expressions}")
        return seconds


def main(folder: Path) -> None:
    """Answer each line until their end."""
    (folder / "nonce").write_text("nonce")
    (folder / "local_steps.py").write_text(LOCAL_MODULE)
    manager, client = start_new_kernel(
        startup_timeout=DEADLINE_S,
        cwd=str(folder),
        env={**os.environ, "IPYTHONDIR": str(folder / "ipython")},
        extra_arguments=["--IPKernelApp.capture_fd_output=False"],
    )
    try:
        asked = Asked(client, folder)
        asked.ask(SET_UP, {})
        ways = {
            "one": lambda: asked.ask("1+1", {})[0],
            "capture": lambda: asked.capture(write=True),
            "survey": lambda: asked.capture(write=False),
        }
        print(json.dumps({"version": importlib.metadata.version("ipykernel")}), flush=True)
        for line in sys.stdin:
            print(json.dumps({"seconds": ways[line.strip()]()}), flush=True)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
