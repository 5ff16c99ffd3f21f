"""Values in one pickle, for the objects that they share."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, Callable

from .encoded import CannotDecodeError, Encoded


class Together(dict[str, Any]):
    """Values by name. A pickle of it stands for each of them."""


def encode_together(values: Mapping[str, Any], namespace: dict[str, Any] | None) -> Encoded:
    """Encode values as one pickle, in which what they share stays shared.

    Raises
    ------
    CannotEncodeError
        They cannot be pickled, at least not all of them together.
    """
    from .pickle_format import encode_pickle

    return encode_pickle(Together(values), namespace, None)


class Taking:
    """Takes values from what was decoded; what stands for several is decoded once."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Together] = {}

    def take(self, name: str, files: Hashable, decoded: Callable[[], Any]) -> Any:
        """Return the value of a name.

        Parameters
        ----------
        name
            Whose value.
        files
            What its files are known by.
        decoded
            Decodes those files.

        Raises
        ------
        CannotDecodeError
            The files hold other names.
        """
        together = self._found.get(files)
        if together is None:
            value = decoded()
            if not isinstance(value, Together):
                return value
            together = self._found[files] = value
        if name not in together:
            raise CannotDecodeError(f"its files hold {len(together)} other values")
        return together[name]
