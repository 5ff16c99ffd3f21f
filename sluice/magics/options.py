"""What may stand after `%%slurm` and `%sluice`."""

from __future__ import annotations

import argparse
import shlex
from dataclasses import dataclass, field
from typing import Any, NoReturn

from ..connection import SluiceError

_RESOURCES = ("partition", "account", "nodes", "cpus", "memory", "gpus", "time", "sbatch")


@dataclass(frozen=True)
class CellOptions:
    """The options of one `%%slurm`.

    Attributes
    ----------
    target : str or None
        None: the default one.
    resources : dict
        As `src/shared/wire/resources.ts` has them.
    include, exclude : tuple of str
        Variables that must travel, and those that must not.
    outputs : list of str or None
        Variables that must come back; None: all that are new or changed.
    detach, dry_run, rehearse : bool
        What to do instead of running and waiting; a rehearsal is a dry run, too.
    include_files, exclude_files : tuple of str
        Data files by path or pattern, which are no names of variables.
    recompute : tuple of str
        Variables that do not travel: the cells that made them run there first.
    columns : dict
        For a frame, the only columns of it that travel.
    fetch : tuple of str
        Patterns of written files that come home whatever the rules say.
    no_fetch : bool
        No other file comes home by itself.
    """

    target: str | None
    resources: dict[str, Any]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    outputs: list[str] | None
    detach: bool
    dry_run: bool
    rehearse: bool
    include_files: tuple[str, ...] = ()
    exclude_files: tuple[str, ...] = ()
    recompute: tuple[str, ...] = ()
    columns: dict[str, list[str]] = field(default_factory=dict)
    fetch: tuple[str, ...] = ()
    no_fetch: bool = False


class _Parser(argparse.ArgumentParser):
    """Refuses with an error in words instead of leaving the process."""

    def error(self, message: str) -> NoReturn:
        raise usage_error(message, self.format_usage())


def usage_error(message: str, usage: str) -> SluiceError:
    """Make the error for a line that is not understood."""
    words = " ".join(usage.split())
    return SluiceError("request-invalid", f"{message[:1].upper()}{message[1:]}.", words, status=400)


def parse_cell_options(line: str) -> CellOptions:
    """Read the line after `%%slurm`.

    Raises
    ------
    SluiceError
        `request-invalid`, with the usage as its hint.
    """
    parser = _cell_parser()
    found = parser.parse_args(_split(line, parser))
    names, files = _names_and_files(found.inputs, parser)
    outputs = _names(found.outputs, parser)
    if outputs and any(name.startswith("!") for name in outputs):
        parser.error("-o names what comes back; it cannot exclude")
    asked = {name: getattr(found, name) for name in _RESOURCES}
    return CellOptions(
        target=found.target,
        resources={name: value for name, value in asked.items() if value is not None},
        include=_wanted(names),
        exclude=_unwanted(names),
        outputs=outputs,
        detach=found.detach,
        dry_run=found.dry_run or found.rehearse,
        rehearse=found.rehearse,
        include_files=_wanted(files),
        exclude_files=_unwanted(files),
        recompute=tuple(_names(found.recompute, parser) or ()),
        columns=_columns(found.columns or [], parser),
        fetch=tuple(found.fetch or ()),
        no_fetch=found.no_fetch,
    )


def parse_line_command(line: str) -> argparse.Namespace:
    """Read the line after `%sluice`: `command`, and `id` or `target` where it takes one.

    Raises
    ------
    SluiceError
        `request-invalid`, with the usage as its hint.
    """
    parser = _Parser(prog="%sluice", add_help=False, allow_abbrev=False)
    commands = parser.add_subparsers(
        dest="command",
        required=True,
        metavar="jobs|logs|cancel|files|fetch|load|targets|trust|doctor|login|logout",
    )
    for name, argument in _COMMANDS.items():
        command = commands.add_parser(name, add_help=False, prog=f"%sluice {name}")
        if argument is not None:
            command.add_argument(argument, metavar=argument.upper())
        if name == "fetch":
            command.add_argument("paths", nargs="*", metavar="PATH")
        if name == "load":
            command.add_argument("names", nargs="+", metavar="NAME")
        if name == "trust":
            command.add_argument("trust", choices=("none", "outputs", "pickles"))
    return parser.parse_args(_split(line, parser))


_COMMANDS = {
    "jobs": None,
    "logs": "id",
    "cancel": "id",
    "files": "id",
    "fetch": "id",
    "load": "id",
    "targets": None,
    "trust": "target",
    "doctor": "target",
    "login": "target",
    "logout": "target",
}


def _cell_parser() -> _Parser:
    parser = _Parser(prog="%%slurm", add_help=False, allow_abbrev=False)
    add = parser.add_argument
    add("target", nargs="?", metavar="TARGET")
    add("--cpus", type=_count, metavar="N")
    add("--memory", metavar="8G")
    add("--gpus", type=_count_or_word, metavar="N")
    add("--nodes", type=_count, metavar="N")
    add("--time", metavar="1:00:00")
    add("--partition", metavar="P")
    add("--account", metavar="A")
    add("--sbatch", action="append", metavar="=--flag")
    add("-i", dest="inputs", action="append", metavar="NAME|FILE,…")
    add("-o", dest="outputs", action="append", metavar="NAME,…")
    add("--recompute", action="append", metavar="NAME,…")
    add("--columns", action="append", metavar="NAME=a:b")
    add("--fetch", action="append", metavar="PATTERN")
    add("--no-fetch", action="store_true")
    add("--detach", action="store_true")
    add("--dry-run", action="store_true")
    add("--rehearse", action="store_true")
    return parser


def _count(text: str) -> int:
    # isdecimal alone would take digits of other scripts, which the service would not.
    if not (text.isascii() and text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"“{text}” is not a whole number above 0")
    return int(text)


def _count_or_word(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and int(text) > 0 else text


def _split(line: str, parser: _Parser) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        parser.error(f"the line cannot be read: {error}")


def _items(lists: list[str]) -> list[str]:
    items = [item.strip() for text in lists for item in text.split(",") if item.strip()]
    # What is said last of something counts.
    opposite = {item: item[1:] if item.startswith("!") else f"!{item}" for item in items}
    last = [item for at, item in enumerate(items) if opposite[item] not in items[at + 1 :]]
    return list(dict.fromkeys(last))


def _names(lists: list[str] | None, parser: _Parser) -> list[str] | None:
    if lists is None:
        return None
    names = _items(lists)
    for name in names:
        if not name.removeprefix("!").isidentifier():
            parser.error(f"“{name}” is not the name of a variable")
    return names


def _names_and_files(lists: list[str] | None, parser: _Parser) -> tuple[list[str], list[str]]:
    """Part what names variables from what can only be a file or a pattern of files."""
    items = _items(lists or [])
    for item in items:
        if item == "!":
            parser.error("“!” stands before what must not travel")
    names = [item for item in items if item.removeprefix("!").isidentifier()]
    return names, [item for item in items if item not in names]


def _wanted(items: list[str]) -> tuple[str, ...]:
    return tuple(item for item in items if not item.startswith("!"))


def _unwanted(items: list[str]) -> tuple[str, ...]:
    return tuple(item[1:] for item in items if item.startswith("!"))


def _columns(texts: list[str], parser: _Parser) -> dict[str, list[str]]:
    chosen: dict[str, list[str]] = {}
    for text in texts:
        name, mark, rest = text.partition("=")
        columns = [column for column in rest.split(":") if column]
        if not name.isidentifier() or not mark or not columns:
            parser.error(f"--columns takes a frame and its columns, as NAME=a:b, not “{text}”")
        chosen[name] = [*chosen.get(name, []), *columns]
    return chosen
