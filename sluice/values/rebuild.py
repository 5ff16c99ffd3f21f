"""What pickles call where they are loaded, for objects that have no pickle of their own."""

from __future__ import annotations

import functools
from typing import Any, Callable


def rebuild_cached(
    function: Callable[..., Any], maxsize: int | None, typed: bool, attributes: dict[str, Any]
) -> Any:
    """Give back a function under `functools.lru_cache`, with an empty cache."""
    cached = functools.lru_cache(maxsize=maxsize, typed=typed)(function)
    cached.__dict__.update(attributes)
    return cached
