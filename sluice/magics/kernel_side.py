"""Ask this kernel what a cell reads, and bind what came home: through the kernel helper."""

from __future__ import annotations

import importlib
from typing import Any

from ..connection import Client
from .options import CellOptions

#: How the worker begins its reason for a function or class that stays.
_IS_CODE = "is code"


def capture_cell(
    kit: dict[str, Any], source: str, options: CellOptions, namespace: dict[str, Any], above: int
) -> Any:
    """Give the capture of a cell; its values are in the spool afterwards.

    Line numbers in it count from the top of the typed cell, `above` lines higher than the source.
    """
    capture = _helper(kit).capture(
        source,
        namespace=namespace,
        spool=kit["spool"],
        nonce_path=kit["noncePath"],
        include=options.include,
        exclude=options.exclude,
        max_bytes=kit["maxVariableBytes"],
        recompute=options.recompute,
        columns=options.columns,
    )
    for obstacle in capture["obstacles"]:
        if obstacle["code"] == "syntax-error":
            obstacle["details"]["line"] += above
    return capture


def restore_variables(client: Client, task: dict[str, Any], namespace: dict[str, Any]) -> list[str]:
    """Bind the task's variables that came home.

    Returns
    -------
    list of str
        What to say of variables that are not simply there: they stayed, or have other names.
    """
    variables = task["variables"]
    if not variables:
        return []
    helper = _helper(client.capture_kit())
    bring_by(client)
    bound = helper.restore(variables, namespace=namespace, bound=task["sourceSha256"])
    stayed: dict[str, list[str]] = {}
    for variable in variables:
        # A helper function of the cell is no result; the panel names it all the same.
        if variable["reason"] is not None and not variable["reason"].startswith(_IS_CODE):
            stayed.setdefault(variable["reason"], []).append(_title(variable))
    lines = [f"{', '.join(who)} stayed on the cluster: {why}" for why, who in stayed.items()]
    return lines + [line for line in map(_line_about, variables, bound) if line is not None]


def bring_by(client: Client) -> None:
    """Let handles bring their values through this client."""
    handles: Any = importlib.import_module("_sluice.kernel.remote_value")
    handles.bring = lambda task, name, load: client.value(task, name, load=load)


def load_variable(
    client: Client, task: dict[str, Any], variable: dict[str, Any], namespace: dict[str, Any]
) -> str:
    """Bind a value that was brought because a person asked for it; say what came of it."""
    helper = _helper(client.capture_kit())
    [result] = helper.restore([variable], namespace=namespace, bound=task["sourceSha256"])
    line = _line_about(variable, result)
    return f"{result['bound_as']} is here ({result['type']})" if line is None else line


def _helper(kit: dict[str, Any]) -> Any:
    # The service's own words, run the same way in every front end.
    exec(kit["snippet"], {"__name__": "_sluice_kit"})  # noqa: S102
    return importlib.import_module("_sluice.kernel")


def _line_about(variable: dict[str, Any], result: dict[str, Any]) -> str | None:
    name = _title(variable)
    bound_as = result["bound_as"]
    if variable["reason"] is not None:
        if bound_as in (None, variable["name"]):
            return None
        return f"{name} was changed here meanwhile and stays; {bound_as} is a handle of the other"
    if result["error"] is not None:
        return f"{name} came home but cannot be read here: {result['error']}"
    if bound_as != variable["name"]:
        return f"{name} was changed here meanwhile and stays; the cluster's value is {bound_as}"
    return None


def _title(variable: dict[str, Any]) -> str:
    return f"{variable['name']} ({variable['type']})"
