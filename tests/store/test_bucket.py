"""Photographs in an S3 bucket: the same store, over a server that speaks S3 and fails when it is told to."""

import numpy as np
import pytest

from mottling.errors import PhotosErased, StoreRefused
from mottling.store import bucket
from mottling.store.bucket import Bucket, Patience
from mottling.store.restore import Elsewhere, restore
from mottling.store.store import Store
from tests.s3_server import BUCKET, credentials, s3_server
from tests.store.acts import NOW, do_everything, enrol, erasure, take

HASTY = Patience(retries=3, first_pause_s=0.001, longest_pause_s=0.01, answer_s=20, altogether_s=20)
DATA = b"sealed bytes"


@pytest.fixture(scope="module")
def running():
    with s3_server() as s3:
        yield s3


@pytest.fixture
def s3(running, monkeypatch):
    credentials(monkeypatch, running)
    monkeypatch.setattr(bucket, "_PATIENCE", HASTY)
    yield running
    running.fails = running.fails_after = 0
    running.goes_on.set()


@pytest.fixture
def url(s3, tmp_path):
    """A part of the bucket that nobody else uses."""
    return f"{BUCKET}/{tmp_path.name}"


@pytest.fixture
def shelf(url):
    return Bucket(url).shelf("photos")


@pytest.fixture
def store(tmp_path, url):
    with Store.open(tmp_path / "data", photos=url) as opened:
        yield opened


def put(shelf, place="ab/photograph", data=DATA):
    shelf.put(place, data, is_sound=lambda found: found == data)


def objects(url):
    """Every place in this part of the bucket, of photographs and overlays."""
    return {
        f"{name}/{place}" for name in ("photos", "overlays") for place in Bucket(url).shelf(name).places()
    }


def test_bytes_come_back_from_their_place_and_are_put_once(shelf, s3):
    put(shelf)
    s3.asked.clear()
    put(shelf)
    assert shelf.get("ab/photograph") == DATA
    assert [one.partition(" ")[0] for one in s3.asked] == ["PUT", "GET", "GET"]
    assert (shelf.get("ab/another"), shelf.has("ab/photograph"), shelf.has("ab/another")) == (
        None,
        True,
        False,
    )


def test_what_stands_there_and_is_sound_stays_and_what_is_damaged_is_written_again(shelf):
    put(shelf)
    shelf.put("ab/photograph", b"others", is_sound=lambda found: found == DATA)
    assert shelf.get("ab/photograph") == DATA
    shelf.put("ab/photograph", b"others", is_sound=lambda found: False)
    assert shelf.get("ab/photograph") == b"others"


def test_places_are_listed_by_folder_and_taken_away(shelf):
    for place in ("ab/one", "ab/two", "abc/three"):
        put(shelf, place)
    assert sorted(shelf.places()) == ["ab/one", "ab/two", "abc/three"]
    assert sorted(shelf.places("ab")) == ["ab/one", "ab/two"]
    shelf.remove("ab/one")
    shelf.remove("ab/one")
    assert list(shelf.places("ab")) == ["ab/two"]


def test_a_bucket_that_fails_for_a_while_is_asked_again(shelf, s3):
    s3.fails = 2
    put(shelf)
    s3.fails = 2
    assert shelf.get("ab/photograph") == DATA


def test_an_answer_that_was_lost_is_no_conflict(shelf, s3):
    s3.fails_after = 1
    put(shelf)
    assert shelf.get("ab/photograph") == DATA


def test_a_bucket_that_goes_on_failing_is_refused_with_a_sentence_and_nothing_counts_as_missing(shelf, s3):
    put(shelf)
    s3.fails = 1000
    with pytest.raises(StoreRefused, match=r"could not be stored: the bucket answers 500.*send it again"):
        put(shelf, "ab/another")
    for ask in (shelf.get, shelf.has, shelf.remove, lambda place: list(shelf.places())):
        with pytest.raises(StoreRefused, match=r"does not give what was asked: it answers 500"):
            ask("ab/photograph")
    s3.fails = 0
    assert list(shelf.places()) == ["ab/photograph"]


def test_a_bucket_that_does_not_answer_in_time_is_refused_with_a_sentence(url, s3):
    s3.goes_on.clear()
    slow = Bucket(url, Patience(retries=1, first_pause_s=0.001, answer_s=0.05, altogether_s=0.2)).shelf(
        "photos"
    )
    with pytest.raises(StoreRefused, match="the bucket does not answer"):
        put(slow)


@pytest.mark.parametrize(
    "url", ["s3://", "https://bucket/a", "s3://key:secret@bucket/a", "s3://Bucket", "s3://a//b"]
)
def test_a_url_that_names_no_bucket_is_refused(url):
    with pytest.raises(StoreRefused, match="names no bucket"):
        Bucket(url)


def test_a_store_with_every_kind_of_record_has_its_pictures_in_the_bucket(store, url, tmp_path):
    do_everything(store)
    found = store.verify()
    assert (found.clean, found.files, found.orphans) == (True, 2, ())
    assert len(objects(url)) == 2
    shelf = Bucket(url).shelf("photos")
    assert not [place for place in shelf.places() if b"a photograph" in shelf.get(place)]
    assert not [path for name in ("photos", "overlays") for path in (tmp_path / "data" / name).rglob("*")]
    assert store.ward.photo_bytes(store.ward.photos()[0].photo.photo_id) == b"a photograph"


def test_the_folder_knows_its_bucket_and_takes_no_other(store, url, tmp_path):
    enrol(store)
    photo_id = take(store).photo_id
    with Store.open(tmp_path / "data") as again:
        assert again.ward.photo_bytes(photo_id) == b"a photograph"
    with pytest.raises(
        StoreRefused, match=r"are in s3://.*and the settings say s3://mottling-test/elsewhere"
    ):
        Store.open(tmp_path / "data", photos="s3://mottling-test/elsewhere")


def test_a_folder_that_has_photographs_takes_no_bucket(tmp_path, url):
    with Store.open(tmp_path / "data") as store:
        enrol(store)
        take(store)
    with pytest.raises(StoreRefused, match=r"in the folder itself.*restore with --photos"):
        Store.open(tmp_path / "data", photos=url)
    with Store.open(tmp_path / "data") as store:
        assert store.verify().clean


def test_erasing_takes_a_patients_pictures_out_of_the_bucket(store, url):
    enrol(store, "01-001", "01-002")
    photo_id = take(store, "01-001").photo_id
    take(store, "01-002")
    store.vault.erase(erasure("01-001"))
    assert len(objects(url)) == 1
    with pytest.raises(PhotosErased):
        store.ward.photo_bytes(photo_id)
    assert store.verify().clean


def test_what_was_changed_or_lost_in_the_bucket_is_named(store, url):
    enrol(store)
    sha256 = take(store).sha256
    shelf = Bucket(url).shelf("photos")
    (place,) = shelf.places()
    shelf.put(place, shelf.get(place)[:-1] + b"x", is_sound=lambda found: False)
    assert store.verify().bad_file.what == "is not what was stored"
    shelf.remove(place)
    assert (store.verify().bad_file.sha256, store.verify().bad_file.what) == (
        sha256,
        "is missing or cannot be read",
    )


def test_without_the_bucket_nothing_is_verified_and_nothing_said_to_be_lost(store, s3):
    enrol(store)
    take(store)
    s3.fails = 1000
    with pytest.raises(StoreRefused, match="does not give what was asked"):
        store.verify()


def test_nothing_that_was_acknowledged_is_lost_when_the_bucket_fails_at_random(store, s3):
    """Photograph before record: what is refused may leave an orphan, never a record without bytes."""
    rng = np.random.default_rng(5)
    enrol(store)
    stored, refused = {}, 0
    for number in range(30):
        data = b"photograph %d" % number
        s3.fails, s3.fails_after = (int(rng.choice([0, 0, 1, 2, 9])) for _ in range(2))
        try:
            stored[take(store, data=data).photo_id] = data
        except StoreRefused:
            refused += 1
        s3.fails = s3.fails_after = 0
        if number % 2:  # the tablet sends it again
            again = take(store, data=data)
            stored[again.photo_id] = data
    assert refused > 3
    assert len(store.ward.photos()) == len(stored)
    assert all(store.ward.photo_bytes(photo_id) == data for photo_id, data in stored.items())
    assert store.verify().clean


def test_a_backup_takes_what_is_in_the_bucket_and_comes_back_into_a_folder_or_a_bucket(store, url, tmp_path):
    do_everything(store)
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "registry.json").write_text("{}")
    store.back_up(tmp_path / "out", models=tmp_path / "models", at=NOW)
    store.back_up_keys(tmp_path / "kept", at=NOW)
    again = store.back_up(tmp_path / "out", models=tmp_path / "models", at=NOW)
    assert (again.copied, again.missing) == (0, ())
    for name, where in {"folder": None, "bucket": f"{url}/restored"}.items():
        elsewhere = Elsewhere(photos=where)
        done = restore(tmp_path / "out", tmp_path / name, keys=tmp_path / "kept", at=NOW, elsewhere=elsewhere)
        assert done.files == 2
        with Store.open(tmp_path / name) as restored:
            assert restored.verify().head == store.verify().head
    assert len(objects(f"{url}/restored")) == 2
    assert not (tmp_path / "bucket" / "photos").exists()
