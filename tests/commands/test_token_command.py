"""`mottling token`: a token is shown once, listed without itself, and revoked with a reason."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import Conflict, RecordRefused, StoreRefused
from mottling.services.opening import open_services
from tests.house import DAY1, house_settings, open_house


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("tokens")
    open_house(made).close()
    return made


def run(folder, *words):
    options = ["--data", str(folder / "data"), "--models", str(folder / "models")]
    return CliRunner().invoke(mottling, ["token", *words, *options])


def test_a_token_is_shown_once_listed_and_revoked(folder):
    added = run(
        folder, "add", "icu", "--scope", "photos", "--scope", "status", "--site", "01", "--days", "30"
    )
    token, hint = added.output.splitlines()
    assert token.startswith("mottling_")
    assert "shown this once" in hint
    listed = run(folder, "list").output
    assert "icu: photos status; site 01; given " in listed
    assert "; open" in listed
    assert token not in listed
    assert run(folder, "revoke", "icu", "--reason", "Lost").output == "icu opens nothing any more.\n"
    assert "; revoked: Lost" in run(folder, "list").output
    with closing(open_services(house_settings(folder), at=DAY1)) as services:
        assert services.programs.program(token, at=DAY1) is None
    again = run(folder, "add", "icu", "--scope", "status", "--days", "30")
    assert isinstance(again.exception, Conflict)


@pytest.mark.parametrize(
    "words",
    [
        ("add", "icu2", "--scope", "photos", "--days", "30"),
        ("add", "icu2", "--scope", "status", "--days", "0"),
        ("revoke", "nobody", "--reason", "Lost"),
    ],
)
def test_what_cannot_be_is_refused(folder, words):
    assert isinstance(run(folder, *words).exception, RecordRefused)


@pytest.mark.parametrize(
    "words", [("add", "x", "--days", "1"), ("add", "x", "--scope", "all", "--days", "1")]
)
def test_a_scope_that_is_missing_or_unknown_is_no_command(folder, words):
    assert run(folder, *words).exit_code == 2


def test_a_folder_without_a_trial_is_not_made_one(tmp_path):
    assert isinstance(run(tmp_path, "list").exception, StoreRefused)
    assert not (tmp_path / "data").exists()
