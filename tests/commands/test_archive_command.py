"""What leaves at the end of a trial, by command: the whole archive, and what to look at first in training."""

import csv
import hashlib
from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import ExportRefused
from mottling.services.opening import open_services
from mottling.services.views import Answer
from mottling.store.head import read_head
from mottling.trial.consents import Choice
from tests.house import DAY1, OLGA, PATIENT, RAVI, RITA, confirm, house_settings, open_house, read

PASSWORD = "the password of olga"


@pytest.fixture(scope="module")
def ended(tmp_path_factory):
    """A trial with one photograph that two have read alike, and whose read-out is closed."""
    folder = tmp_path_factory.mktemp("ended")
    with closing(open_house(folder)) as services:
        services.accounts.add_user(OLGA, PASSWORD, by="setup", at=DAY1)
        confirm(services, score=3)
        for reader in (RITA, RAVI):
            read(services, reader, Answer.scored(2))
        services.consents.record(OLGA, [PATIENT], Choice.GIVEN, at=DAY1)
    done = run(folder, "readout", "close", "--by", "olga", "--password", PASSWORD)
    assert done.exit_code == 0, done.output
    return folder


def run(folder, *words):
    options = ["--data", str(folder / "data"), "--models", str(folder / "models")]
    return CliRunner().invoke(mottling, [*map(str, words), *options])


def exported(folder):
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        return [entry.subject for entry in services.office._store.office.audit() if entry.act == "exported"]


def test_an_archive_is_written_its_hash_and_a_signed_line_to_keep_are_printed(ended, tmp_path):
    out = tmp_path / "tmf"
    done = run(ended, "archive", out)
    assert done.exit_code == 0, done.output
    counted, says, head = done.output.splitlines()
    files = [path for path in out.rglob("*") if path.is_file()]
    digest = hashlib.sha256((out / "manifest.json").read_bytes()).hexdigest()
    assert counted == f"{out}: {len(files)} files; SHA-256 of the manifest: {digest}"
    assert says == "The chain that holds it, signed; keep this line somewhere else:"
    (tmp_path / "kept").write_text(head)
    assert read_head(tmp_path / "kept").is_as_signed()


@pytest.mark.parametrize(("words", "language"), [((), "fr"), (("--language", "en"), "en")])
def test_its_pages_speak_the_language_that_is_asked_for_or_the_first_of_the_trial_file(
    ended, tmp_path, words, language
):
    assert run(ended, "archive", tmp_path / "tmf", *words).exit_code == 0
    assert f'<html lang="{language}">' in (tmp_path / "tmf" / "index.html").read_text("utf-8")


def test_an_archive_is_not_written_over_what_is_there(ended, tmp_path):
    before = exported(ended)
    (tmp_path / "tmf").mkdir()
    (tmp_path / "tmf" / "note").write_text("mine")
    assert isinstance(run(ended, "archive", tmp_path / "tmf").exception, ExportRefused)
    assert [path.name for path in (tmp_path / "tmf").iterdir()] == ["note"]
    assert exported(ended) == before


def test_what_training_would_learn_most_from_is_written_into_a_new_file_only(ended, tmp_path):
    out = tmp_path / "first.csv"
    assert run(ended, "first-to-train", out).output == f"{out}: what to look at first is listed.\n"
    first = out.read_bytes()
    assert len(list(csv.DictReader(first.decode().splitlines()))) == 1
    left = exported(ended)
    refused = run(ended, "first-to-train", out)
    assert "exists already" in str(refused.exception)
    assert (out.read_bytes(), exported(ended)) == (first, left)


def test_a_file_that_cannot_be_written_is_said_so(ended, tmp_path):
    refused = run(ended, "first-to-train", tmp_path / "nowhere" / "first.csv")
    assert isinstance(refused.exception, ExportRefused)
    assert "cannot be written: No such file or directory" in str(refused.exception)
