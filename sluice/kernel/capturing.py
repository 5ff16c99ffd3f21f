"""What a cell needs of this kernel, asked without disturbing it."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping
from typing import Any

from ..values import readable_formats
from .carrying import Carrier, Limits
from .cell import CellSyntaxError, parse_cell
from .cell_names import CellNames
from .definitions import Definitions
from .detours import Detours
from .evidence import add_evidence
from .held import note_held
from .names import cell_names
from .origins import has_place
from .place import (
    absolute_sys_path,
    installed_roots,
    python_facts,
    read_nonce,
    working_directory,
)
from .prints import small_prints
from .surroundings import KernelSurroundings


def capture(
    source: str,
    *,
    namespace: dict[str, Any],
    spool: str,
    nonce_path: str,
    include: Iterable[str] = (),
    exclude: Iterable[str] = (),
    max_bytes: int,
    recompute: Iterable[str] = (),
    columns: Mapping[str, Iterable[str]] | None = None,
    write: bool = True,
) -> dict[str, Any]:
    """Say what a cell needs, and write the values that it reads into the spool.

    Parameters
    ----------
    source
        The cell as it was typed.
    namespace
        The notebook's names.
    spool
        Directory shared with the service; values go to `blobs/` in it.
    nonce_path
        File that proves that the service's disk is this kernel's disk too. Where it cannot be
        read, nothing is written.
    include
        Names that travel although the cell does not spell them; `!name` excludes.
    exclude
        Names that stay.
    max_bytes
        Largest value that travels.
    recompute
        Names that do not travel: the cells that made them run there first.
    columns
        For a frame, the only columns of it that travel.
    write
        False: a survey, to be had often and fast. Values are named, sized and given the format
        that they would have, as far as that is cheap; nothing is written, `blobs` are empty.

    Returns
    -------
    dict
        The capture in the form of the wire. What a person may have got wrong is among its
        `obstacles`; nothing of that raises.
    """
    answer = _about_here(nonce_path)
    around = KernelSurroundings(namespace, answer["cwd"], answer["installedRoots"])
    try:
        tree = parse_cell(source)
        names = cell_names(tree, around)
    except CellSyntaxError as fault:
        details = {"line": fault.line, "problem": fault.problem}
        answer["obstacles"].append({"code": "syntax-error", "details": details})
        return answer
    answer["reads"] = [name for name in names.reads if name in namespace]
    answer["leftOut"] += _unknowable(names)
    limits = Limits(spool=spool, max_bytes=max_bytes, write=write)
    detours = Detours(tree, frozenset(recompute), {k: [*v] for k, v in (columns or {}).items()})
    carrier = Carrier(namespace, names, limits, detours)
    carrier.definitions = Definitions(namespace, around)
    if answer["nonce"] is not None:
        choices = _choices(include, exclude)
        answer["leftOut"] += _hidden(_unknown_refusals(choices[1], namespace), "name")
        _carry(answer, names, carrier, choices)
        add_evidence(answer, names, carrier, namespace)
    if write:
        carried = [value["name"] for value in carrier.values]
        stores = names.stores | carrier.stores | carrier.definitions.stores
        prints = {**small_prints(stores - {*carried}, namespace), **carrier.prints}
        looked_at = {*names.reads, *stores, *carried}
        note_held(source, looked_at, namespace, binds=stores, prints=prints)
    return answer


def _about_here(nonce_path: str) -> dict[str, Any]:
    cwd = working_directory()
    sys_path = absolute_sys_path(cwd)
    return {
        "version": 1,
        "language": "python",
        "python": python_facts(),
        "host": socket.gethostname(),
        "nonce": read_nonce(nonce_path),
        "cwd": cwd,
        "sysPath": sys_path,
        "installedRoots": installed_roots(sys_path),
        "reads": [],
        "imports": [],
        "modules": [],
        "values": [],
        "leftOut": [],
        "obstacles": [],
        "notes": [],
        "constants": {},
        "sources": [],
        "loaded": [],
        "hooked": [],
        "handles": [],
        "prelude": [],
        "accepts": readable_formats(),
    }


def _choices(include: Iterable[str], exclude: Iterable[str]) -> tuple[list[str], set[str]]:
    """Return the names asked for and the names refused."""
    asked = list(include)
    refused = {name[1:] for name in asked if name.startswith("!")}
    return [n for n in asked if not n.startswith("!")], refused | {*exclude}


def _carry(
    answer: dict[str, Any],
    names: CellNames,
    carrier: Carrier,
    choices: tuple[list[str], set[str]],
) -> None:
    asked, carrier.refused = choices
    for name in names.reads:
        carrier.add(name, "read by the cell", is_sure=names.reads[name])
    for name in asked:
        carrier.add_asked(name)
    carrier.run()
    carrier.modules |= names.run_modules
    answer["leftOut"] += _hidden(carrier.definitions.cannot_know, "name")
    answer["imports"] = carrier.imports
    answer["modules"] = sorted(filter(has_place, carrier.modules))
    answer["values"] = carrier.values
    answer["handles"] = carrier.handles
    answer["leftOut"] += carrier.left_out
    answer["obstacles"] += carrier.obstacles
    answer["notes"] += carrier.notes
    answer["prelude"] = carrier.prelude


def _unknowable(names: CellNames) -> list[dict[str, str]]:
    scripts = {path: f"a script of %run: {why}" for path, why in names.scripts_left.items()}
    return _hidden(names.cannot_know, "name") + _hidden(scripts, "file")


def _unknown_refusals(refused: set[str], namespace: Mapping[str, Any]) -> dict[str, str]:
    reason = "the kernel has no such name, so there is nothing to leave out"
    return {
        f"!{name}": reason
        for name in sorted(refused)
        if name.isidentifier() and name not in namespace
    }


def _hidden(reasons: Mapping[str, str], kind: str) -> list[dict[str, str]]:
    return [{"kind": kind, "name": name, "reason": why} for name, why in reasons.items()]
