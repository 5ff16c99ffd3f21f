"""What the service says of a rehearsal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Order:
    """The part `rehearsal` of `spec.json`.

    `folder`, `sys_path` and `installed_roots` are the kernel's, and `module_roots` the import roots
    of `modulePaths` in their order; they say nothing where the task does not run `is_here`, on the
    person's own machine. `target` is where the code is meant to run; `offer` says what to do where
    this machine cannot tell.
    """

    limit_seconds: float
    target: str
    offer: str | None
    is_here: bool
    folder: str | None
    sys_path: list[str]
    installed_roots: list[str]
    module_roots: list[str]


def order_of(data: dict[str, Any]) -> Order:
    """Read the order; what is missing raises as for the rest of the specification."""
    is_here = bool(data["isHere"])
    return Order(
        limit_seconds=float(data["limitSeconds"]),
        target=data["target"],
        offer=data["offer"],
        is_here=is_here,
        folder=data["folder"] if is_here else None,
        sys_path=list(data["sysPath"]) if is_here else [],
        installed_roots=list(data["installedRoots"]) if is_here else [],
        module_roots=list(data["moduleRoots"]) if is_here else [],
    )
