"""Asks a kernel what a cell needs, and brings results back into it.

Loaded as `_sluice.kernel` in any IPython kernel, also where Sluice is not installed: standard
library only, relative imports only.
"""

from .capturing import capture as capture
from .remote_value import RemoteValue as RemoteValue
from .restoring import restore as restore
