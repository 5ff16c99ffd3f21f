"""The name of a type, for a person."""

from __future__ import annotations


def type_name(value: object) -> str:
    """Return the qualified name of a value's type, without the module for Python's own types.

    Parameters
    ----------
    value
        Any object.

    Returns
    -------
    str
        For example ``list``, ``numpy.ndarray`` or, for a class of the notebook, ``Model``.
    """
    kind = type(value)
    module = kind.__module__
    if not isinstance(module, str) or module in ("builtins", "__main__"):
        return kind.__qualname__
    return f"{module}.{kind.__qualname__}"
