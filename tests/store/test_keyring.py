import json
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from mottling.errors import ChainBroken, PhotosErased, StoreRefused
from mottling.store.keyring import KeyRing, owner_of


@pytest.fixture
def keys(tmp_path):
    return KeyRing(tmp_path / "keys")


def _file(keys, patient="01-001"):
    return keys.folder / "patients" / f"{owner_of(patient)}.json"


def test_a_patient_has_one_key_and_no_other_patient_has_it(keys):
    key = keys.key_of("01-001", draw=True)
    assert len(key) == 32
    assert keys.key_of("01-001", draw=True) == keys.key_of("01-001") == key
    assert keys.key_of("01-002", draw=True) != key


def test_the_name_of_an_owner_is_the_one_that_stores_already_have():
    assert owner_of("01-001") == "7e3b176f078ebcb8c80a5659bad62a51"


def test_a_key_is_not_drawn_by_who_only_reads(keys):
    with pytest.raises(StoreRefused, match="key for this patient's photographs is missing"):
        keys.key_of("01-001")


def test_nobody_but_the_owner_reads_the_keys_and_none_stands_there_unwrapped(keys):
    key = keys.key_of("01-001", draw=True)
    files = [path for path in keys.folder.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (keys.folder, _file(keys).parent)} == {0o700}
    assert not any(key in path.read_bytes() or key.hex() in path.read_text("latin-1") for path in files)


def test_threads_at_once_draw_one_key(keys):
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda _: keys.key_of("01-001", draw=True), range(8)))
    assert len(set(drawn)) == 1


def test_a_destroyed_key_is_never_given_and_never_drawn_again(keys):
    keys.key_of("01-001", draw=True)
    other = keys.key_of("01-002", draw=True)
    before = _file(keys).read_text()
    keys.destroy("01-001")
    for draw in (False, True):
        with pytest.raises(PhotosErased, match="were erased"):
            keys.key_of("01-001", draw=draw)
    assert keys.is_destroyed("01-001")
    assert not keys.is_destroyed("01-002")
    assert json.loads(_file(keys).read_text()) == {"format": 1, "destroyed": True}
    assert json.loads(before)["wrapped"] not in "".join(
        path.read_text("latin-1") for path in keys.folder.rglob("*") if path.is_file()
    )
    assert keys.key_of("01-002") == other


def test_destroying_takes_away_what_a_kill_left_of_the_key(keys):
    keys.key_of("01-001", draw=True)
    stray = _file(keys).with_name(f"{_file(keys).name}.ab12cd34")
    stray.write_bytes(_file(keys).read_bytes())
    keys.destroy("01-001")
    assert not stray.exists()


def test_a_patient_who_never_had_a_key_gets_none_after_it_was_destroyed(keys):
    keys.destroy("01-001")
    with pytest.raises(PhotosErased):
        keys.key_of("01-001", draw=True)


def test_a_rotation_leaves_the_patients_keys_and_exchanges_the_servers(keys):
    before = [keys.key_of(patient, draw=True) for patient in ("01-001", "01-002")]
    keys.destroy("01-003")
    wrapped = _file(keys).read_text()
    assert keys.rotate() == 2
    assert [keys.key_of(patient) for patient in ("01-001", "01-002")] == before
    assert _file(keys).read_text() != wrapped
    assert [path.name for path in keys.folder.glob("server-*")] == ["server-0002.key"]
    assert keys.is_destroyed("01-003")
    keys.key_of("01-004", draw=True)
    assert json.loads(_file(keys, "01-004").read_text())["server_key"] == 2


def test_a_rotation_that_was_killed_half_way_is_read_and_finished(keys, monkeypatch):
    before = {patient: keys.key_of(patient, draw=True) for patient in ("01-001", "01-002", "01-003")}
    write, written = KeyRing._write, []

    def write_one(self, owner, kept):
        if written:
            raise KeyboardInterrupt
        written.append(owner)
        write(self, owner, kept)

    monkeypatch.setattr(KeyRing, "_write", write_one)
    with pytest.raises(KeyboardInterrupt):
        keys.rotate()
    monkeypatch.undo()
    assert len(list(keys.folder.glob("server-*"))) == 2
    assert {patient: keys.key_of(patient) for patient in before} == before
    assert keys.rotate() == 3
    assert {patient: keys.key_of(patient) for patient in before} == before
    assert [path.name for path in keys.folder.glob("server-*")] == ["server-0003.key"]


def test_a_key_of_another_patient_is_not_taken_for_ones_own(keys):
    for patient in ("01-001", "01-002"):
        keys.key_of(patient, draw=True)
    _file(keys, "01-001").write_bytes(_file(keys, "01-002").read_bytes())
    with pytest.raises(ChainBroken, match=r"is not what was written\. Restore the folder of keys"):
        keys.key_of("01-001")


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2, "destroyed": true}'])
def test_a_damaged_key_is_said_to_be_and_none_is_drawn_in_its_place(keys, text):
    keys.key_of("01-001", draw=True)
    _file(keys).write_text(text)
    with pytest.raises(ChainBroken, match="is not what was written"):
        keys.key_of("01-001", draw=True)


def test_a_lost_key_of_the_server_is_not_replaced_by_a_new_one(keys):
    keys.key_of("01-001", draw=True)
    (keys.folder / "server-0001.key").unlink()
    with pytest.raises(StoreRefused, match="server's key for this patient's photographs is missing"):
        keys.key_of("01-001")
    with pytest.raises(StoreRefused, match="holds keys of patients and no key of the server"):
        keys.key_of("01-002", draw=True)
