"""Classes with `__slots__`, made again with the same slots."""

from __future__ import annotations

from types import MemberDescriptorType
from typing import Any

from ..cloudpickle import cloudpickle


def with_slots(kind: type, reduced: Any) -> Any:
    """Let a class that is pickled by value be made with its slots.

    cloudpickle names them afterwards, when instances have a `__dict__` already: their state would
    then not fit the class that they come home to.
    """
    if "__slots__" not in vars(kind) or reduced[0] is not cloudpickle._make_skeleton_class:
        return reduced
    own = vars(kind).items()
    members = [name for name, value in own if type(value) is MemberDescriptorType]
    slots = members + [name for name in ("__dict__", "__weakref__") if name in vars(kind)]
    maker, (meta, name, bases, body, *rest), (attributes, more), *last = reduced
    attributes = {key: value for key, value in attributes.items() if key not in members}
    body = {**body, "__slots__": tuple(slots)}
    return (maker, (meta, name, bases, body, *rest), (attributes, more), *last)
