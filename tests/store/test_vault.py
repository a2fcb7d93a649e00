import hashlib
import shutil

import pytest

from mottling.errors import PhotosErased, RecordRefused
from mottling.store.keyring import KeyRing, owner_of
from mottling.store.store import Store
from mottling.trial.committee_records import RepeatAssignment, RepeatReading
from mottling.trial.records import Answer, Assignment, Reading, Reveal
from tests.store.acts import NOW, assessment, enrol, erasure, final, own, take

DATA = b"a photograph"
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def photo_id(store):
    """A photograph with an overlay, of a patient who will withdraw; another patient has the same bytes."""
    enrol(store, "01-001", "01-002")
    take(store, "01-002")
    photo_id = take(store).photo_id
    store.ward.lock_own_score(own(photo_id))
    store.ward.add_assessment(photo_id, assessment(), overlay=b"an overlay", by="server", at=NOW)
    return photo_id


def _lay_open(folder):
    """The same store as a version without keys wrote it."""
    with Store.open(folder) as store:
        for steps in store.ward.photos():
            for name, sha256, data in (
                ("photos", steps.photo.sha256, store.ward.photo_bytes(steps.photo.photo_id)),
                ("overlays", hashlib.sha256(b"an overlay").hexdigest(), b"an overlay"),
            ):
                path = folder / name / sha256[:2] / sha256
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(data)
    for name in ("photos", "overlays"):
        for owner in [path for path in (folder / name).iterdir() if len(path.name) == 32]:
            shutil.rmtree(owner)
    shutil.rmtree(folder / "keys")


def _contents(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_an_erased_photograph_and_its_overlay_cannot_be_read_again(store, photo_id, tmp_path):
    assert store.vault.erase(erasure()) == 1
    for act in (store.ward.photo_bytes, store.ward.overlay):
        with pytest.raises(PhotosErased, match=r"This patient's photographs were erased\. Nothing is left"):
            act(photo_id)
    for shelf in ("photos", "overlays"):
        assert not list((tmp_path / "data" / shelf / owner_of("01-001")).iterdir())


def test_a_copy_of_the_sealed_photograph_made_before_is_of_no_use(store, photo_id, tmp_path):
    shutil.copytree(tmp_path / "data" / "photos", tmp_path / "copy")
    store.vault.erase(erasure())
    shutil.copytree(tmp_path / "copy", tmp_path / "data" / "photos", dirs_exist_ok=True)
    with pytest.raises(PhotosErased):
        store.ward.photo_bytes(photo_id)
    assert store.verify().bad_file is None


def test_scores_stay_and_the_chain_tells_who_erased_and_why(store, photo_id):
    store.vault.erase(erasure())
    steps = store.ward.photo(photo_id)
    assert (steps.own.answer, steps.assessment.assessment.score) == (Answer.scored(2), 1)
    last = store.office.audit()[-1]
    assert (last.act, last.by, last.subject) == ("photos_erased", "olga", "01-001")
    assert store.ward.erased() == {"01-001"}


def test_verify_counts_what_was_erased_and_misses_nothing(store, photo_id):
    store.vault.erase(erasure())
    found = store.verify()
    assert (found.clean, found.files, found.erased, found.orphans) == (True, 1, 2, ())


def test_the_same_bytes_of_another_patient_stay(store, photo_id):
    store.vault.erase(erasure())
    other = store.ward.photos(patient="01-002")[0].photo
    assert store.ward.photo_bytes(other.photo_id) == DATA


def test_a_key_destroyed_without_a_record_is_found(store, photo_id, tmp_path):
    KeyRing(tmp_path / "data" / "keys").destroy("01-001")
    bad = store.verify().bad_file
    assert (bad.photo_id, bad.what) == (photo_id, "has lost its key, and no record says that it was erased")


@pytest.mark.parametrize(
    "act",
    [
        lambda store, photo_id: take(store, data=b"another"),
        lambda store, photo_id: store.ward.confirm(final(photo_id)),
        lambda store, photo_id: store.ward.reveal(Reveal(photo_id=photo_id, by="nina", at=NOW)),
    ],
    ids=["photo", "confirm", "reveal"],
)
def test_nothing_more_is_done_with_erased_photographs(store, photo_id, act):
    store.vault.erase(erasure())
    before = store.verify().rows
    with pytest.raises(PhotosErased):
        act(store, photo_id)
    assert store.verify().rows == before


def test_a_reading_of_a_photograph_that_was_erased_meanwhile_is_refused(store, photo_id):
    with store._ledger.writing() as pen:
        pen.add(Assignment(reading_id="r", photo_id=photo_id, by="rita", at=NOW))
    store.vault.erase(erasure())
    reading = Reading(
        reading_id="r", photo_id=photo_id, answer=Answer.scored(2), reading_s=1, by="rita", at=NOW
    )
    with pytest.raises(PhotosErased):
        store.committee.lock(reading)


def test_an_erased_photograph_is_not_among_those_to_read(store, photo_id):
    store.vault.erase(erasure())
    (left,) = store.committee.photos_to_read()
    assert left.photo_id == store.ward.photos(patient="01-002")[0].photo.photo_id


def test_the_photographs_of_nobody_are_not_erased(store):
    with pytest.raises(RecordRefused, match="no patient '01-001'"):
        store.vault.erase(erasure())


def test_photographs_are_erased_once(store, photo_id):
    store.vault.erase(erasure())
    with pytest.raises(RecordRefused, match="erased already"):
        store.vault.erase(erasure())


def test_an_erasure_that_was_killed_after_its_record_is_finished_at_the_next_opening(
    store, photo_id, tmp_path, monkeypatch
):
    monkeypatch.setattr(KeyRing, "destroy", _killed)
    with pytest.raises(KeyboardInterrupt):
        store.vault.erase(erasure())
    monkeypatch.undo()
    store.close()
    with Store.open(tmp_path / "data") as opened:
        with pytest.raises(PhotosErased):
            opened.ward.photo_bytes(photo_id)
        assert KeyRing(tmp_path / "data" / "keys").is_destroyed("01-001")
        assert opened.verify().clean


def _killed(*_args, **_names):
    raise KeyboardInterrupt


def test_a_store_from_before_there_were_keys_is_read_and_verified(store, photo_id, tmp_path):
    store.close()
    _lay_open(tmp_path / "data")
    with Store.open(tmp_path / "data") as opened:
        assert opened.ward.photo_bytes(photo_id) == DATA
        assert opened.ward.overlay(photo_id) == b"an overlay"
        assert opened.verify().clean
        assert opened.vault.count_plain() == 3


def test_a_rotation_seals_what_lay_open(store, photo_id, tmp_path):
    store.close()
    _lay_open(tmp_path / "data")
    with Store.open(tmp_path / "data") as opened:
        done = opened.vault.rotate(by="root", at=NOW)
        assert (done.sealed, opened.vault.count_plain()) == (2, 0)
        assert opened.ward.photo_bytes(photo_id) == DATA
        assert opened.verify().clean
    assert DATA not in _contents(tmp_path / "data" / "photos")
    assert b"an overlay" not in _contents(tmp_path / "data" / "overlays")


def test_what_lay_open_is_erased_too_and_the_other_patients_copy_is_sealed(store, photo_id, tmp_path):
    store.close()
    _lay_open(tmp_path / "data")
    with Store.open(tmp_path / "data") as opened:
        opened.vault.erase(erasure())
        with pytest.raises(PhotosErased):
            opened.ward.photo_bytes(photo_id)
        other = opened.ward.photos(patient="01-002")[0].photo
        assert opened.ward.photo_bytes(other.photo_id) == DATA
        assert opened.verify().clean
    assert DATA not in _contents(tmp_path / "data" / "photos")


def test_a_rotation_is_on_record_and_photographs_are_read_as_before(store, photo_id):
    assert store.vault.rotate(by="root", at=NOW).keys == 2
    assert store.office.audit()[-1].act == "keys_rotated"
    assert store.ward.photo_bytes(photo_id) == DATA
    assert store.verify().clean


def test_a_repeat_of_a_photograph_that_was_erased_meanwhile_is_refused(store, photo_id):
    with store._ledger.writing() as pen:
        pen.add(RepeatAssignment(reading_id="r", photo_id=photo_id, by="rita", at=NOW))
    store.vault.erase(erasure())
    reading = RepeatReading(
        reading_id="r", photo_id=photo_id, answer=Answer.scored(2), reading_s=1, by="rita", at=NOW
    )
    with pytest.raises(PhotosErased):
        store.committee.lock(reading)
