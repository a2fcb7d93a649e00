"""`mottling outcome`: printed for a person, written for the statistician."""

import csv
from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import ExportRefused, RecordRefused
from mottling.services.opening import open_services
from mottling.services.views import Answer
from tests.house import DAY1, NINA, RAVI, RITA, confirm, house_settings, open_house, read


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """01-001 has a verdict of at least 3, 01-002 died, 02-001 was never photographed."""
    folder = tmp_path_factory.mktemp("outcome")
    with closing(open_house(folder)) as services:
        confirm(services)
        services.ward.not_done(NINA, "01-002", visit="day1", reason="died", at=DAY1)
        for reader in (RITA, RAVI):
            read(services, reader, Answer.at_least(3))
    return folder


def run(folder, *words):
    options = ["--data", str(folder / "data"), "--models", str(folder / "models")]
    return CliRunner().invoke(mottling, ["outcome", *words, *options])


def test_each_patient_is_printed_with_a_value_or_a_reason(folder):
    lines = run(folder).output.splitlines()
    assert [line.split()[1:4] for line in lines[1:4]] == [
        ["01-001", "3+", "24.0"],
        ["01-002", "died", "(died)"],
        ["02-001", "no_record"],
    ]
    assert lines[-1] == "Patients: 3; with a value: 1; without: died 1, no_record 1"


def test_the_file_has_each_value_with_its_photograph_reading_and_model(folder, tmp_path):
    assert run(folder, "--csv", str(tmp_path / "out.csv")).exit_code == 0
    with (tmp_path / "out.csv").open(newline="") as file:
        first, second, _ = csv.DictReader(file)
    assert (first["value"], first["bound"], first["answered_by"], first["model"]) == (
        "3",
        "at_least",
        "rita",
        "tiny",
    )
    assert [len(first[name]) for name in ("photo_sha256", "record_id", "model_sha256")] == [64, 32, 64]
    assert (second["value"], second["missing"], second["photo_sha256"]) == ("", "died", "")


def test_the_same_records_give_the_same_bytes(folder, tmp_path):
    for name in ("one", "two"):
        run(folder, "--csv", str(tmp_path / name))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_file_is_never_replaced(folder, tmp_path):
    (tmp_path / "out.csv").write_text("mine")
    assert isinstance(run(folder, "--csv", str(tmp_path / "out.csv")).exception, ExportRefused)
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_a_snapshot_is_made_listed_superseded_and_compared(tmp_path):
    with closing(open_house(tmp_path)) as services:
        confirm(services)
    assert run(tmp_path, "--snapshots").output == "There is no snapshot yet.\n"
    first = run(tmp_path, "--freeze").output.splitlines()
    assert "3 patients, sha256 " in first[0]
    assert '"signature":"' in first[-1]
    with closing(open_services(house_settings(tmp_path), at=DAY1)) as services:
        for reader in (RITA, RAVI):
            read(services, reader, Answer.scored(4))
    assert isinstance(run(tmp_path, "--freeze").exception, RecordRefused)
    run(tmp_path, "--freeze", "--because", "The committee has read")
    assert (
        run(tmp_path, "--snapshots").output.splitlines()[1].endswith("supersedes 1: The committee has read")
    )
    said = run(tmp_path, "--diff", "1", "2").output
    assert "01-001: with_readers -> 4 [outcome, answer]" in said
    assert "verdict_formed" in said


@pytest.mark.parametrize("words", [("--freeze", "--snapshots"), ("--because", "Why not")])
def test_options_that_do_not_go_together_are_refused(folder, words):
    assert run(folder, *words).exit_code == 2
