from __future__ import annotations

import pytest

from sluice.connection import SluiceError
from sluice.magics.options import CellOptions, parse_cell_options, parse_line_command


def test_an_empty_line_asks_for_nothing() -> None:
    assert parse_cell_options("") == CellOptions(None, {}, (), (), None, False, False, False)


def test_every_resource_has_its_word() -> None:
    line = (
        "curnagl --cpus 4 --memory 8G --gpus 2 --nodes 3 --time 1:00:00 --partition gpu"
        " --account me --sbatch=--mail-type=FAIL --sbatch='--comment=two words'"
    )
    options = parse_cell_options(line)
    assert options.target == "curnagl"
    assert options.resources == {
        "cpus": 4,
        "memory": "8G",
        "gpus": 2,
        "nodes": 3,
        "time": "1:00:00",
        "partition": "gpu",
        "account": "me",
        "sbatch": ["--mail-type=FAIL", "--comment=two words"],
    }


def test_gpus_may_name_their_kind() -> None:
    assert parse_cell_options("--gpus a100:2").resources == {"gpus": "a100:2"}


def test_names_come_in_lists_and_again() -> None:
    options = parse_cell_options("-i a,b -i !big -i c,a -o x,y -o z")
    assert (options.include, options.exclude) == (("a", "b", "c"), ("big",))
    assert options.outputs == ["x", "y", "z"]


def test_no_outputs_at_all_is_not_the_same_as_all_of_them() -> None:
    assert parse_cell_options("-o ''").outputs == []
    assert parse_cell_options("").outputs is None


def test_what_is_no_name_is_a_file() -> None:
    options = parse_cell_options("-i a,data/x.csv -i '!*.log' -i !b,2x")
    assert (options.include, options.exclude) == (("a",), ("b",))
    assert options.include_files == ("data/x.csv", "2x")
    assert options.exclude_files == ("*.log",)


def test_what_is_said_last_counts() -> None:
    options = parse_cell_options("-i a,x.csv -i !a,!x.csv -i !b -i b")
    assert (options.include, options.exclude) == (("b",), ("a",))
    assert (options.include_files, options.exclude_files) == ((), ("x.csv",))


def test_ways_on_for_what_is_too_large() -> None:
    options = parse_cell_options(
        "--recompute big,other --columns f=a:b --columns g=c --columns f=d"
    )
    assert options.recompute == ("big", "other")
    assert options.columns == {"f": ["a", "b", "d"], "g": ["c"]}


def test_switches() -> None:
    options = parse_cell_options("here --detach --dry-run")
    assert (options.detach, options.dry_run, options.rehearse) == (True, True, False)
    rehearsed = parse_cell_options("--rehearse")
    assert (rehearsed.dry_run, rehearsed.rehearse) == (True, True)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("--cpu 4", "--cpu"),
        ("--cpus 0", "above 0"),
        ("--cpus two", "“two”"),
        ("--cpus", "--cpus"),
        ("here there", "there"),
        ("-o 2x", "“2x”"),
        ("-i !", "“!”"),
        ("--recompute a.b", "“a.b”"),
        ("--columns frame", "NAME=a:b"),
        ("--columns frame=", "NAME=a:b"),
        ("--columns 2=a", "NAME=a:b"),
        ("-o !x", "cannot exclude"),
        ("--sbatch 'open", "cannot be read"),
    ],
)
def test_a_bad_line_is_refused_with_the_usage(line: str, word: str) -> None:
    with pytest.raises(SluiceError) as caught:
        parse_cell_options(line)
    assert caught.value.code == "request-invalid"
    assert word in caught.value.message
    assert caught.value.hint.startswith("usage: %%slurm")
    assert "--memory 8G" in caught.value.hint


def test_line_commands() -> None:
    assert parse_line_command("jobs").command == "jobs"
    assert parse_line_command("logs sl-1").id == "sl-1"
    assert parse_line_command("doctor here").target == "here"


@pytest.mark.parametrize("line", ["", "job", "logs", "jobs all", "doctor"])
def test_a_bad_line_command_is_refused_with_the_usage(line: str) -> None:
    with pytest.raises(SluiceError) as caught:
        parse_line_command(line)
    assert "usage: %sluice" in caught.value.hint
