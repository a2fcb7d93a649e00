# ruff: noqa: S608 - the tests rewrite history as somebody with the file would, in plain SQL
import sqlite3
from contextlib import closing

import pytest

from mottling.store.chain import BEFORE_THE_FIRST
from mottling.store.schema import KINDS
from mottling.store.store import Store
from tests.store.acts import do_everything, enrol, take


def _without_guards(path, *statements):
    """What somebody with the file and time can do: take the triggers away, change, put them back."""
    with closing(sqlite3.connect(path)) as connection:
        guards = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)
        connection.commit()


def _verify(path):
    with Store.open(path.parent) as store:
        return store.verify()


def test_an_empty_store_is_clean(store):
    found = store.verify()
    assert (found.clean, found.rows, found.files, found.head) == (True, 0, 0, BEFORE_THE_FIRST)


def test_a_store_with_every_kind_of_record_is_clean(written):
    found = _verify(written)
    assert found.clean
    assert (found.rows, found.files, found.erased, found.orphans) == (len(found.hashes), 2, 0, ())


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.table.name)
def test_a_changed_record_is_named(written, kind):
    with closing(sqlite3.connect(written)) as connection:
        query = f"SELECT min(number) FROM {kind.table.name}"
        number = connection.execute(query).fetchone()[0]
    _without_guards(written, f'UPDATE {kind.table.name} SET "at" = "at" || "!" WHERE number = {number}')
    found = _verify(written)
    assert found.bad_row.number == number
    assert "has a record that was changed" in found.bad_row.what
    assert kind.act in found.bad_row.what


def test_a_changed_score_is_named(written):
    _without_guards(
        written, "UPDATE readings SET score = 5 WHERE number = (SELECT min(number) FROM readings)"
    )
    assert "reading_locked" in _verify(written).bad_row.what


def test_bytes_in_place_of_text_are_named(written):
    _without_guards(written, "UPDATE patients SET site = x'00ff'")
    assert "patient_enrolled of 01-001" in _verify(written).bad_row.what


@pytest.mark.parametrize("column", ["at", "by", "act", "subject", "content_hash", "hash"])
def test_a_changed_link_is_named(written, column):
    _without_guards(written, f"UPDATE audit SET \"{column}\" = 'x' WHERE number = 3")
    assert _verify(written).bad_row.number == 3


def test_the_first_of_several_bad_rows_is_named(written):
    _without_guards(written, "UPDATE audit SET \"by\" = 'x' WHERE number IN (4, 9)")
    assert _verify(written).bad_row.number == 4


def test_a_removed_row_is_named(written):
    _without_guards(written, "DELETE FROM audit WHERE number = 2")
    found = _verify(written)
    assert (found.bad_row.number, found.bad_row.what) == (2, "is missing")


def test_a_removed_record_is_named(written):
    _without_guards(written, "DELETE FROM verdicts")
    assert "has lost its record (verdict_formed of" in _verify(written).bad_row.what


def test_a_cut_tail_is_noticed(written):
    with closing(sqlite3.connect(written)) as connection:
        last = connection.execute("SELECT max(number) FROM audit").fetchone()[0]
    _without_guards(written, f"DELETE FROM audit WHERE number = {last}", "DELETE FROM snapshots")
    found = _verify(written)
    assert (found.bad_row.number, found.bad_row.what) == (last, f"is missing: there were {last} rows")


def test_a_record_beside_the_chain_is_named(written):
    _without_guards(written, 'INSERT INTO reveals SELECT 99, "by", "at", \'forged\' FROM reveals')
    assert "stands in reveals without a link" in _verify(written).bad_row.what


def test_a_trigger_taken_away_is_named(written):
    with closing(sqlite3.connect(written)) as connection:
        connection.execute("DROP TRIGGER finals_refuses_update")
        connection.commit()
    assert "finals_refuses_update is not as it was made" in _verify(written).bad_row.what


def test_a_table_taken_away_is_named(written):
    _without_guards(written, "CREATE TABLE spare AS SELECT * FROM reveals")
    assert "spare is not as it was made" in _verify(written).bad_row.what


def _photo_file(folder, shelf="photos"):
    return next(path for path in (folder / shelf).rglob("*") if path.is_file())


def test_a_changed_photograph_is_named(written):
    path = _photo_file(written.parent)
    path.write_bytes(b"another photograph")
    found = _verify(written)
    assert (found.bad_file.sha256, found.bad_file.what) == (path.name, "is not what was stored")
    assert found.bad_row is None


@pytest.mark.parametrize("shelf", ["photos", "overlays"])
def test_a_missing_file_is_named(written, shelf):
    path = _photo_file(written.parent, shelf)
    path.unlink()
    found = _verify(written)
    assert (found.bad_file.sha256, found.bad_file.what) == (path.name, "is missing or cannot be read")
    assert not found.clean


def test_it_is_told_how_far_the_look_has_come(written):
    told = []
    with Store.open(written.parent) as store:
        found = store.verify(progress=lambda done, of: told.append((done, of)))
    whole = 2 * found.rows + found.files + found.erased
    assert told == sorted(told)
    assert {of for _, of in told} == {whole}
    assert (told[-1][0], len(told) > 20) == (whole, True)


def test_an_orphan_photograph_is_listed_and_harms_nothing(store):
    enrol(store)
    take(store)
    orphan = store._photos.put(b"stored just before the power went", patient="01-001")
    found = store.verify()
    assert found.orphans == (orphan,)
    assert found.clean


def test_the_head_moves_with_every_record(store):
    enrol(store)
    first = store.verify().head
    take(store)
    assert store.verify().head != first


def test_a_chain_does_not_depend_on_when_it_is_computed(tmp_path):
    heads = []
    for name in ("a", "b"):
        with Store.open(tmp_path / name) as store:
            enrol(store, "01-001", "01-002")
            heads.append(store.verify().head)
    assert heads[0] == heads[1]


def test_records_go_on_after_a_verification(store):
    do_everything(store)
    assert store.verify().clean
    enrol(store, "02-001")
    assert store.verify().clean
