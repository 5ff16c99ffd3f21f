"""A notebook's folder and what was captured of it, for rehearsals."""

from __future__ import annotations

import sys
import sysconfig
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .host import Done, Host, seal


@dataclass
class Notebook:
    """A folder with a notebook, of which only some files travel."""

    host: Host
    folder: Path
    modules: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)

    def write(self, name: str, text: str = "1\n") -> Path:
        """Make a file beside the notebook, which stays behind."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def take(self, name: str, text: str = "1\n") -> Path:
        """Make a file beside the notebook that travels."""
        self.files[name] = text
        return self.write(name, text)

    def take_module(self, name: str, text: str) -> Path:
        """Make a module beside the notebook that travels."""
        self.modules[name] = text
        return self.write(name, text)

    def order(self, **change: Any) -> dict[str, Any]:
        """What the service says of a rehearsal."""
        roots = [sysconfig.get_path(kind) for kind in ("stdlib", "purelib", "platlib")]
        return {
            "limitSeconds": 60,
            "target": "curnagl",
            "offer": "Rehearse on curnagl.",
            "isHere": True,
            "folder": str(self.folder),
            "sysPath": [*sys.path[1:], str(self.folder)],
            "installedRoots": roots,
            "moduleRoots": [str(self.folder)] if self.modules else [],
            **change,
        }

    def rehearse(self, source: str, **parts: Any) -> Rehearsed:
        """Rehearse a cell to its end."""
        run = self.lay_out(source, **parts)
        return Rehearsed(self.host.finish(self.host.start(run), run))

    def lay_out(self, source: str, **parts: Any) -> Path:
        """Lay out what travels, as the service does."""
        snapshot = self.host.root / "snapshots" / "s1"
        for place, texts in (("modules/0", self.modules), ("files", self.files)):
            for name, text in texts.items():
                path = snapshot / place / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text)
        if self.modules or self.files:
            snapshot = seal(snapshot)
        order = self.order(**parts.pop("order", {}))
        spec = {
            "cwd": "",
            "snapshot": str(snapshot) if self.modules or self.files else None,
            "modulePaths": ["modules/0"] if self.modules else [],
            "files": [{"from": f"files/{name}", "to": name, "mode": 0o600} for name in self.files],
            "rehearsal": order,
            **parts,
        }
        return self.host.lay_out(source, **spec)


@dataclass
class Rehearsed:
    """What a rehearsal left."""

    done: Done

    @property
    def finding(self) -> dict[str, Any]:
        [finding] = self.done.of("rehearsal")
        return finding

    @property
    def names(self) -> list[tuple[str, str, int | None]]:
        """Kind, name and line of each thing that does not travel."""
        return [(one["kind"], one["name"], one["line"]) for one in self.finding["uncaptured"]]

    @property
    def stopped(self) -> str | None:
        stopped: str | None = self.finding["stopped"]
        return stopped

    @property
    def message(self) -> str:
        message: str = self.finding["message"]
        return message
