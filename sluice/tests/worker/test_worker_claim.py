from __future__ import annotations

import json
from typing import Any

from .host import Host


def tree(run: Any) -> Any:
    return {
        str(path.relative_to(run)): path.read_bytes() if path.is_file() else None
        for path in run.rglob("*")
    }


def start_again(host: Any, run: Any, attempt: Any = 0, **environment: Any) -> Any:
    return host.finish(host.start(run, **environment), run, attempt)


def test_the_claim_names_its_owner(plain_host: Host) -> None:
    run = plain_host.lay_out("pass")
    start_again(plain_host, run)
    owner = json.loads((run / "claim" / "owner").read_text())
    assert (owner["jobId"], owner["attempt"]) == ("4711", 0)


def test_another_job_changes_nothing(plain_host: Host) -> None:
    run = plain_host.lay_out("print('once')")
    start_again(plain_host, run)
    before = tree(run)
    second = start_again(plain_host, run, SLUICE_JOB_ID="4712")
    assert second.status == 3
    assert "belongs to job 4711" in second.stderr
    assert tree(run) == before


def test_the_same_attempt_is_not_run_twice(plain_host: Host) -> None:
    run = plain_host.lay_out("print('once')")
    start_again(plain_host, run)
    before = tree(run)
    assert start_again(plain_host, run).status == 3
    assert tree(run) == before


def test_a_job_without_identity_is_never_taken_for_the_same(plain_host: Host) -> None:
    run = plain_host.lay_out("pass")
    start_again(plain_host, run, SLUICE_JOB_ID="")
    assert start_again(plain_host, run, 1, SLUICE_JOB_ID="", SLURM_RESTART_COUNT="1").status == 3


def test_a_requeued_job_runs_its_new_attempt_once(plain_host: Host) -> None:
    run = plain_host.lay_out("print('again')")
    start_again(plain_host, run)
    second = start_again(plain_host, run, 1, SLURM_RESTART_COUNT="1")
    assert second.status == 0
    assert second.text() == "again\n"
    assert json.loads((run / "claim" / "owner").read_text())["attempt"] == 1
    assert start_again(plain_host, run, 1, SLURM_RESTART_COUNT="1").status == 3
    assert start_again(plain_host, run, 0).status == 3


def test_of_many_at_once_one_runs(plain_host: Host) -> None:
    run = plain_host.lay_out("print('once')")
    processes = [plain_host.start(run, SLUICE_JOB_ID=str(n)) for n in range(6)]
    statuses = sorted(plain_host.finish(process, run).status for process in processes)
    assert statuses == [0, 3, 3, 3, 3, 3]
    assert [path.name for path in run.glob("claim*")] == ["claim"]


def test_a_claim_that_cannot_be_read_is_respected(plain_host: Host) -> None:
    run = plain_host.lay_out("pass")
    (run / "claim").mkdir()
    (run / "claim" / "other").touch()
    refused = start_again(plain_host, run)
    assert refused.status == 3
    assert not (run / "attempts").exists()


def test_a_run_that_is_not_there(plain_host: Host) -> None:
    refused = start_again(plain_host, plain_host.root / "runs" / "missing")
    assert refused.status == 2
    assert "cannot be started" in refused.stderr
