"""What the service needs beside the values, to follow imports and to find data files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .carrying import Carrier
from .cell_names import CellNames
from .constants import constants_of
from .hooked import hooked_modules
from .loaded import loaded_modules, local_modules
from .modules import below


def add_evidence(
    answer: dict[str, Any], names: CellNames, carrier: Carrier, namespace: Mapping[str, Any]
) -> None:
    """Add constants, sources, loaded and hooked modules to an answer that has its values."""
    installed = below(answer["installedRoots"])
    wanted = {*names.modules, *answer["modules"], *(each["module"] for each in answer["imports"])}
    local = local_modules(installed)
    hooked = hooked_modules(wanted, local, answer["sysPath"], installed)
    sources = [{"name": f"%run {path}", "source": source} for path, source in names.scripts.items()]
    answer["constants"] = constants_of(_looked_at(answer, names), namespace, installed)
    answer["sources"] = sources + carrier.definitions.sources()
    answer["loaded"] = loaded_modules(local)
    answer["hooked"] = hooked.modules
    answer["leftOut"] += hooked.left_out
    answer["notes"] += [
        {"kind": "name", "name": name, "text": "its text is not known; what it opens is not seen"}
        for name in carrier.definitions.unread()
    ]


def _looked_at(answer: dict[str, Any], names: CellNames) -> list[str]:
    """Return the names whose values code that travels reads, also those that stay."""
    kept = [each["name"] for each in answer["leftOut"] if each["kind"] == "variable"]
    refused = [str(each["details"].get("name")) for each in answer["obstacles"]]
    values = [each["name"] for each in answer["values"]]
    modules = [each["name"] for each in answer["imports"]]
    return list(dict.fromkeys([*names.reads, *values, *modules, *kept, *refused]))
