"""Find or start the service of this person on this host, and talk to it.

Standard library only and relative imports only: kernels that lack the package load it by its path.
"""

from .client import Client
from .errors import SluiceError
from .launch import Launcher
from .state import Place, place_from_environment

__all__ = ["Client", "Launcher", "Place", "SluiceError", "place_from_environment"]
