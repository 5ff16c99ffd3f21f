"""The functions and classes of the notebook that travel, and what only their text tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType
from typing import Any

from .annotations import string_names
from .definition_source import DefinitionSource, source_of
from .nested import code_words
from .surroundings import Surroundings
from .text_inside import text_inside
from .text_names import TELLING_WORDS, TextNames

_GENERATED = ("<string>", "<attrs ")


class Definitions:
    """Collects definitions, each once.

    Parameters
    ----------
    namespace
        The notebook's names.
    around
        Answers what their text asks of the kernel.
    """

    def __init__(self, namespace: dict[str, Any], around: Surroundings | None = None) -> None:
        self._namespace = namespace
        self._around = around or Surroundings()
        self._text = TextNames(
            in_function=True, is_hidden=self._around.has, is_package=self._around.is_own_package
        )
        self._found: dict[int, Any] = {}
        self._sources: dict[tuple[str, str], DefinitionSource] = {}
        #: What hides names, with the reason.
        self.cannot_know: dict[str, str] = {}
        #: Names of the notebook that they bind through text.
        self.stores: set[str] = set()

    def take(self, definitions: Iterable[Any]) -> set[str]:
        """Note definitions; return the names of the notebook that they read through text."""
        names: set[str] = set()
        for definition in definitions:
            if id(definition) not in self._found:
                # Kept alive, so that its identity stays its own.
                self._found[id(definition)] = definition
                names |= self._take_one(definition)
        return names

    def sources(self) -> list[dict[str, str]]:
        """Return the text of each, once; the text of a class holds its methods."""
        found = list(self._sources.values())
        wholes = [(each.file, each.first, each.last) for each in found]
        outer = [
            each
            for each in found
            if not any(
                file == each.file
                and (first, last) != (each.first, each.last)
                and first <= each.first
                and each.last <= last
                for file, first, last in wholes
            )
        ]
        return [{"name": each.name, "source": each.text} for each in outer]

    def unread(self) -> list[str]:
        """Return the names of definitions whose text is nowhere to be found."""
        ours = [each for each in self._found.values() if _is_typed(each, self._namespace)]
        known = {each.name for each in self._sources.values()}
        return sorted(
            _name_of(each)
            for each in ours
            # What has no code opens nothing, and what `dataclass` and its like write is known.
            if isinstance(each, FunctionType)
            and not each.__code__.co_filename.startswith(_GENERATED)
            and _key(each) not in self._sources
            and _name_of(each).rpartition(".")[0] not in known
        )

    def _take_one(self, definition: Any) -> set[str]:
        if not _is_typed(definition, self._namespace):
            return set()
        source = source_of(definition)
        if source is not None:
            self._sources[_key(definition)] = source
        names = {name for name in _annotated(definition) if self._around.is_type(name)}
        codes = list(_codes(definition))
        if not TELLING_WORDS.isdisjoint(code_words(codes)):
            names |= self._text_of(definition, source, codes)
        return names

    def _text_of(
        self, definition: Any, source: DefinitionSource | None, codes: list[CodeType]
    ) -> set[str]:
        who = _name_of(definition)
        if source is None:
            hiding = code_words(codes) & TELLING_WORDS & {"eval", "exec", "globals"}
            for word in sorted(each for each in hiding if not self._around.has(each)):
                reason = "its text is not known here, so neither are the names; use -i"
                self.cannot_know[f"{word}() in {who}"] = reason
            return set()
        reads = text_inside(source.tree, self._text)
        for text, reason in reads.cannot_know.items():
            self.cannot_know[f"{text} in {who}"] = reason
        for line in reads.runs:
            self.cannot_know[f"%run {line} in {who}"] = "run it in the cell itself"
        self.stores.update(reads.stores)
        tables = {name for name in reads.maybe if self._around.is_table(name)}
        return {*reads.names} | tables


def _is_typed(definition: Any, namespace: dict[str, Any]) -> bool:
    """Whether it was typed in the notebook, rather than made by a library in its name."""
    if isinstance(definition, FunctionType):
        return definition.__globals__ is namespace
    return isinstance(definition, type)


def _codes(definition: Any) -> Iterator[CodeType]:
    if isinstance(definition, FunctionType):
        yield definition.__code__
        return
    for member in list(vars(definition).values()):
        code = getattr(_plain_function(member), "__code__", None)
        if isinstance(code, CodeType):
            yield code


def _plain_function(member: Any) -> Any:
    if isinstance(member, (staticmethod, classmethod)):
        return member.__func__
    return member.fget if isinstance(member, property) else member


def _annotated(definition: Any) -> list[str]:
    """Return names in annotations that were left as text."""
    holder = vars(definition) if isinstance(definition, type) else _own_annotations(definition)
    annotations = holder.get("__annotations__")
    if not isinstance(annotations, dict):
        return []
    return [name for text in annotations.values() for name in string_names(text)]


def _own_annotations(function: FunctionType) -> dict[str, Any]:
    # Since 3.14 asking runs them, unless they are text.
    if getattr(function, "__annotate__", None) is not None:
        return {}
    return {"__annotations__": function.__annotations__}


def _name_of(definition: Any) -> str:
    return str(definition.__qualname__).replace("<locals>.", "")


def _key(definition: Any) -> tuple[str, str]:
    code = definition.__code__ if isinstance(definition, FunctionType) else None
    place = "" if code is None else f"{code.co_filename}:{code.co_firstlineno}"
    return _name_of(definition), place
