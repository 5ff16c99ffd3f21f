"""Loads what `NotebookPickler` made."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from typing import IO, Any

from ..cloudpickle import cloudpickle
from .notebook_pickler import ARRAY_ID, NAMESPACE_ID


class NotebookUnpickler(pickle.Unpickler):
    """Loads one value; the globals of notebook functions become `namespace`.

    A class that is here already, because it left from here or came with an earlier value, is used
    as it is: `isinstance` holds on the way out and home again, and what was changed in it since
    stays.
    """

    def __init__(
        self,
        file: IO[bytes],
        namespace: dict[str, Any] | None,
        buffers: Iterable[Any],
        arrays: Sequence[Any] = (),
    ) -> None:
        super().__init__(file, buffers=buffers)
        self._arrays = arrays
        self._namespace = namespace
        self._known: set[int] = set()

    def persistent_load(self, identity: Any) -> Any:
        """Resolve the name of the namespace, and the numbers of arrays beside the pickle."""
        if isinstance(identity, tuple) and identity[0] == ARRAY_ID:
            return self._arrays[identity[1]]
        if identity != NAMESPACE_ID:
            raise pickle.UnpicklingError(f"unknown reference {identity!r}")
        if self._namespace is None:
            raise pickle.UnpicklingError("it needs the namespace of a notebook")
        return self._namespace

    def find_class(self, module: str, name: str) -> Any:
        """Resolve a global of the pickle; what makes classes looks for known ones first."""
        found = super().find_class(module, name)
        if found is cloudpickle._make_skeleton_class or found is cloudpickle._make_skeleton_enum:
            return self._noting_known(found)
        if found is cloudpickle._class_setstate:
            return self._set_class_state
        return found

    def _noting_known(self, make_skeleton: Any) -> Any:
        def make(*arguments: Any) -> Any:
            # Both makers have the tracker's identity as the last argument but one.
            known = cloudpickle._DYNAMIC_CLASS_TRACKER_BY_ID.get(arguments[-2])
            if known is None:
                return make_skeleton(*arguments)
            self._known.add(id(known))
            return known

        return make

    def _set_class_state(self, kind: Any, state: Any) -> Any:
        return kind if id(kind) in self._known else cloudpickle._class_setstate(kind, state)
