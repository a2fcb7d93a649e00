"""The commands that copy everything to another place, bring it back, and look whether all is well."""

import re
from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import StoreRefused
from mottling.store.store import Store
from tests.house import confirm, open_house


@pytest.fixture
def house(tmp_path):
    with closing(open_house(tmp_path)) as services:
        confirm(services)
    return tmp_path


def _run(*words):
    return CliRunner().invoke(mottling, [str(word) for word in words])


def _back_up(house, *words):
    places = ("--data", house / "data", "--models", house / "models")
    return _run("backup", house / "out", *places, *words)


def test_what_was_backed_up_is_restored_and_the_backup_is_on_record(house):
    result = _back_up(house, "--keys", house / "kept-keys")
    assert result.exit_code == 0
    assert re.match(
        rf"{house}/out: \d+ records; files copied: \d+; there already: 0; removed: 0\n", result.output
    )
    result = _run("restore", house / "out", "--data", house / "new", "--keys", house / "kept-keys")
    assert result.exit_code == 0
    assert "Photographs and overlays that were unsealed and checked: 2\n" in result.output
    with Store.open(house / "data") as store:
        assert (store.office.audit()[-1].act, store.office.audit()[-1].subject) == ("exported", "backup")


def test_a_restore_without_keys_says_that_nobody_can_read_the_photographs(house):
    _back_up(house)
    result = _run("restore", house / "out", "--data", house / "new")
    assert result.exit_code == 0
    assert "nobody can read them" in result.output


def test_a_restore_against_a_head_that_was_kept(house):
    (house / "head.json").write_text(_run("head", "--data", house / "data").output)
    _back_up(house, "--keys", house / "kept-keys")
    words = ("restore", house / "out", "--data", house / "new", "--keys", house / "kept-keys")
    assert _run(*words, "--head", house / "head.json").exit_code == 0


def test_a_restore_says_what_was_lost_before_the_backup_and_who_was_erased_after_it(house):
    places = ("--data", house / "data", "--models", house / "models", "--keys", house / "kept-keys")
    (path,) = (house / "data" / "overlays").rglob("*/*")
    path.unlink()
    _run("backup", house / "before", *places)
    erase = ("erase-photos", "01-001", "--reason", "asked", "--yes", "--data", house / "data")
    assert _run(*erase).exit_code == 0
    _run("backup", house / "after", *places)
    result = _run("restore", house / "before", "--data", house / "new", "--keys", house / "kept-keys")
    assert result.exit_code == 0, result.output
    assert "Photographs and overlays that were lost before the backup was made: 1\n" in result.output
    assert "Patients who were erased after the backup was made: 1\n" in result.output


@pytest.mark.parametrize("inside", ["out/keys", "."])
def test_keys_are_not_kept_beside_the_photographs(house, inside):
    result = _back_up(house, "--keys", house / inside)
    assert isinstance(result.exception, StoreRefused)
    assert "stand within each other" in str(result.exception)


def test_a_backup_that_lacks_a_photograph_says_so_and_ends_with_one(house):
    (path,) = (house / "data" / "photos").rglob("*/*")
    path.unlink()
    result = _back_up(house)
    assert result.exit_code == 1
    assert f"  {path.name}\n" in result.output


def test_the_doctor_writes_a_line_for_each_thing_and_ends_with_one_when_there_is_an_error(house):
    words = ("doctor", "--data", house / "data", "--models", house / "models")
    result = _run(*words)
    assert result.exit_code == (1 if "error   Disk" in result.output else 0)
    assert re.search(r"^ok      Records: \d+, schema \d{4}\.$", result.output, re.MULTILINE)
    (house / "data").chmod(0o755)
    result = _run(*words)
    assert result.exit_code == 1
    assert f"error   Others may look into {house}/data. chmod 700 {house}/data." in result.output
