"""Loaded local modules, and whether what lies on disk is what the kernel runs."""

import importlib
import os
import py_compile
import sys
from typing import Any

import pytest

SOURCE = """\
import functools
LIMIT = 3
def plain(x): return x + LIMIT
@functools.lru_cache
def cached(x): return x * 2
class Model:
    size = 1
    @property
    def area(self): return self.size * 3
    @staticmethod
    def make(): return Model()
    class Inner:
        def deep(self): return 4
"""


class Module:
    """A module on disk that can be imported and edited."""

    def __init__(self, folder: Any, notebook: Any) -> None:
        self.path = folder / "edited_mod.py"
        self.notebook = notebook
        self.count = 0

    def write(self, text: Any) -> None:
        self.count += 1
        self.path.write_text(text)
        # Clocks of file systems are coarse.
        moment = 2_000_000_000 + self.count
        os.utime(self.path, (moment, moment))
        importlib.invalidate_caches()

    def load(self, text: Any = SOURCE) -> Any:
        self.write(text)
        return importlib.import_module("edited_mod")

    def is_changed(self) -> Any:
        loaded = {each["module"]: each for each in self.notebook.capture("1")["loaded"]}
        assert loaded["edited_mod"]["file"] == str(self.path)
        return loaded["edited_mod"]["isChanged"]


@pytest.fixture
def module(notebook: Any, tmp_path: Any, monkeypatch: Any) -> Any:
    folder = tmp_path / "local"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    yield Module(folder, notebook)
    sys.modules.pop("edited_mod", None)


@pytest.mark.parametrize("is_seen", [True, False], ids=["seen before", "first seen now"])
@pytest.mark.parametrize("is_cached", [True, False], ids=["compiled file", "none"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("x + LIMIT", "x - LIMIT"),
        ("x * 2", "x * 4"),
        ("self.size * 3", "self.size * 5"),
        ("return Model()", "return None"),
        ("return 4", "return 5"),
        ("LIMIT = 3", "LIMIT = 5"),
    ],
)
def test_an_edit_is_seen(
    module: Any, monkeypatch: Any, is_seen: Any, is_cached: Any, old: Any, new: Any
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", not is_cached)
    module.load()
    if is_seen:
        assert module.is_changed() is False
    module.write(SOURCE.replace(old, new))
    assert module.is_changed() is True
    assert module.is_changed() is True


def test_an_edit_at_the_top_is_seen(module: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    module.load()
    module.write(SOURCE.replace("size = 1", "size = 2"))
    assert module.is_changed() is True


def test_an_edit_is_seen_though_another_process_compiled_it(module: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    module.load()
    module.write(SOURCE.replace("LIMIT = 3", "LIMIT = 5"))
    py_compile.compile(str(module.path))
    assert module.is_changed() is True


def test_an_undone_edit_is_none(module: Any) -> None:
    module.load()
    module.write(SOURCE.replace("x * 2", "x * 4"))
    assert module.is_changed() is True
    module.write(SOURCE)
    assert module.is_changed() is False


@pytest.mark.parametrize("is_seen", [True, False])
@pytest.mark.parametrize("text", [SOURCE, f"# a comment\n\n{SOURCE}", SOURCE.replace("x", "x")])
def test_no_alarm_for_a_file_that_means_the_same(module: Any, is_seen: Any, text: Any) -> None:
    module.load()
    if is_seen:
        assert module.is_changed() is False
    module.write(text)
    assert module.is_changed() is False


def test_no_alarm_after_a_reload(module: Any) -> None:
    loaded = module.load()
    assert module.is_changed() is False
    module.write(SOURCE.replace("LIMIT = 3", "LIMIT = 5").replace("x * 2", "x * 4"))
    assert module.is_changed() is True
    importlib.reload(loaded)
    assert module.is_changed() is False


def test_no_alarm_where_functions_were_patched_to_what_lies_on_disk(module: Any) -> None:
    loaded = module.load()
    module.write(SOURCE.replace("x + LIMIT", "x - LIMIT"))
    assert module.is_changed() is True
    fresh: dict[str, Any] = {}
    exec(compile(module.path.read_text(), str(module.path), "exec"), fresh)
    loaded.plain.__code__ = fresh["plain"].__code__
    assert module.is_changed() is False


@pytest.mark.parametrize("text", ["def broken(", "x = '\0'", b"\xff\xfe"])
def test_a_file_that_python_refuses_is_changed(module: Any, text: Any) -> None:
    module.load()
    module.write("")
    module.path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert module.is_changed() is True


def test_a_file_that_vanished_is_changed(module: Any) -> None:
    module.load()
    module.path.unlink()
    assert module.is_changed() is True


def test_a_file_older_than_the_process_is_not_even_read(module: Any, monkeypatch: Any) -> None:
    from _sluice.kernel import loaded

    module.load()
    monkeypatch.setattr(loaded, "_started_ns", lambda: 2**63)
    monkeypatch.setattr(loaded, "_compiled", lambda _: pytest.fail("it was compiled"))
    assert module.is_changed() is False


def test_what_is_installed_is_not_listed(module: Any) -> None:
    module.load()
    names = {each["module"] for each in module.notebook.capture("1")["loaded"]}
    assert "edited_mod" in names
    assert not names & {"json", "numpy", "pandas", "__main__", "_sluice.kernel", "sys"}


def test_odd_inhabitants_of_the_table_of_modules(module: Any, monkeypatch: Any) -> None:
    from types import ModuleType

    touched: list[str] = []

    class Lazy(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            touched.append(name)
            raise RuntimeError(name)

    class Odd:
        def __getattr__(self, name: str) -> Any:
            touched.append(name)
            raise RuntimeError(name)

    monkeypatch.setitem(sys.modules, "lazy_mod", Lazy("lazy_mod"))
    monkeypatch.setitem(sys.modules, "odd_mod", Odd())
    monkeypatch.setitem(sys.modules, "none_mod", None)
    module.load()
    touched.clear()
    assert module.is_changed() is False
    assert touched == []
