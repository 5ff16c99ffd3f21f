"""Names of all files of a run, as the service knows them too."""

from __future__ import annotations

from pathlib import Path


class RunLayout:
    """`<root>/runs/<task>/`."""

    def __init__(self, directory: str) -> None:
        self.directory = Path(directory)
        self.spec = self.directory / "spec.json"
        self.claim = self.directory / "claim"
        self.owner = self.claim / "owner"

    def attempt(self, number: int) -> AttemptLayout:
        """Return the names of one attempt."""
        return AttemptLayout(self.directory / "attempts" / str(number))


class AttemptLayout:
    """`<root>/runs/<task>/attempts/<n>/`."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.events = directory / "events.jsonl"
        self.heartbeat = directory / "heartbeat"
        self.end = directory / "end.json"
        self.results = directory / "results"
        self.work = directory / "work"
        # What was written to the descriptors 1 and 2; stays when the worker dies.
        self.descriptors = {1: directory / "stdout", 2: directory / "stderr"}
        self.ipython = directory / "ipython"
        # Too large for an event: representations by their hash, and text beyond what is told.
        self.outputs = directory / "outputs"
        self.overflow = directory / "overflow.log"
        # The job script's word that the attempt is over.
        self.exit = directory / "exit"

    def create(self) -> None:
        """Make the folders, for the owner only."""
        for folder in (self.directory.parent, self.directory, self.results, self.work):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Of a job that came first, and failed before it could claim the run.
        self.exit.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a small file aside, then rename it, so that nobody reads half of it."""
    import os

    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
