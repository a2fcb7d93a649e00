import json
import sqlite3
import stat
from contextlib import closing
from datetime import timedelta

import pytest

from mottling.errors import StoreRefused
from mottling.store.head import HEAD_KEY, SignedHead, difference, read_head
from mottling.store.store import Store
from mottling.trial.office_records import TrialFile
from mottling.trial.records import SignInOutcome
from tests.store.acts import NOW, SHA, sign_in

# A head is made of the chain's end, whatever keeps the chain.
_of_a_file = pytest.mark.parametrize("store", ["sqlite"], indirect=True)


def _add(store, rows, name="nina"):
    for _ in range(rows):
        store.users.note_sign_in(sign_in(SignInOutcome.LET_IN, name=name))


def _compare(store, *heads):
    found = store.verify()
    return difference(heads, found.hashes, trial=found.trial, public_key=store.head_key.public_half())


def _head_of(store, rows, at=NOW):
    """What was published when the chain had so many rows."""
    now = store.head(at=at)
    other = now.model_copy(update={"rows": rows, "hash": store.verify().hashes[rows - 1]})
    return _signed_anew(store, other)


def _signed_anew(store, head):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    key = Ed25519PrivateKey.from_private_bytes(store.head_key._file.read())
    return head.model_copy(update={"signature": key.sign(head.signed_bytes()).hex()})


def _rewrite(path):
    """What somebody with the machine can do: a whole new chain that fits together."""
    path.unlink()
    for beside in path.parent.glob("mottling.sqlite-*"):
        beside.unlink()
    with Store.open(path.parent) as store:
        _add(store, 3, name="mallory")


@_of_a_file
def test_a_head_says_how_the_chain_ends_and_the_signature_fits(store):
    _add(store, 2)
    head = store.head(at=NOW)
    assert (head.rows, head.hash, head.at, head.trial) == (2, store.verify().head, NOW, None)
    assert head.is_as_signed()


@_of_a_file
def test_a_head_names_the_trial(store):
    store.ward.use_trial_file(TrialFile(trial="T", sha256=SHA, text="x", by="server", at=NOW))
    assert store.head(at=NOW).trial == "T"


@_of_a_file
def test_an_empty_chain_has_a_head_too(store):
    head = store.head(at=NOW)
    assert (head.rows, head.hash) == (0, "0" * 64)
    assert _compare(store, head) is None


@_of_a_file
def test_the_key_is_drawn_once_and_for_its_owner_only(store, tmp_path):
    first, second = store.head(at=NOW), store.head(at=NOW)
    assert first == second
    assert stat.S_IMODE((tmp_path / "data" / HEAD_KEY).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "other", [{"rows": 3}, {"hash": "f" * 64}, {"at": NOW + timedelta(seconds=1)}, {"trial": "U"}], ids=str
)
@_of_a_file
def test_a_head_that_was_changed_is_not_as_signed(store, other):
    _add(store, 1)
    assert not store.head(at=NOW).model_copy(update=other).is_as_signed()


@_of_a_file
def test_a_chain_that_went_on_agrees_with_each_head(store):
    heads = []
    for _ in range(3):
        _add(store, 1)
        heads.append(store.head(at=NOW))
    assert _compare(store, *heads) is None


@_of_a_file
def test_a_chain_that_was_written_anew_is_found_by_an_older_head(store, tmp_path):
    _add(store, 3)
    head = store.head(at=NOW)
    store.close()
    _rewrite(tmp_path / "data" / "mottling.sqlite")
    with Store.open(tmp_path / "data") as anew:
        assert anew.verify().clean
        said = _compare(anew, head)
    assert (
        f"row 3 has the hash {anew_hash(tmp_path)}; when the head was signed (2026-03-02 08:00 UTC)" in said
    )
    assert f"it had {head.hash}: the chain was rewritten at this row or before it" in said


def anew_hash(tmp_path):
    with Store.open(tmp_path / "data") as store:
        return store.verify().head


@_of_a_file
def test_two_heads_say_between_which_rows_the_chain_was_rewritten(store, tmp_path):
    _add(store, 3)
    head = store.head(at=NOW)
    store.close()
    _rewrite(tmp_path / "data" / "mottling.sqlite")
    with Store.open(tmp_path / "data") as anew:
        said = _compare(anew, head, _head_of(anew, 2))
    assert said.endswith("before it, after row 2, which an earlier head confirms")


@_of_a_file
def test_a_chain_that_became_shorter_is_found(store, tmp_path):
    _add(store, 4)
    head = store.head(at=NOW)
    store.close()
    _rewrite(tmp_path / "data" / "mottling.sqlite")
    with Store.open(tmp_path / "data") as anew:
        assert _compare(anew, head).startswith("3 rows are there; when the head was signed")


@_of_a_file
def test_a_head_whose_file_was_changed_is_named(store):
    _add(store, 1)
    head = store.head(at=NOW).model_copy(update={"hash": "f" * 64})
    assert _compare(store, head) == "the head of 1 rows is not what was signed: its file was changed"


@_of_a_file
def test_a_head_signed_with_another_key_is_named(store, tmp_path):
    _add(store, 1)
    with Store.open(tmp_path / "other") as other:
        _add(other, 1)
        foreign = other.head(at=NOW)
    assert "was signed with the key" not in (_compare(store, foreign) or "")
    store.head(at=NOW)
    assert f"was signed with the key {foreign.public_key}, and the key of this store" in _compare(
        store, foreign
    )


@_of_a_file
def test_a_head_of_another_trial_is_named(store):
    _add(store, 1)
    head = _signed_anew(store, store.head(at=NOW).model_copy(update={"trial": "U"}))
    assert _compare(store, head) == "the head is of the trial U, and this store is of none"


@_of_a_file
def test_a_head_is_the_same_after_it_was_kept_in_a_file(store, tmp_path):
    _add(store, 1)
    head = store.head(at=NOW)
    (tmp_path / "head.json").write_text(head.model_dump_json())
    assert read_head(tmp_path / "head.json") == head


@pytest.mark.parametrize("text", ["", "{}", '{"format": 2}', "not json"])
def test_what_is_no_head_is_refused(tmp_path, text):
    (tmp_path / "head.json").write_text(text)
    with pytest.raises(StoreRefused, match="is no signed head"):
        read_head(tmp_path / "head.json")


def test_the_signed_bytes_are_those_that_published_heads_already_have():
    head = SignedHead(trial="T", rows=2, hash="2" * 64, at=NOW, public_key="a" * 64)
    said = head.signed_bytes()
    assert said.startswith(b"mottling head 1\n")
    assert json.loads(said.partition(b"\n")[2]) == {
        "at": "2026-03-02T08:00:00Z",
        "format": 1,
        "hash": "2" * 64,
        "public_key": "a" * 64,
        "rows": 2,
        "trial": "T",
    }


@_of_a_file
def test_half_a_key_is_refused_instead_of_drawn_anew(store, tmp_path):
    (tmp_path / "data" / HEAD_KEY).write_bytes(b"half")
    with pytest.raises(StoreRefused, match=r"holds 4 bytes where 32 are needed.*Restore it from a backup"):
        store.head(at=NOW)


def test_an_edited_row_under_a_kept_head_is_found_by_the_chain_itself(written):
    with Store.open(written.parent) as store:
        head = store.head(at=NOW)
    last = head.rows
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("DROP TRIGGER audit_refuses_update")
        connection.execute("UPDATE audit SET hash = ? WHERE number = ?", ("e" * 64, last))
        connection.commit()
    with Store.open(written.parent) as store:
        assert store.verify().bad_row.number == last
        assert f"row {last} has the hash eeee" in _compare(store, head)
