from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sluice.server.extension import shown_folder


@pytest.fixture
def jp_root_dir(jp_home_dir: Path) -> Path:
    """A folder below the home, which Jupyter's own page config abbreviates."""
    root = jp_home_dir / "notebooks"
    root.mkdir()
    return root


def test_the_page_is_told_which_folder_is_shown(jp_serverapp: Any, jp_root_dir: Path) -> None:
    page_config = jp_serverapp.web_app.settings["page_config_data"]
    assert page_config["sluiceShownFolder"] == str(jp_root_dir)


def test_a_store_that_is_no_folder_has_none() -> None:
    assert shown_folder(object()) == ""
