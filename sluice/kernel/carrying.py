"""Sorts the names that a cell reads into imports and values, and writes the values."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ..values import (
    CannotEncodeError,
    Encoded,
    References,
    TooLargeError,
    encode,
    encode_together,
    parts_of,
    sharing_groups,
    type_name,
)
from ..values.encoded import guard
from .cell_names import CellNames
from .columns import NoSuchColumnsError, only_columns
from .definitions import Definitions
from .detours import Detours
from .nested import code_words
from .origins import (
    import_of,
    is_furniture,
    is_history,
    spelled_submodules,
    submodule_imports,
)
from .prints import Print, print_of
from .recipes import NoRecipeError
from .refusals import refusal_details
from .remote_value import about_remote
from .sizes import estimated_bytes, readable_bytes
from .spool import Spool, SpoolError
from .surveying import SURVEYED_BYTES, outward_formats, survey

_WARN_BYTES = 100_000_000


@dataclass(frozen=True)
class Limits:
    """Where values go and how large one may be."""

    spool: str
    max_bytes: int
    #: False: only say what would travel; large values are not serialised, nothing is written.
    write: bool = True


@dataclass(frozen=True)
class _Want:
    name: str
    why: str
    is_sure: bool


@dataclass
class _Ready:
    """A value that can travel; `sent` holds others as well where it shares objects with them."""

    want: _Want
    value: Any
    own: Encoded
    sent: Encoded
    size: int


class Carrier:
    """A worklist of names: each is taken once, and what its value reads is added."""

    def __init__(
        self, namespace: dict[str, Any], names: CellNames, limits: Limits, detours: Detours
    ) -> None:
        self._namespace = namespace
        self._names = names
        self._limits = limits
        self._detours = detours
        self._spool = Spool(limits.spool)
        self._wanted: deque[_Want] = deque()
        self._seen: set[str] = set()
        self._ready: dict[str, _Ready] = {}
        # Words in the code of carried functions: they tell which submodules those use.
        self._words: set[str] = set()
        # Names that the prelude gives.
        self._made: frozenset[str] = frozenset()
        self.refused: set[str] = set()
        #: The functions and classes of the notebook that travel, with what only their text tells.
        self.definitions = Definitions(namespace)
        #: Names that the cell may bind anew by the functions that it calls.
        self.stores: set[str] = set()
        self.imports: list[dict[str, Any]] = []
        self.modules: set[str] = set()
        self.values: list[dict[str, Any]] = []
        #: Names whose values lie on a target whole.
        self.handles: list[dict[str, str]] = []
        #: What is in the values that travel.
        self.prints: dict[str, Print] = {}
        self.left_out: list[dict[str, str]] = []
        self.obstacles: list[dict[str, Any]] = []
        #: What a person may want to know of values before the queue.
        self.notes: list[dict[str, str]] = []
        #: Cells that run there first, in order.
        self.prelude: list[dict[str, str]] = []

    def add(self, name: str, why: str, *, is_sure: bool) -> None:
        """Want a name, once; a name that the kernel does not have is none of its business."""
        if name in self._namespace and name not in self._seen:
            self._seen.add(name)
            self._wanted.append(_Want(name, why, is_sure))

    def add_asked(self, name: str) -> None:
        """Want a name that the person asked for."""
        if name in self._namespace:
            self.add(name, "named by -i", is_sure=True)
        else:
            self.obstacles.append({"code": "variable-unknown", "details": {"name": name}})

    def run(self) -> None:
        """Take every wanted name, write the values, then add the submodules that they use."""
        self._add_prelude()
        while self._wanted:
            self._take(self._wanted.popleft())
        if self._limits.write:
            self._join_sharing()
        self._write_all()
        self._add_submodules()

    def _add_prelude(self) -> None:
        """Plan the cells that a person wants to run there first, and want what they read."""
        names = sorted(self._detours.recompute)
        if not names:
            return
        try:
            recipe = self._detours.recipe_of(names, self._namespace, self._limits.max_bytes)
        except NoRecipeError as refusal:
            details = {"name": ", ".join(names), "problem": str(refusal)}
            self.obstacles.append({"code": "recompute-impossible", "details": details})
            return
        self._made = recipe.made
        self.prelude = [{"name": c.name, "source": c.source} for c in recipe.cells]
        for name in recipe.reads:
            self.add(name, f"read by {recipe.reads[name]}", is_sure=True)
        for name in sorted(recipe.made):
            cells = f"made there by cell {recipe.numbers}"
            self.notes.append({"kind": "variable", "name": name, "text": cells})

    def _take(self, want: _Want) -> None:
        value = self._namespace[want.name]
        if want.name in self._made:
            return
        if want.name in self.refused:
            self._leave("variable", want.name, "excluded with -i !" + want.name)
        elif (remote := about_remote(value)) is not None:
            handle = {"task": remote["task"], "variable": remote["name"]}
            self.handles.append({"name": want.name, **handle, "why": want.why})
        elif is_history(want.name, value):
            problem = "IPython's history stays here; give the value a name"
            details = {"name": want.name, "type": type_name(value), "problem": problem}
            self._refuse(want, "variable-unserializable", details)
        elif not is_furniture(want.name, value):
            imported = import_of(want.name, value)
            if imported is None:
                self._carry(want, value)
            else:
                self.imports.append(imported)
                self.modules.add(str(imported["module"]))

    def _carry(self, want: _Want, value: Any) -> None:
        most = self._limits.max_bytes
        try:
            value = self._chosen_part(want.name, value)
            size = estimated_bytes(value)
            guard(most, size)
            if self._limits.write or size <= SURVEYED_BYTES:
                formats = outward_formats(value, size)
                encoded = encode(value, formats, namespace=self._namespace, max_bytes=most)
                size = encoded.size
            else:
                encoded = survey(value, size, self._namespace)
        except TooLargeError as refusal:
            details = _size_details(want.name, refusal)
            details.update(self._detours.offers(want.name, self._names, self._namespace, most))
            self._refuse(want, "variable-too-large", details)
            return
        except NoSuchColumnsError as refusal:
            self._refuse(want, "columns-unknown", {"name": want.name, "problem": str(refusal)})
            return
        except CannotEncodeError as refusal:
            details = refusal_details(want.name, value, str(refusal), self._namespace)
            self._refuse(want, "variable-unserializable", details)
            return
        except Exception as fault:  # noqa: BLE001
            # A value is anyone's code, and may raise whatever it is asked.
            problem = f"it raised {type(fault).__name__} when it was looked at: {fault}"
            details = {"name": want.name, "type": type_name(value), "problem": problem}
            self._refuse(want, "variable-unserializable", details)
            return
        self._words |= _words_of(value)
        self._ready[want.name] = _Ready(want, value, encoded, encoded, size)
        self._note(want.name, encoded, size)
        self._follow(want, encoded.references)

    def _chosen_part(self, name: str, value: Any) -> Any:
        chosen = self._detours.columns.get(name)
        if chosen is None:
            return value
        part = only_columns(value, chosen)
        self.notes.append(
            {"kind": "variable", "name": name, "text": f"only its columns {', '.join(chosen)}"}
        )
        return part

    def _note(self, name: str, encoded: Encoded, size: int) -> None:
        if encoded.format == "dill":
            text = "sent with dill, since cloudpickle refuses it"
            self.notes.append({"kind": "variable", "name": name, "text": text})
        if size > _WARN_BYTES:
            text = f"{readable_bytes(size)} travel with the cell"
            self.notes.append({"kind": "variable", "name": name, "text": text})

    def _follow(self, want: _Want, references: References) -> None:
        self.modules |= references.modules
        for module, name in references.imports:
            self.modules |= {module} if name in (None, "*") else {module, f"{module}.{name}"}
        self.stores |= references.stores
        hidden = self.definitions.take(references.definitions.values())
        for name in sorted(references.names | hidden):
            # A name that the cell binds itself may be bound before the function runs.
            is_sure = want.is_sure and name not in self._names.stores
            self.add(name, f"read by {want.name}", is_sure=is_sure)

    def _join_sharing(self) -> None:
        """Send values that share objects as one, so that what changes in one changes in all."""
        if len(self._ready) < 2:
            # To look through a million objects takes as long as to write them.
            return
        parts = {name: parts_of(ready.value, ready.own) for name, ready in self._ready.items()}
        for names in sharing_groups(parts):
            values = {name: self._ready[name].value for name in names}
            try:
                together = encode_together(values, self._namespace)
            except CannotEncodeError:
                # Too deep together, say: each was fine alone.
                continue
            for name in names:
                self._ready[name].sent = together

    def _write_all(self) -> None:
        written: dict[int, list[dict[str, Any]]] = {}
        for ready in self._ready.values():
            sent = ready.sent
            try:
                if id(sent) not in written:
                    is_written = self._limits.write
                    written[id(sent)] = self._spool.write(sent) if is_written else []
                self._note_print(ready, written[id(sent)])
            except SpoolError as fault:
                details = {"path": fault.path, "problem": fault.problem}
                self.obstacles.append({"code": "store-unusable", "details": details})
                continue
            self.values.append(
                {
                    "name": ready.want.name,
                    "type": ready.own.type,
                    "bytes": ready.size,
                    "format": sent.format,
                    "blobs": written[id(sent)],
                    "why": ready.want.why,
                }
            )

    def _note_print(self, ready: _Ready, blobs: list[dict[str, Any]]) -> None:
        """Note what is in a value that was written, so that a change of it is seen later."""
        if not self._limits.write:
            return
        is_own = ready.sent is ready.own
        hashes = {blob["role"]: blob["sha256"] for blob in blobs} if is_own else {}
        files = {role: self._spool.place_of(sha256) for role, sha256 in hashes.items()}
        self.prints[ready.want.name] = print_of(ready.own, files, hashes)

    def _refuse(self, want: _Want, code: str, details: dict[str, Any]) -> None:
        """Forbid the run, unless the cell may well bind the name itself before it reads it."""
        if want.is_sure:
            self.obstacles.append({"code": code, "details": details})
            return
        problem = details.get("problem") or f"{details['size']}, the limit is {details['limit']}"
        self._leave("variable", want.name, f"the cell may bind it itself; here: {problem}")

    def _leave(self, kind: str, name: str, reason: str) -> None:
        self.left_out.append({"kind": kind, "name": name, "reason": reason})

    def _add_submodules(self) -> None:
        for imported in list(self.imports):
            name, module = imported["name"], imported["module"]
            if not isinstance(self._namespace.get(name), ModuleType):
                continue
            found = submodule_imports(name, module, self._names.chains)
            found += spelled_submodules(name, module, self._words)
            known = {each["name"] for each in self.imports}
            self.imports += [each for each in found if each["name"] not in known]
            self.modules |= {str(each["module"]) for each in found}


def _size_details(name: str, refusal: TooLargeError) -> dict[str, Any]:
    limit = readable_bytes(refusal.limit)
    size = f"more than {limit}" if refusal.size is None else readable_bytes(refusal.size)
    return {"name": name, "size": size, "limit": limit}


def _words_of(value: Any) -> set[str]:
    """Return the words in the code of a function, or of a class's methods."""
    holder = value if issubclass(type(value), (type, FunctionType)) else type(value)
    if isinstance(holder, type) and holder.__module__ != "__main__":
        # It is imported there, and brings its own imports.
        return set()
    members = [holder, *vars(holder).values()] if isinstance(holder, type) else [holder]
    codes = [getattr(member, "__code__", None) for member in members]
    return code_words([code for code in codes if isinstance(code, CodeType)])
