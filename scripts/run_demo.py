"""Execute a notebook in a real kernel, show its outputs as they come, judge the result."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

MARKER = "first run: ok"


def say(text: str, end: str = "\n") -> None:
    """Print at once: the point is to see outputs when they come."""
    print(text, end=end, flush=True)


def describe(output: dict[str, Any]) -> str:
    """Return what a terminal can show of one output."""
    kind = output["output_type"]
    if kind == "stream":
        return str(output["text"])
    if kind == "error":
        return "\n".join(output["traceback"]) + "\n"
    data = output.get("data", {})
    pictures = [mime for mime in data if mime.startswith("image/")]
    if pictures:
        return f"<{pictures[0]}, {len(data[pictures[0]]):,} characters>\n"
    return str(data.get("text/plain", f"<{', '.join(data)}>")) + "\n"


class StreamingClient(NotebookClient):
    """A notebook client that shows each output when it arrives."""

    def output(
        self, outs: list[Any], msg: dict[str, Any], display_id: str | None, cell_index: int
    ) -> Any:
        """Store an output as always, and show it."""
        result = super().output(outs, msg, display_id, cell_index)
        content = {"output_type": msg["msg_type"], **msg["content"]}
        say(describe(content), end="")
        return result


def announce(cell: Any, cell_index: int, **_: Any) -> None:
    """Show which cell runs now."""
    if cell.cell_type == "code":
        first, *rest = cell.source.strip().splitlines() or [""]
        say(f"\n[{cell_index}] {first}{' ...' if rest else ''}")


def is_right(notebook: Any) -> bool:
    """Tell whether the last code cell printed the marker that it prints once its checks hold."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    texts = [describe(output) for output in cells[-1].outputs] if cells else []
    return any(MARKER in text.splitlines() for text in texts)


def execute(notebook: Any, folder: Path, timeout_seconds: int) -> str | None:
    """Run every cell in a kernel that starts in `folder`; return what went wrong, if anything."""
    client = StreamingClient(
        notebook,
        timeout=timeout_seconds,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=announce,
        # The kernel is on this machine: its warning about plain TCP would only puzzle.
        extra_arguments=["--IPKernelApp.log_level=ERROR"],
    )
    try:
        client.execute()
    except CellExecutionError as error:
        return f"a cell failed: {error.ename}: {error.evalue}"
    except CellTimeoutError:
        return f"a cell took longer than {timeout_seconds} s"
    except DeadKernelError:
        return "the kernel died"
    return None


def main() -> int:
    """Run the notebook named on the command line and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    parser.add_argument("executed", type=Path)
    parser.add_argument("--timeout-seconds", type=int, default=300)
    args = parser.parse_args()
    notebook = nbformat.read(args.notebook, as_version=4)
    problem = execute(notebook, args.notebook.parent, args.timeout_seconds)
    args.executed.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, args.executed)
    if problem is None and not is_right(notebook):
        problem = f"the last cell did not print '{MARKER}'"
    say(f"\nexecuted copy: {args.executed}")
    say(f"demo: FAILED, {problem}" if problem else "demo: the results are right")
    return 1 if problem else 0


if __name__ == "__main__":
    sys.exit(main())
