"""What ended a rehearsal, told from the exception."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..words import exception_words
from .places import Places

#: What libraries say where there is no GPU, or no driver for it.
_GPU = re.compile(
    r"Found no NVIDIA driver|Torch not compiled with CUDA|No (CUDA|HIP) GPUs are available"
    r"|CUDA driver version is insufficient|no CUDA-capable device|cudaErrorNoDevice"
    r"|cudaErrorInsufficientDriver|CUDA_ERROR_NO_DEVICE|on a CUDA device but torch\.cuda"
    r"|\blib(cuda|cudart|cublas|cudnn|nvrtc|nvidia-ml|amdhip64)\b|NVML Shared Library Not Found"
    r"|[Uu]nable to initialize backend '(cuda|gpu|rocm)'|Unknown backend:? '?(cuda|gpu|rocm)"
    r"|device specification '?/device:GPU|CUDA (is )?(not available|unavailable)"
    r"|(requires|needs) an? (CUDA|NVIDIA )?GPU|No GPU (is )?(found|available|detected)"
    r"|MPS backend out of memory",
)
_GPU_TYPES = frozenset(
    ["CudaSupportError", "NVMLError_LibraryNotFound", "NVMLError_DriverNotLoaded"]
)
_GPU_PROGRAMS = frozenset(["nvidia-smi", "rocm-smi", "nvcc"])
_ABSENT = (errno.ENOENT, errno.ENOTDIR)
_SAYS_ABSENT = re.compile(
    r"no such file|does not exist|doesn't exist|not found|unable to (synchronously )?open"
    r"|cannot open|could not open|failed to open",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"'([^'\n]+)'|\"([^\"\n]+)\"")
_AROUND_PATHS = "'\"()[]{}<>,:;"


@dataclass(frozen=True)
class Stop:
    """Why it stopped; `kind` and `name` of a missing thing, where it is one."""

    reason: str
    kind: str | None = None
    name: str | None = None


def stop_of(fault: BaseException, places: Places, *, is_here: bool) -> Stop:
    """Tell why an exception came.

    Parameters
    ----------
    fault
        What ended the cell.
    places
        Tell a path of the task from others.
    is_here
        Whether this is the person's machine rather than the target.
    """
    for one in _chain(fault):
        if _wants_gpu(one):
            return Stop("gpu")
        if isinstance(one, ModuleNotFoundError) and one.name:
            return Stop("missing", "module", one.name)
        if isinstance(one, OSError) and one.errno in _ABSENT and one.filename:
            stop = _stop_of_path(one.filename, places, is_here)
        else:
            stop = _stop_of_words(exception_words(one), places, is_here)
        if stop is not None:
            return stop
    return Stop("exception")


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__


def _wants_gpu(fault: BaseException) -> bool:
    if isinstance(fault, FileNotFoundError):
        program = fault.filename
        if isinstance(program, str) and os.path.basename(program) in _GPU_PROGRAMS:
            return True
    return type(fault).__name__ in _GPU_TYPES or bool(_GPU.search(exception_words(fault)))


def _stop_of_path(filename: object, places: Places, is_here: bool) -> Stop | None:
    try:
        path = os.fsdecode(filename)  # type: ignore[arg-type]
    except TypeError:
        return None
    absolute = os.path.abspath(path)
    here = places.place_here(absolute)
    if here is not None:
        folder = None if os.path.exists(here) else places.folder_here(absolute)
        name = places.name(here) if folder is None else f"{places.name(folder)}/"
        return Stop("missing", "file", name)
    if places.is_own(os.path.realpath(absolute)) or places.is_near(absolute):
        return Stop("missing", "file", path)
    return Stop("cluster-path" if is_here else "missing", "file", absolute)


def _stop_of_words(text: str, places: Places, is_here: bool) -> Stop | None:
    """Look for a path in what an exception says: many libraries keep it only there."""
    quoted = ["".join(match) for match in _QUOTED.findall(text)]
    bare = [word.strip(_AROUND_PATHS).rstrip(".") for word in text.split()]
    says_absent = bool(_SAYS_ABSENT.search(text))
    for path in dict.fromkeys([*quoted, *bare]):
        if not path or "\0" in path:
            continue
        absolute = os.path.abspath(path)
        twin = places.twin(absolute)
        if twin is not None:
            return Stop("missing", "file", places.name(twin))
        if says_absent and path.startswith("/") and not os.path.lexists(path):
            return _stop_of_path(path, places, is_here)
    return None
