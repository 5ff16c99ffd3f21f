"""Why a value cannot travel, said so that a person knows what to do."""

from __future__ import annotations

import re
from typing import Any

from ..values import type_name
from ..values.culprits import find_culprit, find_type

_REFUSED_TYPE = re.compile(r"cannot pickle '?(?P<type>[\w.]+)'? objects?")


def refusal_details(
    name: str, value: Any, problem: str, namespace: dict[str, Any]
) -> dict[str, Any]:
    """Return the details of a value's refusal: what in it is to blame, why, and a remedy.

    Parameters
    ----------
    name
        The variable.
    value
        What it holds.
    problem
        What the encoding said.
    namespace
        The notebook's names.
    """
    details = {"name": name, "type": type_name(value), "path": name, "remedy": None}
    culprit = find_culprit(value, namespace)
    if culprit is None:
        match = _REFUSED_TYPE.search(problem)
        path = None if match is None else find_type(value, match["type"], namespace)
        if path:
            details["path"] = name + path
            problem = f"`{name}{path}`: {problem}"
        return {**details, "problem": problem}
    kind = culprit.kind
    path = name + culprit.path
    words = f"`{path}` is {kind.what} ({culprit.type}): {kind.reason}; {kind.remedy}"
    return {**details, "path": path, "problem": words, "remedy": kind.remedy}
