"""`mottling change`: what changes about a patient, at the terminal."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import RecordRefused
from tests.house import PATIENT, open_house, take


@pytest.fixture
def folder(tmp_path):
    with closing(open_house(tmp_path)) as services:
        take(services)
    return tmp_path


def run(folder, *words):
    options = ["--data", str(folder / "data"), "--models", str(folder / "models")]
    return CliRunner().invoke(mottling, ["change", *words, *options])


def test_a_patient_changes_by_commands_and_each_change_is_listed(folder):
    since = ("--since", "2026-03-03T10:00+01:00", "--reason", "Form 1")
    said = run(folder, "withdraw", PATIENT, "--extent", "erase_photographs", *since).output
    assert "Withdrawn from 2026-03-03T09:00:00+00:00: erase_photographs" in said
    assert "mottling erase-photos 01-001" in said
    assert "Withdrawn" not in run(folder, "take-back", PATIENT, "--reason", "Another one").output
    assert "site 01, now 02" in run(folder, "transfer", PATIENT, "--site", "02", *since).output
    assert run(folder, "number", PATIENT, "01-071", "--reason", "Typed").output.startswith(
        "01-071 (was 01-001)"
    )
    enrolled = run(folder, "enrolment", PATIENT, "--site", "03", "--reason", "Misread").output
    assert "site 03, now 02" in enrolled
    listed = run(folder, "list").output.splitlines()
    assert [line.split()[0] for line in listed] == ["01-071"] * 5
    assert "number 01-001 corrected to 01-071: Typed" in run(folder, "show", PATIENT).output


def test_a_time_without_its_offset_is_refused(folder):
    for time in ("2026-03-03T10:00", "soon"):
        result = run(folder, "withdraw", PATIENT, "--since", time, "--reason", "Form 1")
        assert isinstance(result.exception, RecordRefused)
