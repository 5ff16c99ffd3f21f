import sys
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).parents[2]

if "_sluice" not in sys.modules:
    carrier = ModuleType("_sluice")
    carrier.__path__ = [str(PACKAGE)]
    sys.modules["_sluice"] = carrier
