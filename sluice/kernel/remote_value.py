"""A name's value that lies on a target: it says so, and is used there in place."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

from .sizes import readable_bytes

#: Brings a kept value here: takes the task, the name and whether a person's word was given for a
#: pickle, and returns it as an entry of `Task.variables`. None: ask the service of this person.
bring: Callable[[str, str, bool], Mapping[str, Any]] | None = None

# What Python asks of an object where an expression uses it: each would act on the handle.
_ASKED = re.findall(
    r"\w+",
    """
    abs add and array bool bytes complex contains delitem divmod float floordiv ge getitem gt iadd
    imul index int invert isub iter le len lshift lt matmul mod mul neg or pos pow radd rmul round
    rshift rsub rtruediv setitem sub truediv xor
    """,
)


class NotHereError(AttributeError, TypeError):
    """The value itself was asked for where only its handle is."""


class RemoteValue:
    """A value that a cell left whole on its target, since it is too large to come by itself.

    A cell that runs on that target and reads the name gets the value; `NAME.fetch()` brings it.
    """

    __slots__ = ("__weakref__", "_about", "_namespace")

    _about: dict[str, Any]
    _namespace: dict[str, Any] | None

    def __init__(self, about: Mapping[str, Any], namespace: dict[str, Any] | None = None) -> None:
        source = about["from"]
        facts = {
            "name": str(about["name"]),
            "type": _plain(about["type"]),
            "bytes": int(about["bytes"]),
            "task": str(source["task"]),
            "target": _plain(source["target"]),
        }
        object.__setattr__(self, "_about", facts)
        object.__setattr__(self, "_namespace", namespace)

    def fetch(self, *, load: bool = False) -> Any:
        """Bring the value here, however long that takes, and bind it where this handle was bound.

        Parameters
        ----------
        load
            Load it even though it is a pickle, which can run code, of a target that is not trusted
            that far.

        Returns
        -------
        object
            The value.

        Raises
        ------
        SluiceError
            It is gone, cannot be reached, or is withheld.
        """
        from .restoring import decoded_variable

        about = self._about
        variable = (bring or _bring)(about["task"], about["name"], load)
        namespace: dict[str, Any] = {} if self._namespace is None else self._namespace
        value = decoded_variable(variable, namespace)
        for name in [name for name, held in namespace.items() if held is self]:
            namespace[name] = value
        return value

    def __repr__(self) -> str:
        about = self._about
        size = readable_bytes(about["bytes"])
        return (
            f"<{about['name']}: {about['type']}, {size}, on {about['target']} "
            f"(task {about['task']}). {_ways(about)}>"
        )

    def __getattr__(self, name: str) -> NoReturn:
        raise _refusal(self, f"its attribute {name}")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise _refusal(self, f"its attribute {name}")

    def __reduce_ex__(self, protocol: Any) -> NoReturn:
        raise _refusal(self, "its content")


def about_remote(value: Any) -> dict[str, Any] | None:
    """Return `{name, type, bytes, task, target}` of a handle; None for anything else."""
    if type(value) is not RemoteValue:
        return None
    facts: dict[str, Any] = object.__getattribute__(value, "_about")
    return facts


def _refusal(handle: RemoteValue, what: str) -> NotHereError:
    about = handle._about
    return NotHereError(
        f"{about['name']} lies on {about['target']}, not here: {what} is there. {_ways(about)}"
    )


def _ways(about: Mapping[str, Any]) -> str:
    return f"Use it in a cell that runs on {about['target']}, or `{about['name']}.fetch()`"


def _refuse(asked: str) -> Callable[..., NoReturn]:
    def refuse(self: RemoteValue, *_: Any, **__: Any) -> NoReturn:
        raise _refusal(self, f"what {asked} asks")

    refuse.__name__ = asked
    return refuse


for _name in _ASKED:
    setattr(RemoteValue, f"__{_name}__", _refuse(f"__{_name}__"))


def _bring(task: str, name: str, load: bool) -> Mapping[str, Any]:
    from ..connection import Client

    variable: Mapping[str, Any] = Client().value(task, name, load=load)
    return variable


def _plain(text: Any) -> str:
    """Return one line without anything that acts on a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:200]
