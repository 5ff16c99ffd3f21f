"""Makes files of the corpus that no text can be: extension modules and bytecode."""

from __future__ import annotations

import importlib.machinery
import py_compile
import shutil
import subprocess
import sysconfig
from pathlib import Path
from typing import Any

_DEADLINE_SECONDS = 60

# A module with one function, which doubles a number.
_SOURCE = """
#define PY_SSIZE_T_CLEAN
#include <Python.h>
static PyObject *twice(PyObject *self, PyObject *number) {{ return PyNumber_Add(number, number); }}
static PyMethodDef methods[] = {{{{"twice", twice, METH_O, NULL}}, {{NULL, NULL, 0, NULL}}}};
static struct PyModuleDef module = {{PyModuleDef_HEAD_INIT, "{name}", NULL, -1, methods}};
PyMODINIT_FUNC PyInit_{name}(void) {{ return PyModule_Create(&module); }}
"""


def build(wanted: list[dict[str, Any]]) -> None:
    """Make files.

    Parameters
    ----------
    wanted
        `{"kind": "extension" | "bytecode", "path", "source"}`, the path absolute: an extension
        module that is called as its file, or the bytecode of a source.
    """
    for each in wanted:
        path = Path(each["path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        if each["kind"] == "extension":
            _build_extension(path)
        else:
            _build_bytecode(path, each["source"])


def _build_extension(path: Path) -> None:
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise RuntimeError("the corpus builds an extension module: it needs a C compiler (gcc)")
    source = path.with_suffix(".c")
    name = path.name.split(".")[0]
    if path.suffix != ".so":
        path = path.with_name(path.name + importlib.machinery.EXTENSION_SUFFIXES[0])
    source.write_text(_SOURCE.format(name=name))
    include = sysconfig.get_path("include")
    command = [compiler, "-shared", "-fPIC", f"-I{include}", str(source), "-o", str(path)]
    subprocess.run(command, check=True, timeout=_DEADLINE_SECONDS)
    source.unlink()


def _build_bytecode(path: Path, source: str) -> None:
    text = path.with_suffix(".source")
    text.write_text(source)
    py_compile.compile(str(text), cfile=str(path), doraise=True)
    text.unlink()
