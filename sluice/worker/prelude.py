"""Cells that run before the cell, in place of values that were too large to be sent."""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

from .faults import WorkerError
from .plain_display import Display
from .spec import Spec


def run_prelude(spec: Spec, namespace: dict[str, Any], python_of: Callable[[str], str]) -> None:
    """Run the prelude in the cell's namespace; what it shows is not shown.

    The values that were sent are those of now, and the cells those of then: where a cell binds
    such a name, the value that was sent is put back.

    Parameters
    ----------
    spec
        What to run.
    namespace
        Where to.
    python_of
        Turns magics into Python.

    Raises
    ------
    WorkerError
        A cell fails.
    """
    if not spec.prelude:
        return
    sent = {value["name"]: namespace[value["name"]] for value in spec.values}
    for cell in spec.prelude:
        _run(cell["name"], cell["source"], namespace, python_of)
        # Also for the next cell: it reads what nobody has changed since it ran in the notebook.
        namespace.update(sent)


def _run(
    name: str, source: str, namespace: dict[str, Any], python_of: Callable[[str], str]
) -> None:
    file = f"<{name}>"
    try:
        python = python_of(source)
        linecache.cache[file] = (len(python), None, python.splitlines(keepends=True), file)
        code = compile(python, file, "exec", dont_inherit=True)
        with _silence():
            exec(code, namespace)  # noqa: S102 - a cell of the notebook
    except Exception as fault:
        lines = traceback.format_exception(type(fault), fault, fault.__traceback__)
        raise WorkerError(
            "PreludeError",
            f"{name}, which makes what was too large to be sent, fails here: "
            f"{type(fault).__name__}: {fault}\n{''.join(lines[-4:])}",
        ) from fault


@contextlib.contextmanager
def _silence() -> Iterator[None]:
    quiet = io.StringIO()
    with contextlib.ExitStack() as stack:
        if "IPython" in sys.modules:
            from IPython.utils.capture import capture_output

            # What is displayed as well.
            stack.enter_context(capture_output())
        elif hasattr(builtins, "display"):
            shown = builtins.display
            builtins.display = Display(lambda *_: None)
            stack.callback(setattr, builtins, "display", shown)
        stack.enter_context(contextlib.redirect_stdout(quiet))
        stack.enter_context(contextlib.redirect_stderr(quiet))
        yield
