from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from sluice.connection import Place
from sluice.magics.plan_view import plan_bundle
from sluice.tests.magics.conftest import Run, Story

NOW = dt.datetime(2026, 3, 4, 12, 0, tzinfo=dt.timezone.utc)


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
        "notes": [{"kind": "file", "name": "/far/data", "text": "found there, on moon"}],
        "script": "#!/bin/sh\nexec <python>\n",
        "submit": None,
        "transfer": {"files": 3, "bytes": 2_500_000},
        "rehearsal": None,
        **more,
    }


def shown(**more: Any) -> tuple[str, str]:
    """Give the plan as text, and as HTML."""
    bundle = plan_bundle(plan(**more), NOW)
    return bundle["text/plain"], bundle["text/html"]


def test_the_plan_is_given_in_three_forms() -> None:
    bundle = plan_bundle(plan(), NOW)
    assert bundle["application/vnd.sluice.plan+json"] == plan()
    text = bundle["text/plain"]
    assert text.startswith("1 module, 2.5 MB would travel to moon; nothing was sent.\n")
    assert "lock  cannot be pickled" in text
    assert "/far/data  found there, on moon" in text
    assert "1.5 kB" in text


def test_what_may_need_a_person_stands_before_what_travels_and_the_script_last() -> None:
    for view in shown():
        places = [view.index(word) for word in ("Left out (1)", "Worth a look (1)", "Modules (1)")]
        assert places == sorted(places)
        assert view.index("Modules (1)") < view.index("#!/bin/sh")


def test_nothing_but_the_cell_is_said_so() -> None:
    text, html = shown(modules=[], leftOut=[], notes=[], transfer={"files": 0, "bytes": 0})
    for view in (text, html):
        assert "Only the cell itself would travel to moon; nothing was sent." in view
        assert "(0)" not in view


def test_html_holds_no_markup_of_the_plan() -> None:
    _, html = shown(rehearsal=rehearsal(message="<i>", outputs=[stream("<script>")]))
    assert "pkg/&lt;b&gt;.py" in html
    assert "exec &lt;python&gt;" in html
    assert "<b>" not in html
    assert "<i>" not in html
    assert "<script>" not in html


def test_long_lists_are_cut_and_counted() -> None:
    files = [{"path": f"f{n}", "bytes": 1, "why": "named"} for n in range(60)]
    for view in shown(files=files):
        assert "Files (60)" in view
        assert "f49" in view
        assert "f50" not in view
        assert "… and 10 more" in view


def test_a_variable_that_only_a_kernel_knows_has_no_size() -> None:
    variable = {"name": "x", "type": "unknown", "bytes": 0, "format": "unknown", "why": "read"}
    text, _ = shown(variables=[variable])
    assert "x     unknown  not known  unknown" in text
    assert text.startswith("1 module, 1 variable, 2.5 MB and what only a kernel holds would travel")


def submit(**more: Any) -> dict[str, Any]:
    return {"accepted": True, "estimatedStart": None, "message": None, "smaller": None, **more}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (submit(), "The job (cpus 2) would be taken."),
        (submit(estimatedStart="2026-03-04T12:00:20.000Z"), "start at once."),
        (submit(estimatedStart="2026-03-04T14:10:00.000Z"), "start about 14:10."),
        (submit(estimatedStart="2026-03-05T09:00:00.000Z"), "start about tomorrow 09:00."),
        (submit(estimatedStart="2026-03-09T09:00:00.000Z"), "start about Mon 2026-03-09 09:00."),
        (submit(accepted=False, message="bad"), "would be REFUSED: bad"),
    ],
)
def test_the_schedulers_opinion_is_told(said: dict[str, Any], words: str) -> None:
    for view in shown(submit=said):
        assert words in view


def test_a_smaller_shape_stands_beside_what_was_asked() -> None:
    less = {"cpus": 2, "time": "1:00:00"}
    smaller = {"resources": less, "estimatedStart": "2026-03-04T14:10:00.000Z"}
    said = submit(estimatedStart="2026-03-05T09:00:00.000Z", smaller=smaller)
    for view in shown(submit=said):
        assert "Sooner with less: time 1:00:00: 14:10; as asked: tomorrow 09:00." in view


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def rehearsal(**more: Any) -> dict[str, Any]:
    missing = {"kind": "file", "name": "data/x.csv", "line": 3, "text": "opened by pandas"}
    return {
        "ok": False,
        "seconds": 2.34,
        "uncaptured": [missing],
        "stopped": "missing",
        "message": "It came to line 3 of 5.",
        "task": "sl-1",
        "outputs": [stream("before\n")],
        **more,
    }


def test_a_rehearsal_says_what_was_missing_and_shows_its_outputs_apart() -> None:
    text, html = shown(rehearsal=rehearsal())
    for view in (text, html):
        assert "ran for 2.3 s and needed 1 thing that would not travel" in view
        assert "It came to line 3 of 5." in view
        assert "data/x.csv" in view
        assert "before" in view
    assert "  | before\n" in text
    assert "file    data/x.csv  3     opened by pandas" in text


def test_a_rehearsal_that_needed_nothing_else_says_so() -> None:
    good = rehearsal(ok=True, uncaptured=[], stopped=None, message=None, outputs=[])
    for view in shown(rehearsal=good):
        assert "The rehearsal ran to its end in 2.3 s; it needed nothing" in view


def test_pictures_of_a_rehearsal_are_shown_and_nothing_that_acts() -> None:
    data = {"text/plain": "<Figure>", "image/png": "iVBORw0=\n", "text/html": "<script>x</script>"}
    bad = {"image/png": '"><script>', "text/plain": "odd"}
    outputs = [{"output_type": "display_data", "data": each} for each in (data, bad)]
    outputs.append(
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["\x1b[31mE: v\x1b[0m"]}
    )
    text, html = shown(rehearsal=rehearsal(outputs=outputs))
    assert 'src="data:image/png;base64,iVBORw0="' in html
    assert "script" not in html.lower().replace("</summary>", "").replace(">script<", "")
    assert "E: v" in text
    assert "\x1b" not in text


def test_a_dry_run_displays_the_plan_and_submits_nothing(
    story: Story, run: Run, place: Place
) -> None:
    story(plan=plan())
    (outputs,) = run("%%slurm moon --dry-run --cpus 2\nimport pkg.b")
    assert [output["output_type"] for output in outputs] == ["display_data"]
    assert outputs[0]["data"]["application/vnd.sluice.plan+json"] == plan()
    request = json.loads((place.state / "submitted.json").read_text())
    assert request["payload"]["source"] == "import pkg.b\n"


def test_a_rehearsal_is_a_dry_run_that_runs(story: Story, run: Run, place: Place) -> None:
    story(plan=plan(rehearsal=rehearsal()))
    (outputs,) = run("%%slurm moon --rehearse -i data/big.csv -i !old.csv\nimport pkg.b")
    assert [output["output_type"] for output in outputs] == ["display_data"]
    assert "Rehearsal" in outputs[0]["data"]["text/plain"]
    request = json.loads((place.state / "submitted.json").read_text())
    assert request["rehearse"] is True
    assert request["files"] == {"include": ["data/big.csv"], "exclude": ["old.csv"]}
