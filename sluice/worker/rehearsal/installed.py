"""Which places belong to the machine or to its Python, and so need not travel."""

from __future__ import annotations

import os
import site
import sys
import sysconfig
import tempfile

from .order import Order

#: What every machine has, in its own form.
SYSTEM_PLACES = (
    *("/proc", "/sys", "/dev", "/run", "/etc", "/usr", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/bin", "/sbin", "/var/run", "/var/cache", "/var/lib"),
    *("/System", "/Library", "/private/etc", "/private/var/db", "/private/var/run"),
)

#: What programs make anew where it is missing, without asking the network; below the home.
MADE_ANEW = (
    *(".matplotlib", ".config/matplotlib", ".cache/matplotlib"),
    *(".fontconfig", ".config/fontconfig", ".cache/fontconfig", ".fonts", ".local/share/fonts"),
    *(".cache/numba", ".triton", ".cache/torch_extensions", ".nv", ".cache/pytensor", ".theano"),
    *(".ipython", ".cache/pip", ".cache/uv", ".cache/mesa_shader_cache", ".cache/black"),
    ".cache/plotly",
)

#: Variables of the environment that name such a place.
MADE_ANEW_VARIABLES = ("MPLCONFIGDIR", "NUMBA_CACHE_DIR", "TRITON_CACHE_DIR", "PYTHONPYCACHEPREFIX")

#: Where libraries keep what they have downloaded; below the home.
DOWNLOADS = (
    *(".cache/huggingface", ".cache/torch", ".cache/clip", ".cache/whisper", ".cache/gensim"),
    *(".keras", ".cache/kagglehub", "scikit_learn_data", "seaborn-data", ".cache/seaborn"),
    *("nltk_data", "gensim-data", "tensorflow_datasets", ".cache/pooch", ".astropy", ".mne"),
)

#: Folders that each machine has, with contents of its own.
COMMON_FOLDERS = frozenset(["/", "/tmp", "/var/tmp", "/private/tmp"])  # noqa: S108 - names alone

_DISTRIBUTIONS = frozenset(["site-packages", "dist-packages"])


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it; both absolute and without `..`."""
    return path == folder or path.startswith(folder if folder.endswith("/") else f"{folder}/")


def with_resolved(places: list[str]) -> tuple[str, ...]:
    """Return absolute places, each also as it is without links."""
    absolute = [os.path.normpath(place) for place in places if place.startswith("/")]
    return tuple(dict.fromkeys([*absolute, *map(os.path.realpath, absolute)]))


def python_places(order: Order) -> tuple[str, ...]:
    """Return the folders of this interpreter and of its installed distributions."""
    known = [sysconfig.get_path(kind) for kind in ("stdlib", "platstdlib", "purelib", "platlib")]
    if hasattr(site, "getsitepackages"):
        known += site.getsitepackages()
    if hasattr(site, "getusersitepackages"):
        known.append(site.getusersitepackages())
    known += order.installed_roots
    known += [entry for entry in sys.path if _DISTRIBUTIONS & set(entry.split("/"))]
    prefixes = [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]
    folder = order.folder
    # A notebook inside the installation itself: then only its libraries are the machine's.
    known += [prefix for prefix in prefixes if folder is None or not is_below(folder, prefix)]
    return with_resolved([place for place in known if place])


def caches() -> tuple[str, ...]:
    """Return where programs keep what they make anew."""
    named = [os.environ.get(name, "") for name in MADE_ANEW_VARIABLES]
    return with_resolved([*named, *_below_home(MADE_ANEW)])


def downloads() -> tuple[str, ...]:
    """Return where libraries keep what they have downloaded."""
    named = [os.environ.get(name, "") for name in ("HF_HOME", "TORCH_HOME", "NLTK_DATA")]
    return with_resolved([*named, *_below_home(DOWNLOADS)])


def common_folders() -> frozenset[str]:
    """Return the folders whose listing says nothing of what travels."""
    return COMMON_FOLDERS | {os.path.realpath(tempfile.gettempdir())}


def _below_home(names: tuple[str, ...]) -> list[str]:
    home = os.path.expanduser("~")
    cache = os.environ.get("XDG_CACHE_HOME", "")
    below = [f"{home}/{name}" for name in names]
    if cache.startswith("/"):
        below += [cache + name[len(".cache") :] for name in names if name.startswith(".cache/")]
    return below
