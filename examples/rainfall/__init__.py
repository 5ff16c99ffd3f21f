"""Daily rain of a few stations: read it, smooth it."""

from .reading import read_rain
from .smoothing import smooth

__all__ = ["read_rain", "smooth"]
