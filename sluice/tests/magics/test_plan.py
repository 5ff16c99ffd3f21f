from __future__ import annotations

import json
from typing import Any

import pytest

from sluice.connection import Place
from sluice.magics.plan_view import plan_bundle
from sluice.tests.magics.conftest import Run, Story


def plan(**more: Any) -> dict[str, Any]:
    item = {"path": "pkg/<b>.py", "root": "/x", "module": "pkg.b", "bytes": 1500, "sha256": "0"}
    return {
        "version": 1,
        "target": "moon",
        "resources": {"cpus": 2},
        "environment": {},
        "manifest": "sha256:0",
        "cell": {"id": None, "sha256": "0"},
        "modules": [{**item, "why": "imported by the cell"}],
        "files": [],
        "variables": [],
        "packages": [],
        "leftOut": [{"kind": "variable", "name": "lock", "reason": "cannot be pickled"}],
        "script": "#!/bin/sh\nexec <python>\n",
        "submit": None,
        "transfer": {"files": 3, "bytes": 2_500_000},
        "rehearsal": None,
        **more,
    }


def test_the_plan_is_given_in_three_forms() -> None:
    bundle = plan_bundle(plan())
    assert bundle["application/vnd.sluice.plan+json"] == plan()
    text = bundle["text/plain"]
    assert text.startswith("Dry run on moon: nothing was started. 3 files (2.5 MB) would be sent")
    assert "lock  cannot be pickled" in text
    assert "1.5 kB" in text


def test_html_holds_no_markup_of_the_plan() -> None:
    html = plan_bundle(plan())["text/html"]
    assert "pkg/&lt;b&gt;.py" in html
    assert "exec &lt;python&gt;" in html
    assert "<b>" not in html


@pytest.mark.parametrize(
    ("submit", "words"),
    [
        ({"accepted": True, "estimatedStart": "12:00", "message": None}, "start about 12:00."),
        ({"accepted": False, "estimatedStart": None, "message": "bad"}, "would refuse it: bad"),
    ],
)
def test_the_schedulers_opinion_is_told(submit: dict[str, Any], words: str) -> None:
    bundle = plan_bundle(plan(submit=submit))
    assert words in bundle["text/plain"]
    assert words in bundle["text/html"]


def test_a_dry_run_displays_the_plan_and_submits_nothing(
    story: Story, run: Run, place: Place
) -> None:
    story(plan=plan())
    (outputs,) = run("%%slurm moon --dry-run --cpus 2\nimport pkg.b")
    assert [output["output_type"] for output in outputs] == ["display_data"]
    assert outputs[0]["data"]["application/vnd.sluice.plan+json"] == plan()
    request = json.loads((place.state / "submitted.json").read_text())
    assert request["payload"]["source"] == "import pkg.b\n"
