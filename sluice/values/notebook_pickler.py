"""Pickles of notebook objects: code by value, but the notebook's namespace as itself."""

from __future__ import annotations

import functools
import sys
from collections import ChainMap
from collections.abc import Mapping
from io import TextIOWrapper
from pickle import PicklingError
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType
from typing import IO, Any, Callable, ClassVar
from weakref import WeakKeyDictionary, WeakValueDictionary

from ..cloudpickle import CloudPickler
from ..cloudpickle.cloudpickle import _lookup_module_and_qualname
from .code_names import global_reads, global_stores, imports
from .copy_on_write import own_array
from .encoded import References
from .exceptions import reduced_exception
from .memory import View, is_array
from .npy_format import has_plain_dtype
from .rebuild import fill_cell, rebuild_cached, rebuild_on_device, rebuild_view
from .slotted_classes import with_slots
from .tensors import is_tensor, on_host
from .type_names import reduced_type_name

#: What stands in the pickle for the globals of the notebook's functions.
NAMESPACE_ID = "namespace"
#: What stands, with its number, for an array that lies beside the pickle.
ARRAY_ID = "array"

# A pickle always finds these; the last one is this package.
_ALWAYS_THERE = frozenset(["builtins", "__main__", __name__.split(".", maxsplit=1)[0]])
# Smaller buffers stay in the pickle: a list of ten thousand little arrays is not as many files.
LEAST_BUFFER_BYTES = 256 * 1024
_CachedFunction = type(functools.lru_cache(maxsize=1)(len))


def _own_stream(value: Any) -> str | None:
    names = ("stdin", "stdout", "stderr", "__stdin__", "__stdout__", "__stderr__")
    return next((name for name in names if getattr(sys, name) is value), None)


def _reduce_cached_property(value: Any) -> tuple[Any, ...]:
    # Before 3.12 it holds a lock.
    state = {"attrname": value.attrname, "__doc__": value.__doc__}
    return functools.cached_property, (value.func,), state


def _reduce_cell(cell: CellType) -> tuple[Any, ...]:
    """Fill a cell once it is known, since what is in it may be the function that has it."""
    try:
        content = cell.cell_contents
    except ValueError:
        return CellType, ()
    return CellType, (), (content,), None, None, fill_cell


def _reduce_weak_mapping(value: Any) -> tuple[Any, ...]:
    # What nothing else holds is soon gone there, as it would be here.
    return type(value), (), None, None, iter([*value.items()])


def _with_own_cells(function: FunctionType, reduced: Any) -> Any:
    """Give a function its cells themselves: copies would not be those of its fellows."""
    if function.__closure__ is None:
        return reduced
    maker, (*arguments, _), (attributes, slots), *rest = reduced
    slots["__closure__"] = None
    return (maker, (*arguments, function.__closure__), (attributes, slots), *rest)


def _reduce_view(array: Any, view: View) -> tuple[Any, ...]:
    how = (array.dtype, array.shape, array.strides, view.offset, bool(array.flags.writeable))
    return rebuild_view, (view.memory, *how)


class NotebookPickler(CloudPickler):  # type: ignore[misc]
    """Pickles one value, and notes in `references` what it needs where it is loaded.

    A function whose globals are `namespace` keeps them: its globals become the namespace that the
    receiver names. So the values that it reads are not in the pickle; they are in
    `references.names`, for the caller to send on their own.
    """

    dispatch_table: ClassVar[Any] = ChainMap(
        {
            functools.cached_property: _reduce_cached_property,
            CellType: _reduce_cell,
            WeakKeyDictionary: _reduce_weak_mapping,
            WeakValueDictionary: _reduce_weak_mapping,
        },
        CloudPickler.dispatch_table,
    )

    def __init__(
        self,
        file: IO[bytes],
        namespace: dict[str, Any] | None,
        buffer_callback: Callable[[Any], Any] | None = None,
        views: Mapping[int, View] | None = None,
    ) -> None:
        super().__init__(file, protocol=5, buffer_callback=buffer_callback)
        self.references = References()
        #: By identity, arrays that look shared and are not: what one changes, it copies first.
        self.apart: set[int] = set()
        #: By identity, large arrays that are not in one piece: the pickle would copy them.
        self.scattered: dict[int, Any] = {}
        self._views = views or {}
        self._namespace = namespace
        # Not empty: cloudpickle would fill an empty one from the function's own globals.
        self._stand_in = {"__name__": "__main__"}
        if namespace is not None:
            self.globals_ref[id(namespace)] = self._stand_in

    def persistent_id(self, value: Any) -> Any:
        """Replace the namespace by its name, and arrays beside the pickle by their numbers."""
        if value is self._stand_in or (value is self._namespace and value is not None):
            return NAMESPACE_ID
        if type(value).__name__ == "ndarray" and self._lies_beside(value):
            self.scattered.setdefault(id(value), value)
            return ARRAY_ID, list(self.scattered).index(id(value))
        return None

    def _lies_beside(self, value: Any) -> bool:
        return (
            is_array(value)
            and value.nbytes >= LEAST_BUFFER_BYTES
            and not (value.flags.c_contiguous or value.flags.f_contiguous)
            and id(value) not in self._views
            and has_plain_dtype(value.dtype)
        )

    def reducer_override(self, value: Any) -> Any:
        """Note what a value refers to; give caches a pickle."""
        self._note_module(value)
        self.apart.update(own_array(value))
        if id(value) in self._views:
            return _reduce_view(value, self._views[id(value)])
        stream = _own_stream(value)
        if stream is not None:
            return getattr, (sys, stream)
        if type(value) is TextIOWrapper:
            # cloudpickle would send the text that is left in it, as if that were the file.
            raise PicklingError("cannot pickle '_io.TextIOWrapper' object")
        if is_tensor(value) and value.device.type != "cpu":
            # Its device may not be there, and torch's own pickle insists on it.
            how = (str(value.device), type(value).__name__ == "Parameter", value.requires_grad)
            return rebuild_on_device, (on_host(value), *how)
        if issubclass(type(value), type) and value.__module__ == "__main__":
            self.references.definitions[id(value)] = value
        if type(value) is CodeType:
            self.references.code = True
        elif type(value) is _CachedFunction and _lookup_module_and_qualname(value) is None:
            settings = value.cache_parameters()
            attributes = dict(value.__dict__)
            return rebuild_cached, (
                value.__wrapped__,
                settings["maxsize"],
                settings["typed"],
                attributes,
            )
        by_value = reduced_exception(value) or reduced_type_name(value)
        if by_value is not None:
            return by_value
        reduced = super().reducer_override(value)
        if issubclass(type(value), type) and isinstance(reduced, tuple):
            return with_slots(value, reduced)
        return reduced

    def _dynamic_function_reduce(self, function: FunctionType) -> Any:
        reduced = super()._dynamic_function_reduce(function)
        self.references.imports.update(imports(function.__code__))
        self.references.definitions[id(function)] = function
        if function.__globals__ is self._namespace:
            reads = global_reads(function.__code__)
            self.references.names.update(
                # Those like `__name__` every namespace has of its own.
                name
                for name in reads
                if name in self._namespace and not name.startswith("__")
            )
            self.references.stores.update(global_stores(function.__code__))
            _, slots = reduced[2]
            slots["__globals__"] = {}
        return _with_own_cells(function, reduced)

    def _note_module(self, value: Any) -> None:
        if isinstance(value, ModuleType):
            name: Any = value.__name__
        elif isinstance(value, (type, FunctionType, BuiltinFunctionType)):
            name = value.__module__
        else:
            name = type(value).__module__
        # What `namedtuple` and its like make names a module that never was.
        is_there = isinstance(name, str) and name in sys.modules
        if is_there and name.split(".", maxsplit=1)[0] not in _ALWAYS_THERE:
            self.references.modules.add(name)
