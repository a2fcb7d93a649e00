"""Backups made while others write, and what a restore refuses."""

import shutil
import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import ChainBroken, PhotosErased, StoreBusy, StoreRefused
from mottling.store.backup import _one_at_a_time
from mottling.store.copies import read_manifest
from mottling.store.keyring import owner_of
from mottling.store.restore import restore
from mottling.store.store import Store
from tests.store.acts import NOW, do_everything, enrol, erasure, take

# A set is the same whatever it is made of: what is made of a database is compared in test_postgres.py.
_of_a_file = pytest.mark.parametrize("store", ["sqlite"], indirect=True)

PATIENTS = tuple(f"01-{number:03d}" for number in range(1, 6))


@pytest.fixture
def place(tmp_path):
    (tmp_path / "models" / "m").mkdir(parents=True)
    (tmp_path / "models" / "registry.json").write_text("{}")
    (tmp_path / "models" / "m" / "model.onnx").write_bytes(b"a network")
    return tmp_path


def _back_up(store, place, *, keys=True, at=NOW):
    done = store.back_up(place / "out", models=place / "models", at=at)
    if keys:
        store.back_up_keys(place / "kept-keys", at=at)
    return done


def _restore(place, name="new", *, keys=True, heads=()):
    found = place / "kept-keys" if keys else None
    return restore(place / "out", place / name, keys=found, heads=heads, at=NOW)


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns
        for path in folder.rglob("*")
        if path.is_file()
    }


@_of_a_file
def test_a_store_with_every_kind_of_record_comes_back(store, place):
    do_everything(store)
    done = _back_up(store, place)
    assert done.missing == ()
    restored = _restore(place)
    assert (restored.rows, restored.files, restored.erased_since) == (store.verify().rows, 2, 0)
    with Store.open(place / "new") as again:
        assert again.verify().head == store.verify().head
        assert again.office.audit() == store.office.audit()
        assert again.ward.photo_bytes(again.ward.photos()[0].photo.photo_id) == b"a photograph"
    assert (place / "new" / "models" / "m" / "model.onnx").read_bytes() == b"a network"
    assert stat.S_IMODE((place / "new").stat().st_mode) == 0o700


def test_backups_are_whole_while_others_write(store, place):
    enrol(store, *PATIENTS)

    def write(number):
        return take(store, PATIENTS[number % 5], data=f"photograph {number}".encode())

    with ThreadPoolExecutor(3) as pool:
        before = [write(number) for number in range(5)]
        meanwhile = [pool.submit(write, number) for number in range(5, 25)]
        first = _back_up(store, place)
        second = _back_up(store, place)
        taken = [one.result() for one in meanwhile]
    assert second.rows >= first.rows
    _restore(place)
    with Store.open(place / "new") as again:
        found = again.verify()
        assert (found.clean, found.orphans) == (True, ())
        there = {steps.photo.photo_id for steps in again.ward.photos()}
        assert {photo.photo_id for photo in before} <= there
        assert there <= {photo.photo_id for photo in [*before, *taken]}


def test_what_is_there_is_not_copied_again(store, place):
    enrol(store)
    take(store)
    _back_up(store, place)
    first = _files(place / "out")
    take(store, visit="baseline", data=b"another")
    done = _back_up(store, place)
    second = _files(place / "out")
    assert done.copied == 2
    assert {path for path in first if path in second and first[path] != second[path]} == {"manifest.json"}
    assert [path for path in second if path.endswith(".sqlite")] == [f"records-{done.rows}.sqlite"]


@_of_a_file
def test_a_model_that_changed_is_copied_though_its_size_stayed(store, place):
    _back_up(store, place)
    (place / "models" / "m" / "model.onnx").write_bytes(b"b network")
    _back_up(store, place)
    assert (place / "out" / "models" / "m" / "model.onnx").read_bytes() == b"b network"


@_of_a_file
def test_a_backup_holds_no_key_and_without_keys_nobody_reads_a_photograph(store, place):
    enrol(store)
    photo_id = take(store).photo_id
    _back_up(store, place)
    assert not [path for path in _files(place / "out") if "key" in path]
    restored = _restore(place, keys=False)
    assert (restored.has_keys, restored.files) == (False, 0)
    with Store.open(place / "new") as again, pytest.raises(StoreRefused, match="key for this patient's"):
        again.ward.photo_bytes(photo_id)


@_of_a_file
@pytest.mark.parametrize("path", ["records-", f"photos/{owner_of('01-001')}", "models/m/model.onnx"], ids=str)
def test_an_altered_set_is_refused_by_the_name_of_the_file_and_nothing_is_made(store, place, path):
    enrol(store)
    take(store)
    _back_up(store, place)
    altered = next(
        one for one in sorted((place / "out").rglob("*")) if path in one.as_posix() and one.is_file()
    )
    altered.write_bytes(altered.read_bytes()[:-1] + b"x")
    with pytest.raises(StoreRefused, match=f"In the backup .*{altered.name} is not what was copied"):
        _restore(place)
    assert not list(place.glob("new*"))


@_of_a_file
def test_a_set_that_lost_a_file_is_refused(store, place):
    _back_up(store, place)
    (place / "out" / "models" / "registry.json").unlink()
    with pytest.raises(StoreRefused, match=r"The backup has lost models/registry\.json"):
        _restore(place)


@_of_a_file
def test_records_altered_together_with_the_manifest_are_found_by_their_chain(store, place):
    enrol(store)
    _back_up(store, place)
    (records,) = (place / "out").glob("records-*")
    with closing(sqlite3.connect(records)) as connection:
        connection.execute("DROP TRIGGER patients_refuses_update")
        connection.execute("UPDATE patients SET site = '03'")
        connection.commit()
    _name_anew(place / "out", records)
    with pytest.raises(StoreRefused, match="The backup is not what was written: row 1 has a record"):
        _restore(place)


def _name_anew(out, path):
    from mottling.store.copies import copy_whole, write_manifest  # noqa: PLC0415

    manifest = read_manifest(out, "records")
    anew = copy_whole(path, out, path.name)
    files = tuple(anew if file.path == anew.path else file for file in manifest.files)
    write_manifest(out, manifest.model_copy(update={"files": files}))


@_of_a_file
def test_another_chain_than_the_head_that_was_kept_is_refused(store, place):
    enrol(store)
    head = store.head(at=NOW).model_copy(update={"hash": "f" * 64})
    _back_up(store, place)
    with pytest.raises(StoreRefused, match=r"the head of .* is not what was signed"):
        _restore(place, heads=[head])


@_of_a_file
@pytest.mark.parametrize("path", ["../outside", "/etc/outside", "a//b", ".hidden"])
def test_a_manifest_that_leads_outside_is_refused(store, place, path):
    _back_up(store, place)
    text = (place / "out" / "manifest.json").read_text()
    (place / "out" / "manifest.json").write_text(text.replace("models/registry.json", path))
    with pytest.raises(StoreRefused, match="is no manifest of a backup"):
        _restore(place)


@_of_a_file
def test_a_folder_without_a_backup_and_one_that_is_taken_are_refused(store, place):
    with pytest.raises(StoreRefused, match="holds no backup"):
        _restore(place)
    _back_up(store, place)
    with pytest.raises(StoreRefused, match="is there already"):
        _restore(place, "data")


@_of_a_file
def test_records_that_were_altered_do_not_take_the_place_of_good_ones(store, place):
    enrol(store)
    _back_up(store, place)
    before = _files(place / "out")
    with closing(sqlite3.connect(place / "data" / "mottling.sqlite")) as connection:
        connection.execute("DROP TRIGGER patients_refuses_update")
        connection.execute("UPDATE patients SET site = '03'")
        connection.commit()
    with pytest.raises(ChainBroken, match="were altered: row 1 has a record that was changed"):
        _back_up(store, place)
    assert _files(place / "out") == before


@_of_a_file
def test_records_that_do_not_go_on_from_the_last_backup_are_refused(store, place):
    enrol(store, "01-001", "01-002")
    _back_up(store, place)
    store.close()
    for path in (place / "data").glob("mottling.sqlite*"):
        path.unlink()
    with Store.open(place / "data") as anew:
        enrol(anew, "01-003")
        with pytest.raises(ChainBroken, match="not those of the last backup"):
            _back_up(anew, place)


@_of_a_file
def test_an_erased_patient_leaves_the_backup_and_cannot_be_read_from_an_older_one(store, place):
    enrol(store, "01-001", "01-002")
    photo_id = take(store).photo_id
    take(store, "01-002")
    _back_up(store, place)
    shutil.copytree(place / "out", place / "older")
    store.vault.erase(erasure())
    done = _back_up(store, place)
    assert done.removed == 2
    assert owner_of("01-001") not in " ".join(_files(place / "out"))
    restored = restore(place / "older", place / "new", keys=place / "kept-keys", at=NOW)
    assert restored.erased_since == 1
    with Store.open(place / "new") as again:
        with pytest.raises(PhotosErased):
            again.ward.photo_bytes(photo_id)
        assert again.verify().clean


@_of_a_file
def test_what_was_lost_here_stays_in_the_backup(store, place):
    enrol(store)
    take(store)
    _back_up(store, place)
    shutil.rmtree(place / "data" / "photos" / owner_of("01-001"))
    assert _back_up(store, place).missing == ()
    assert _restore(place).files == 1


@_of_a_file
def test_what_is_damaged_and_was_never_copied_is_named(store, place):
    enrol(store)
    photo = take(store)
    (path,) = (place / "data" / "photos" / owner_of("01-001")).iterdir()
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert _back_up(store, place).missing == (photo.sha256,)
    assert _restore(place).missing == 1


@_of_a_file
def test_one_backup_at_a_time_is_made_into_a_folder(store, place):
    with _one_at_a_time(place / "out"), pytest.raises(StoreBusy, match="Another backup into"):
        _back_up(store, place)


@_of_a_file
def test_a_copy_of_the_keys_takes_the_place_of_the_one_before(store, place):
    enrol(store)
    take(store)
    _back_up(store, place)
    first = {path.name for path in (place / "kept-keys").glob("set-*")}
    store.vault.rotate(by="root", at=NOW)
    _back_up(store, place, at=NOW + timedelta(hours=1))
    second = {path.name for path in (place / "kept-keys").glob("set-*")}
    assert (first, second) == ({"set-1"}, {"set-2"})
    assert _restore(place).files == 1
