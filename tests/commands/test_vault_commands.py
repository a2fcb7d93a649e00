"""The commands that erase a patient's photographs and exchange the server's key."""

from contextlib import closing

import pytest
from click.testing import CliRunner

from mottling.cli import mottling
from mottling.errors import PhotosErased, RecordRefused
from mottling.store.store import Store
from tests.house import PATIENT, charter_text, confirm, house_settings, open_house


@pytest.fixture
def house(tmp_path):
    with closing(open_house(tmp_path)) as services:
        confirm(services)
    return tmp_path


def _run(*words, folder, says=None):
    return CliRunner().invoke(mottling, [*words, "--data", str(folder / "data")], input=says)


def test_erasing_asks_first_and_does_nothing_without_a_yes(house):
    result = _run("erase-photos", PATIENT, "--reason", "Consent withdrawn", folder=house, says="n\n")
    assert result.exit_code == 1
    with Store.open(house / "data") as store:
        assert store.ward.erased() == frozenset()


def test_erasing_says_what_it_did_and_what_is_left_to_do(house):
    result = _run("erase-photos", PATIENT, "--reason", "Consent withdrawn", folder=house, says="y\n")
    assert result.exit_code == 0
    assert f"{PATIENT}: 1 photographs erased. Scores stay.\n" in result.output
    assert "Copies of the folder `keys` hold the key still" in result.output
    with Store.open(house / "data") as store:
        (steps,) = store.ward.photos(patient=PATIENT)
        with pytest.raises(PhotosErased):
            store.ward.photo_bytes(steps.photo.photo_id)


def test_erasing_says_that_scores_are_left_out_where_the_trial_file_says_so(house):
    house_settings(house, charter=charter_text('_erased = "stay"', '_erased = "left_out"'))
    (house / "app.toml").write_text('trial = "trial.toml"\n')
    settings = ("--settings", str(house / "app.toml"))
    result = _run("erase-photos", PATIENT, "--reason", "x", "--yes", *settings, folder=house)
    assert f"{PATIENT}: 1 photographs erased. Scores are left out from now on" in result.output


def test_verify_says_what_was_erased(house):
    assert _run("erase-photos", PATIENT, "--reason", "x", "--yes", folder=house).exit_code == 0
    result = _run("verify", folder=house)
    assert result.exit_code == 0
    assert "Photographs and overlays that were erased, as the records say: 2\n" in result.output


def test_a_patient_whom_nobody_knows_is_refused(house):
    result = _run("erase-photos", "09-999", "--reason", "x", "--yes", folder=house)
    assert isinstance(result.exception, RecordRefused)


def test_keys_are_rotated_and_photographs_read_as_before(house):
    result = _run("rotate-keys", folder=house)
    assert result.exit_code == 0
    assert "Keys of patients wrapped anew: 1\n" in result.output
    with Store.open(house / "data") as store:
        assert store.verify().clean
    assert [path.name for path in (house / "data" / "keys").glob("server-*")] == ["server-0002.key"]
