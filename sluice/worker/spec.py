"""`spec.json`: all that the worker is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from .faults import WorkerError

_VERSION = 1
# Where the service does not say.
_EVENT_BYTES = 1024 * 1024
_TEXT_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Of one event, and of the text of all events together."""

    event_bytes: int = _EVENT_BYTES
    text_bytes: int = _TEXT_BYTES


@dataclass(frozen=True)
class Spec:
    """What to run, with what, and what comes home; the fields are those of the file."""

    task: str
    kind: str
    source: str
    arguments: list[str]
    cwd: str
    root: Path
    snapshot: Path | None
    module_paths: list[str]
    files: list[dict[str, Any]]
    folders: list[str]
    inherited: list[dict[str, Any]]
    values: list[dict[str, Any]]
    handles: list[dict[str, Any]]
    prelude: list[dict[str, Any]]
    imports: list[dict[str, Any]]
    outputs: list[str] | None
    accepts: list[str]
    trust: str
    home_bytes: int
    limits: Limits
    notice_seconds: float | None
    paths: dict[str, str]
    target: str
    resources: dict[str, Any]
    rehearsal: dict[str, Any] | None


def read_order(path: Path) -> dict[str, Any]:
    """Read what a specification holds, whatever it says.

    Raises
    ------
    WorkerError
        The file is missing or damaged.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
        data["version"]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise WorkerError("SpecError", f"{path} cannot be read: {fault!r}") from fault
    return dict(data)


def spec_of(data: dict[str, Any], path: Path) -> Spec:
    """Make a specification of what its file holds; refuse one that leads out of the task's folders.

    Raises
    ------
    WorkerError
        It is of another version, not complete, or names a place that is not its own.
    """
    version = data["version"]
    if version != _VERSION:
        raise WorkerError(
            "SpecError", f"{path} has version {version}, and this worker knows {_VERSION}"
        )
    try:
        spec = _spec_of(data)
    except (KeyError, TypeError, ValueError) as fault:
        raise WorkerError("SpecError", f"{path} is not complete: {fault!r}") from fault
    inherited = [file["to"] for file in spec.inherited]
    places = (spec.cwd, *spec.module_paths, *spec.folders, *_places(spec.files), *inherited)
    for place in places:
        if not _is_inside(place):
            raise WorkerError("SpecError", f"{path} names a place outside its folder: {place}")
    return spec


def _spec_of(data: dict[str, Any]) -> Spec:
    if data["kind"] not in ("cell", "script"):
        raise ValueError(f"kind {data['kind']}")
    snapshot = data["snapshot"]
    return Spec(
        task=data["task"],
        kind=data["kind"],
        source=data["source"],
        arguments=list(data["arguments"]),
        cwd=data["cwd"],
        root=Path(data["root"]),
        snapshot=None if snapshot is None else Path(snapshot),
        module_paths=list(data["modulePaths"]),
        files=list(data["files"]),
        folders=list(data.get("folders", [])),
        inherited=list(data.get("inherited", [])),
        values=list(data["values"]),
        handles=list(data.get("handles", [])),
        prelude=list(data.get("prelude", [])),
        imports=list(data["imports"]),
        outputs=None if data["outputs"] is None else list(data["outputs"]),
        accepts=list(data["accepts"]),
        trust=data["trust"],
        home_bytes=int(data["limits"]["homeBytes"]),
        limits=Limits(
            event_bytes=int(data["limits"]["eventBytes"]),
            text_bytes=int(data["limits"].get("textBytes", _TEXT_BYTES)),
        ),
        notice_seconds=_seconds(data.get("noticeSeconds")),
        paths=dict(data["paths"]),
        target=data["target"],
        resources=dict(data["resources"]),
        rehearsal=data.get("rehearsal"),
    )


def _seconds(value: Any) -> float | None:
    return None if value is None else float(value)


def _places(files: list[dict[str, Any]]) -> list[str]:
    return [place for file in files for place in (file["from"], file["to"])]


def _is_inside(place: str) -> bool:
    path = PurePosixPath(place)
    return not path.is_absolute() and ".." not in path.parts
