import hashlib

import pytest

from mottling.errors import ChainBroken, PhotosErased, StoreRefused
from mottling.store.album import Album
from mottling.store.keyring import KeyRing, owner_of
from mottling.store.sealing import seal, unseal

DATA = b"\xff\xd8 the bytes as they came"
SHA = hashlib.sha256(DATA).hexdigest()
PATIENT = "01-001"


@pytest.fixture
def keys(tmp_path):
    return KeyRing(tmp_path / "keys")


@pytest.fixture
def album(tmp_path, keys):
    return Album(tmp_path / "photos", keys)


def _path(tmp_path, patient=PATIENT):
    return tmp_path / "photos" / owner_of(patient) / SHA


def test_what_was_sealed_comes_back_and_nothing_of_it_stands_on_the_disk(album, tmp_path):
    assert album.put(DATA, patient=PATIENT) == SHA
    assert album.get(SHA, patient=PATIENT) == DATA
    assert album.hash_of(SHA, patient=PATIENT) == SHA
    assert DATA[:8] not in _path(tmp_path).read_bytes()
    assert list(album.places()) == [f"{owner_of(PATIENT)}/{SHA}"]


def test_the_same_picture_twice_is_one_file_and_of_two_patients_two(album, tmp_path):
    album.put(DATA, patient=PATIENT)
    first = _path(tmp_path).read_bytes()
    album.put(DATA, patient=PATIENT)
    album.put(DATA, patient="01-002")
    assert _path(tmp_path).read_bytes() == first
    assert _path(tmp_path, "01-002").read_bytes() != first


def test_a_sealed_file_of_the_first_version_is_still_read():
    # Letters, nonce, bytes and tag as this version writes them: what is on disk is not to change unseen.
    key, name = bytes(32), f"photos/{owner_of(PATIENT)}/{SHA}"
    sealed = bytes.fromhex(SEALED_FIRST)
    assert unseal(sealed, key, name=name) == DATA


SEALED_FIRST = (
    "4d544c5345414c31000102030405060708090a0b771313266898af9bbb0c3796dd62ad2c2004cde39ffeee9baa"
    "28ba8f462b1be2158c80ab95afef3490"
)


@pytest.mark.parametrize("change", [b"", b"x", b"MTLSEAL1", b"MTLSEAL1" + bytes(40)], ids=len)
def test_other_bytes_are_no_picture(change):
    assert unseal(change, bytes(32), name="a") is None


def test_sealed_bytes_fit_one_key_and_one_name():
    sealed = seal(DATA, bytes(32), name="a")
    assert unseal(sealed, bytes(32), name="a") == DATA
    assert unseal(sealed, bytes(32), name="b") is None
    assert unseal(sealed, bytes(31) + b"1", name="a") is None
    assert seal(DATA, bytes(32), name="a") != sealed


def test_a_changed_file_is_never_given_out(album, tmp_path):
    album.put(DATA, patient=PATIENT)
    sealed = bytearray(_path(tmp_path).read_bytes())
    sealed[-1] ^= 1
    _path(tmp_path).write_bytes(sealed)
    with pytest.raises(ChainBroken, match="is not what was stored"):
        album.get(SHA, patient=PATIENT)


def test_a_missing_file_is_refused_with_the_remedy(album):
    with pytest.raises(ChainBroken, match=r"cannot be read.*restore it from a backup"):
        album.get(SHA, patient=PATIENT)


def test_a_torn_file_is_written_again_when_its_bytes_come_again(album, tmp_path):
    album.put(DATA, patient=PATIENT)
    _path(tmp_path).write_bytes(_path(tmp_path).read_bytes()[:20])
    album.put(DATA, patient=PATIENT)
    assert album.get(SHA, patient=PATIENT) == DATA


def test_a_picture_without_its_key_is_refused(album, keys):
    album.put(DATA, patient=PATIENT)
    for path in (keys.folder / "patients").iterdir():
        path.unlink()
    with pytest.raises(StoreRefused, match=r"key for this patient's photographs is missing.*its backup"):
        album.get(SHA, patient=PATIENT)
    assert album.hash_of(SHA, patient=PATIENT) is None


def test_a_picture_whose_key_was_destroyed_is_erased(album, keys):
    album.put(DATA, patient=PATIENT)
    keys.destroy(PATIENT)
    for act in (album.get, album.hash_of):
        if act == album.get:
            with pytest.raises(PhotosErased):
                act(SHA, patient=PATIENT)
        else:
            assert act(SHA, patient=PATIENT) is None
    with pytest.raises(PhotosErased):
        album.put(DATA, patient=PATIENT)


def _as_before_keys(tmp_path):
    path = tmp_path / "photos" / SHA[:2] / SHA
    path.parent.mkdir(parents=True)
    path.write_bytes(DATA)
    return path


def test_a_picture_from_before_there_were_keys_is_read(album, tmp_path):
    _as_before_keys(tmp_path)
    assert album.get(SHA, patient=PATIENT) == DATA
    assert album.hash_of(SHA, patient=PATIENT) == SHA
    assert album.is_plain(SHA)
    assert list(album.places()) == [f"{SHA[:2]}/{SHA}"]


def test_a_picture_from_before_there_were_keys_can_be_sealed(album, tmp_path):
    path = _as_before_keys(tmp_path)
    album.seal(SHA, patient=PATIENT)
    album.remove_plain(SHA)
    assert album.get(SHA, patient=PATIENT) == DATA
    assert not path.exists()


def test_a_changed_picture_from_before_there_were_keys_is_not_sealed(album, tmp_path):
    _as_before_keys(tmp_path).write_bytes(b"another")
    with pytest.raises(ChainBroken, match="is not what was stored"):
        album.seal(SHA, patient=PATIENT)


def test_what_a_torn_write_left_beside_the_files_is_not_listed(album, tmp_path):
    album.put(DATA, patient=PATIENT)
    _path(tmp_path).with_name(f"{SHA}#1").write_bytes(DATA[:5])
    _path(tmp_path).with_name("notes.txt").write_bytes(DATA[:5])
    assert list(album.places()) == [f"{owner_of(PATIENT)}/{SHA}"]
