"""Strings and paths that the notebook's names hold: through them code names data files."""

from __future__ import annotations

import functools
import sys
from argparse import Namespace
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from types import FunctionType, MemberDescriptorType, MethodType, ModuleType, SimpleNamespace
from typing import Any

from .modules import plain_attributes

_MOST_TEXTS = 1000
_MOST_CHARACTERS = 4096
_MOST_KEYS = 2000
_MOST_LOOKS = 20_000
_DEPTH = 4
_NUMBERS = (int, float)
_MOST_NUMBERS = 100
_LARGEST = 10**15
_SIMPLE = (Namespace, SimpleNamespace)


def constants_of(
    names: Iterable[str], namespace: Mapping[str, Any], installed: tuple[str, ...]
) -> dict[str, list[str]]:
    """Return what strings and paths each name holds, as code would spell the way to them.

    `name` has every string in its value. `name.attribute` and `name['key']`, at any depth, have
    those of a part: of a dict, or of an object whose class is the person's own or holds no
    behaviour. A variable that a function has closed over is under its own name, where the
    notebook has no such name. Numbers are there as text, for names such as `f"run{number}.csv"`.
    Texts that cannot be paths are left out.
    """
    finder = _Finder(installed)
    for name in names:
        if name in namespace:
            finder.looks = 0
            finder.look(name, namespace[name], _DEPTH)
    for name, value in list(finder.closed_over.items()):
        if name not in namespace:
            finder.looks = 0
            finder.look(name, value, _DEPTH)
    return finder.found


class _Finder:
    def __init__(self, installed: tuple[str, ...]) -> None:
        self.found: dict[str, list[str]] = {}
        self.closed_over: dict[str, Any] = {}
        self.looks = 0
        self._installed = installed
        self._own: dict[type, bool] = {}

    def look(self, key: str, value: Any, depth: int) -> list[str]:
        """Note what a value holds under its key, and return it."""
        self.looks += 1
        if depth < 0 or self.looks > _MOST_LOOKS:
            return []
        text = _text(value)
        texts = [text] if text is not None else self._texts_of_parts(key, value, depth - 1)
        if texts and (key.isidentifier() or len(self.found) < _MOST_KEYS):
            self.found[key] = texts
        return texts

    def _texts_of_parts(self, key: str, value: Any, depth: int) -> list[str]:
        kind = type(value)
        texts: list[str] = []
        if issubclass(kind, dict):
            for name, part in list(dict.items(value)):
                place = f"{key}[{name!r}]" if type(name) in (str, int) else ""
                texts += self._look_at(place, part, depth)
                texts += [name] if _may_be_a_path(name) else []
        elif issubclass(kind, (list, tuple, set, frozenset)):
            parts = list(value)[:_MOST_TEXTS]
            for part in parts:
                # More numbers than these are data.
                if len(parts) <= _MOST_NUMBERS or type(part) not in _NUMBERS:
                    texts += self._look_at("", part, depth)
        for name, part in self._attributes(value, kind):
            texts += self._look_at(f"{key}.{name}", part, depth)
        return list(dict.fromkeys(texts))[:_MOST_TEXTS]

    def _look_at(self, key: str, part: Any, depth: int) -> list[str]:
        if key:
            return self.look(key, part, depth)
        before = dict(self.found)
        texts = self.look(key, part, depth)
        # Nothing spells the way to an element of a list.
        self.found = before
        return texts

    def _attributes(self, value: Any, kind: type) -> list[tuple[str, Any]]:
        if issubclass(kind, ModuleType):
            attributes = plain_attributes(value) or {}
            file = attributes.get("__file__") or ""
            is_own = isinstance(file, str) and not file.startswith(self._installed) and file
            return _texts_only(attributes) if is_own else []
        if issubclass(kind, type):
            return _public(dict(vars(value))) if self._is_own(value) else []
        if issubclass(kind, FunctionType):
            self._close_over(value)
            return []
        if issubclass(kind, functools.partial):
            parts = [*value.args, *value.keywords.values(), value.func]
            return [(str(number), part) for number, part in enumerate(parts)]
        if issubclass(kind, MethodType):
            return [("__self__", value.__self__)]
        return self._own_attributes(value, kind) if self._is_own(kind) else []

    def _close_over(self, function: FunctionType) -> None:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            try:
                content = cell.cell_contents
            except ValueError:
                # Not bound yet.
                continue
            if type(content) is FunctionType and content is not function:
                self.looks += 1
                if self.looks <= _MOST_LOOKS and name not in self.closed_over:
                    self.closed_over[name] = None
                    self._close_over(content)
            self.closed_over[name] = content

    def _own_attributes(self, value: Any, kind: type) -> list[tuple[str, Any]]:
        found: dict[str, Any] = {}
        for each in reversed(kind.__mro__):
            if each is not object and self._is_own(each):
                for name, member in list(vars(each).items()):
                    if isinstance(member, MemberDescriptorType):
                        _put_slot(found, name, member, value)
                    else:
                        found[name] = member
        if issubclass(kind, tuple):
            fields = getattr(kind, "_fields", ())
            found.update(zip(fields, tuple.__iter__(value)))
        found.update(_instance_dict(value))
        return _public(found)

    def _is_own(self, kind: type) -> bool:
        """Whether a class is the person's own, or one that only holds attributes."""
        if kind not in self._own:
            file = plain_attributes(sys.modules.get(kind.__module__))
            place = None if file is None else file.get("__file__")
            is_installed = not isinstance(place, str) or place.startswith(self._installed)
            is_record = kind in _SIMPLE or (issubclass(kind, tuple) and hasattr(kind, "_fields"))
            self._own[kind] = kind.__module__ == "__main__" or is_record or not is_installed
        return self._own[kind]


def _text(value: Any) -> str | None:
    """Return a string or a path as text, unless it cannot be the name of a file."""
    kind = type(value)
    if kind in _NUMBERS:
        return str(value) if abs(value) < _LARGEST else None
    if issubclass(kind, PurePath):
        text = str(value)
    elif issubclass(kind, str):
        text = str.__str__(value)
    else:
        return None
    is_path = 0 < len(text) <= _MOST_CHARACTERS and not ("\n" in text or "\0" in text)
    return text if is_path else None


def _may_be_a_path(key: Any) -> bool:
    text = _text(key)
    return text is not None and ("/" in text or "." in text)


def _instance_dict(value: Any) -> dict[str, Any]:
    try:
        attributes = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return {}
    return dict(attributes) if type(attributes) is dict else {}


def _put_slot(found: dict[str, Any], name: str, slot: MemberDescriptorType, value: Any) -> None:
    try:
        found[name] = slot.__get__(value)
    except AttributeError:
        # Not set.
        return


def _public(attributes: dict[str, Any]) -> list[tuple[str, Any]]:
    return [
        (name, part)
        for name, part in attributes.items()
        if type(name) is str and not name.startswith("__") and not isinstance(part, FunctionType)
    ]


def _texts_only(attributes: dict[str, Any]) -> list[tuple[str, Any]]:
    kinds = (str, PurePath, list, tuple, dict)
    return [each for each in _public(dict(attributes)) if issubclass(type(each[1]), kinds)]
