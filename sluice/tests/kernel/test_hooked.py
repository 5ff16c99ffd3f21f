"""What import hooks answer: editable installs, and modules that were put in place by hand."""

import importlib.abc
import importlib.machinery
import importlib.util
import sys
import zipfile
from types import ModuleType
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def clean(monkeypatch: Any) -> None:
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "path_hooks", list(sys.path_hooks))


def hooked(answer: Any) -> Any:
    return {each["module"]: (each["file"], each["folders"]) for each in answer["hooked"]}


def package(folder: Any, text: Any = "") -> Any:
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text(text)
    return folder


@pytest.fixture
def editable(tmp_path: Any, monkeypatch: Any) -> Any:
    """Install a project as setuptools does it, with its own template of a finder."""
    from setuptools.command.editable_wheel import (  # type: ignore[import-untyped]
        _finder_template,
    )

    def install(mapping: Any, namespaces: Any) -> None:
        name = "__editable___demo_1_0_finder"
        text = _finder_template("__editable__.demo-1.0.finder", mapping, namespaces)
        hook = ModuleType(name)
        monkeypatch.setitem(sys.modules, name, hook)
        exec(compile(text, f"{name}.py", "exec"), vars(hook))
        vars(hook)["install"]()

    return install


def test_editable_installs_of_setuptools(notebook: Any, editable: Any, tmp_path: Any) -> None:
    src = tmp_path / "src"
    demo, renamed = package(src / "demo_pkg"), package(src / "another_name")
    (src / "single_mod.py").write_text("x = 1\n")
    (src / "spaces").mkdir()
    mapping = {
        "demo_pkg": str(demo),
        "real_name": str(renamed),
        "single_mod": str(src / "single_mod"),
    }
    editable(mapping, {"spaced_pkg": [str(src / "spaces")]})
    found = hooked(notebook.capture("import demo_pkg"))
    assert found["demo_pkg"] == (str(demo / "__init__.py"), [str(demo)])
    assert found["real_name"] == (str(renamed / "__init__.py"), [str(renamed)])
    assert found["single_mod"] == (str(src / "single_mod.py"), [])
    assert found["spaced_pkg"] == (None, [str(src / "spaces")])
    assert "demo_pkg" not in sys.modules


def test_a_hook_with_a_table_of_its_own(notebook: Any, tmp_path: Any) -> None:
    folder = package(tmp_path / "tree" / "scikit_pkg")

    class ScikitBuildRedirectingFinder(importlib.abc.MetaPathFinder):
        def __init__(self) -> None:
            self.known_source_files = {"scikit_pkg": str(folder / "__init__.py")}

        def find_spec(self, name: Any, path: Any = None, target: Any = None) -> Any:
            if name not in self.known_source_files:
                return None
            return importlib.util.spec_from_file_location(
                name, self.known_source_files[name], submodule_search_locations=[str(folder)]
            )

    sys.meta_path.insert(0, ScikitBuildRedirectingFinder())
    assert hooked(notebook.capture("1"))["scikit_pkg"] == (
        str(folder / "__init__.py"),
        [str(folder)],
    )


def test_any_hook_is_asked_for_what_the_cell_imports(notebook: Any, tmp_path: Any) -> None:
    (tmp_path / "made.py").write_text("y = 1\n")
    asked = []

    class Finder:
        @staticmethod
        def find_spec(name: Any, path: Any = None, target: Any = None) -> Any:
            asked.append(name)
            if name not in ("hooked_one", "hooked_two", "hooked_three"):
                return None
            return importlib.util.spec_from_file_location(name, tmp_path / "made.py")

    sys.meta_path.insert(0, Finder())
    notebook.run("def f():\n    import hooked_two\n    return hooked_two.y")
    found = hooked(
        notebook.capture("from hooked_one.part import y\ndef g():\n  import hooked_three\nf()")
    )
    assert found["hooked_one"] == found["hooked_two"] == (str(tmp_path / "made.py"), [])
    assert found["hooked_three"] == (str(tmp_path / "made.py"), [])
    # A parent would be imported for it.
    assert not [name for name in asked if name.startswith("hooked_") and "." in name]
    assert "hooked_one" not in sys.modules


def test_a_hook_that_fails_is_said(notebook: Any) -> None:
    class Finder:
        @staticmethod
        def find_spec(name: Any, path: Any = None, target: Any = None) -> Any:
            if name == "bad_mod":
                raise RuntimeError("no network")
            return None

    sys.meta_path.insert(0, Finder())
    [left] = notebook.capture("import bad_mod")["leftOut"]
    assert (left["kind"], left["name"]) == ("module", "bad_mod")
    assert "no network" in left["reason"]


def test_a_module_that_was_loaded_from_a_place_by_hand(
    notebook: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    place = tmp_path / "odd place" / "file.py"
    place.parent.mkdir()
    place.write_text("z = 1\n")
    spec = importlib.util.spec_from_file_location("by_hand", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setitem(sys.modules, "by_hand", module)
    assert hooked(notebook.capture("1"))["by_hand"] == (str(place), [])


def test_what_lies_on_the_path_needs_no_word(
    notebook: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    pkg = package(tmp_path / "plain_pkg")
    (pkg / "sub.py").write_text("")
    (tmp_path / "plain_mod.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in ("plain_pkg", "plain_pkg.sub", "plain_mod"):
        importlib.import_module(name)
        # What was imported here is put away again.
        monkeypatch.setitem(sys.modules, name, sys.modules.pop(name))
    found = hooked(notebook.capture("import plain_pkg.sub, plain_mod, numpy, json, sys"))
    assert not {"plain_pkg", "plain_pkg.sub", "plain_mod", "numpy", "json"} & {*found}


def test_what_was_loaded_before_another_came_first(
    notebook: Any, tmp_path: Any, monkeypatch: Any
) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "shadow_mod.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path / "one"))
    importlib.import_module("shadow_mod")
    monkeypatch.setitem(sys.modules, "shadow_mod", sys.modules.pop("shadow_mod"))
    monkeypatch.syspath_prepend(str(tmp_path / "two"))
    found = hooked(notebook.capture("import shadow_mod"))
    assert found["shadow_mod"][0] == str(tmp_path / "one" / "shadow_mod.py")


@pytest.mark.parametrize("is_loaded", [True, False])
def test_a_module_in_an_archive_is_left_out_with_a_word(
    notebook: Any, tmp_path: Any, monkeypatch: Any, is_loaded: Any
) -> None:
    archive = tmp_path / "lib.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("zipped_mod.py", "x = 1\n")
    monkeypatch.syspath_prepend(str(archive))
    if is_loaded:
        importlib.import_module("zipped_mod")
        monkeypatch.setitem(sys.modules, "zipped_mod", sys.modules.pop("zipped_mod"))
    answer = notebook.capture("import zipped_mod")
    assert "zipped_mod" not in {each["module"] for each in answer["loaded"]}
    [left] = answer["leftOut"]
    assert (left["kind"], left["name"]) == ("module", "zipped_mod")
    assert str(archive) in left["reason"]


def test_a_module_without_a_file_is_left_out_with_a_word(notebook: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, "made_up", ModuleType("made_up"))
    notebook.run("import made_up")
    [left] = notebook.capture("import made_up")["leftOut"]
    assert (left["kind"], left["name"]) == ("module", "made_up")
    assert "memory" in left["reason"]
    [left] = notebook.capture("made_up.x")["leftOut"]
    assert left["name"] == "made_up"


def test_hooks_and_packages_that_raise_whatever_they_are_asked(
    notebook: Any, monkeypatch: Any
) -> None:
    class Angry:
        def __getattr__(self, name: Any) -> Any:
            raise RuntimeError(name)

        def __eq__(self, other: Any) -> Any:
            raise RuntimeError("eq")

    class Places:
        def __iter__(self) -> Any:
            raise KeyError("parent")

    package: Any = ModuleType("odd_pkg")
    package.__path__ = Places()
    inner: Any = ModuleType("odd_pkg.inner")
    inner.__file__ = "/somewhere/else/inner.py"
    monkeypatch.setitem(sys.modules, "odd_pkg", package)
    monkeypatch.setitem(sys.modules, "odd_pkg.inner", inner)
    sys.meta_path.append(Angry())
    answer = notebook.capture("import odd_pkg.inner, nowhere_at_all")
    assert hooked(answer)["odd_pkg.inner"] == ("/somewhere/else/inner.py", [])
    assert "nowhere_at_all" in {left["name"] for left in answer["leftOut"]}
