"""Where Sluice can run at all."""

from __future__ import annotations

import sys

from .errors import SluiceError


def require_supported_platform(platform: str = sys.platform) -> None:
    """Refuse Windows with words that name the way out.

    Raises
    ------
    SluiceError
        `platform-windows`.
    """
    if platform in ("win32", "cygwin"):
        raise SluiceError.of("platform-windows")
