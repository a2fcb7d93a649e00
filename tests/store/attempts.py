# ruff: noqa: S608 - history is changed as somebody with the file would, in plain SQL
"""The written list of attempts to change history, and what each meets: docs/validation/history.md shows it.

Each is made against a store with every kind of record, by somebody who may do everything that its words say.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from mottling.errors import MottlingError
from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.copies import copy_whole, read_manifest, write_manifest
from mottling.store.head import SignedHead, difference
from mottling.store.keyring import owner_of
from mottling.store.restore import restore
from mottling.store.store import Store
from tests.store.acts import NOW, erasure, final, own, take

__all__ = ["IN_FILES", "IN_THE_FILE", "Attempt", "Place", "looked", "with_head"]

SCORE = "UPDATE readings SET score = 5 WHERE number = (SELECT min(number) FROM readings)"


@dataclass(frozen=True)
class Place:
    """A store with every kind of record, closed, and what was kept elsewhere."""

    data: Path
    head: SignedHead
    """Of the store as it is."""
    backup: Path
    """A folder for backups: `out`, `kept-keys`, and `models`."""

    @property
    def records(self) -> Path:
        """The SQLite file."""
        return self.data / "mottling.sqlite"


@dataclass(frozen=True)
class Attempt:
    """One attempt."""

    what: str
    meets: str
    """A part of the sentence that refuses or finds it."""
    do: Callable[[Place], str]
    """Makes the attempt; gives the sentence."""
    by: str = "`mottling verify`"
    """What refuses or finds it."""


def looked(place: Place) -> str:
    """Say what `mottling verify` says; nothing when everything is what was written."""
    with Store.open(place.data) as store:
        found = store.verify()
    return f"{found.bad_row or found.bad_file or ''}"


def with_head(place: Place) -> str:
    """Say what `mottling verify --head` says, when the chain alone shows nothing."""
    with Store.open(place.data) as store:
        found, key = store.verify(), store.head_key.public_half()
    assert found.clean, "the chain shows it"
    return str(difference([place.head], found.hashes, trial=found.trial, public_key=key))


def _said(statement: str, *before: str) -> Callable[[Place], str]:
    """Run a statement past the guards, with SQLite's own defaults."""

    def do(place: Place) -> str:
        with closing(sqlite3.connect(place.records)) as connection:
            for each in before:
                connection.execute(each)
            try:
                connection.execute(statement)
            except sqlite3.IntegrityError as error:
                return str(error)
        return "nothing refused it"

    return do


def _unguarded(*statements: str, look: Callable[[Place], str] = looked) -> Callable[[Place], str]:
    """Take the triggers away, change, put them back as they were, and let somebody look."""

    def do(place: Place) -> str:
        with closing(sqlite3.connect(place.records)) as connection:
            guards = _taken_away(connection)
            for statement in statements:
                connection.execute(statement)
            _put_back(connection, guards)
        return look(place)

    return do


def _plainly(*statements: str) -> Callable[[Place], str]:
    """Change what the guards do not guard, and let somebody look."""

    def do(place: Place) -> str:
        with closing(sqlite3.connect(place.records)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return looked(place)

    return do


def _rewritten(table: str, act: str, look: Callable[[Place], str]) -> Callable[[Place], str]:
    """Change a score, and compute every hash anew, as somebody who knows how they are made."""

    def do(place: Place) -> str:
        def then(where: Place) -> str:
            with closing(sqlite3.connect(where.records)) as connection:
                connection.row_factory = sqlite3.Row
                guards = _taken_away(connection)
                _rechain(connection, table, act)
                _put_back(connection, guards)
            return look(where)

        return _unguarded(f"UPDATE {table} SET score = 5", look=then)(place)

    return do


def _rechain(connection: sqlite3.Connection, table: str, act: str) -> None:
    before = BEFORE_THE_FIRST
    for row in connection.execute("SELECT * FROM audit ORDER BY number").fetchall():
        cells = dict(row) | {"previous_hash": before}
        if row["act"] == act:
            found = connection.execute(f"SELECT * FROM {table} WHERE number = ?", (row["number"],))
            cells["content_hash"] = content_hash(dict(found.fetchone()))
        del cells["hash"]
        after = Link(**cells).hash()
        connection.execute(
            "UPDATE audit SET content_hash = ?, previous_hash = ?, hash = ? WHERE number = ?",
            (cells["content_hash"], before, after, row["number"]),
        )
        before = after


def _taken_away(connection: sqlite3.Connection) -> Sequence[str]:
    """Take the triggers away; gives how they are made."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    return [text for _, text in found]


def _put_back(connection: sqlite3.Connection, guards: Sequence[str]) -> None:
    for text in guards:
        connection.execute(text)
    connection.commit()


def _edited(place: Place) -> str:
    """Change letters of a record in the file, as with an editor; the log is in the file by then."""
    data = place.records.read_bytes()
    assert data.count(b"The thigh too") == 1
    place.records.write_bytes(data.replace(b"The thigh too", b"The knee too!"))
    return looked(place)


def _photo_files(place: Place, shelf: str = "photos") -> Sequence[Path]:
    return sorted(path for path in (place.data / shelf).rglob("*") if path.is_file())


def _exchanged(place: Place) -> str:
    """Put one photograph's file in another's place, of the same patient and sealed with the same key."""
    with Store.open(place.data) as store:
        take(store, visit="baseline 2", data=b"another photograph")
    one, other = _photo_files(place)[:2]
    assert one.parent == other.parent
    shutil.copy(one, other)
    return looked(place)


def _of_another(place: Place) -> str:
    """Put another patient's photograph in a photograph's place."""
    with Store.open(place.data) as store:
        take(store, "08-010", data=b"a photograph of another")
    one, other = (
        next(path for path in _photo_files(place) if path.parent.name == owner_of(patient))
        for patient in ("01-001", "08-001")
    )
    shutil.copy(other, one)
    return looked(place)


def _written_over(shelf: str) -> Callable[[Place], str]:
    def do(place: Place) -> str:
        _photo_files(place, shelf)[0].write_bytes(b"other bytes")
        return looked(place)

    return do


def _removed(place: Place) -> str:
    _photo_files(place)[0].unlink()
    return looked(place)


def _key_lost(place: Place) -> str:
    """Destroy a patient's key without an erasure on record."""
    with Store.open(place.data) as store:
        store._keys.destroy("01-001")
    return looked(place)


def _unerased(place: Place) -> str:
    """Put the key and the photograph of an erased patient back, from copies made before."""
    aside = place.data.with_name("aside")
    with Store.open(place.data) as store:
        take(store, "08-010", data=b"a photograph of another")
        shutil.copytree(place.data, aside)
        store.vault.erase(erasure("08-010"))
    owner = owner_of("08-001")
    shutil.copy(aside / "keys" / "patients" / f"{owner}.json", place.data / "keys" / "patients")
    shutil.copytree(aside / "photos" / owner, place.data / "photos" / owner, dirs_exist_ok=True)
    with Store.open(place.data) as store:
        # Opening finishes an erasure that was cut off: what was put back is gone again.
        steps = store.ward.photos(patient="08-010")[0]
        try:
            store.ward.photo_bytes(steps.photo.photo_id)
        except MottlingError as error:
            return error.message
    return "it can be read again"


def _by_the_program(act: Callable[[Store, str], None]) -> Callable[[Place], str]:
    def do(place: Place) -> str:
        with Store.open(place.data) as store:
            steps = next(one for one in store.ward.photos() if one.final is not None)
            try:
                act(store, steps.photo.photo_id)
            except MottlingError as error:
                return error.message
        return "nothing refused it"

    return do


def _back_up(place: Place) -> None:
    with Store.open(place.data) as store:
        store.back_up(place.backup / "out", models=place.backup / "models", at=NOW)
        store.back_up_keys(place.backup / "kept-keys", at=NOW)


def _restored(place: Place) -> str:
    """Say what a restore says that knows the head."""
    keys, new = place.backup / "kept-keys", place.data.with_name("new")
    try:
        restore(place.backup / "out", new, keys=keys, heads=[place.head], at=NOW)
    except MottlingError as error:
        return error.message
    return "it was restored"


def _records_of(place: Place) -> Path:
    (found,) = (place.backup / "out").glob("records-*.sqlite")
    return found


def _backup_edited(place: Place) -> str:
    _back_up(place)
    path = _records_of(place)
    path.write_bytes(path.read_bytes().replace(b"The thigh too", b"The knee too!"))
    return _restored(place)


def _backup_and_manifest_edited(place: Place) -> str:
    _back_up(place)
    path, out = _records_of(place), place.backup / "out"
    path.write_bytes(path.read_bytes().replace(b"The thigh too", b"The knee too!"))
    manifest = read_manifest(out, "records")
    assert manifest is not None
    anew = copy_whole(path, out, path.name)
    files = tuple(anew if file.path == anew.path else file for file in manifest.files)
    write_manifest(out, manifest.model_copy(update={"files": files}))
    return _restored(place)


def _older_backup(place: Place) -> str:
    """Give an older backup out as the last one."""
    _back_up(place)
    with Store.open(place.data) as store:
        take(store, visit="later", data=b"a later photograph")
        newer = store.head(at=NOW)
    return _restored(Place(place.data, newer, place.backup))


def _good_backup_overwritten(place: Place) -> str:
    """Let the daily backup carry what was changed over the good one."""
    _back_up(place)
    _unguarded(SCORE)(place)
    try:
        _back_up(place)
    except MottlingError as error:
        return error.message
    return "the good one is gone"


def _head_edited(place: Place) -> str:
    return with_head(Place(place.data, place.head.model_copy(update={"rows": 3}), place.backup))


def _head_of_another_key(place: Place) -> str:
    """Sign a head of a rewritten chain with a key of one's own."""
    (place.data / "head.key").unlink()
    with Store.open(place.data) as store:
        store.head(at=NOW)
    return with_head(place)


_INSERT = "INSERT INTO audit SELECT {0}, at, 'mallory', act, subject, content_hash, {1}, '{2}' FROM audit"
_LAST = "(SELECT max(number) FROM audit)"
_CUT = [
    f"DELETE FROM snapshots WHERE number = {_LAST}",
    f"DELETE FROM audit WHERE number = {_LAST}",
]
_READINGS_NUMBER = "(SELECT min(number) FROM readings)"
_TRIGGERS = "a trigger"

IN_THE_FILE: Sequence[Attempt] = (
    Attempt("change a reader's score", "added, never changed", _said(SCORE), _TRIGGERS),
    Attempt(
        "change it by `UPDATE OR REPLACE`",
        "added, never changed",
        _said(SCORE.replace("UPDATE", "UPDATE OR REPLACE", 1)),
        _TRIGGERS,
    ),
    Attempt(
        "move records to other numbers",
        "added, never changed",
        _said("UPDATE readings SET number = number + 1000"),
        _TRIGGERS,
    ),
    Attempt("delete a reading", "added, never changed", _said("DELETE FROM readings"), _TRIGGERS),
    Attempt(
        "delete a patient with foreign keys and recursive triggers switched off",
        "added, never changed",
        _said("DELETE FROM patients", "PRAGMA foreign_keys = OFF", "PRAGMA recursive_triggers = OFF"),
        _TRIGGERS,
    ),
    Attempt(
        "put a record in the place of another by `INSERT OR REPLACE`",
        "a record is there already",
        _said("INSERT OR REPLACE INTO readings SELECT * FROM readings"),
        _TRIGGERS,
    ),
    Attempt(
        "the same by `REPLACE INTO` under another number",
        "a record is there already",
        _said("REPLACE INTO own_scores SELECT * FROM own_scores", "PRAGMA recursive_triggers = OFF"),
        _TRIGGERS,
    ),
    Attempt(
        "change a record by `ON CONFLICT DO UPDATE`",
        "a record is there already",
        _said(
            "INSERT INTO finals SELECT * FROM finals WHERE true"
            " ON CONFLICT (number) DO UPDATE SET \"by\" = 'mallory'"
        ),
        _TRIGGERS,
    ),
    Attempt(
        "let the chain fork: a link that follows an earlier one",
        "audit goes on from its last row",
        _said(_INSERT.format(f"{_LAST} + 1", "previous_hash", "e" * 64) + f" WHERE number = {_LAST}"),
        _TRIGGERS,
    ),
    Attempt(
        "leave a number out",
        "audit goes on from its last row",
        _said(_INSERT.format(f"{_LAST} + 2", "hash", "e" * 64) + f" WHERE number = {_LAST}"),
        _TRIGGERS,
    ),
    Attempt(
        "change a score while the triggers are away, and put them back",
        "has a record that was changed (reading_locked",
        _unguarded(SCORE),
    ),
    Attempt(
        "change who read it",
        "has a record that was changed (reading_locked",
        _unguarded("UPDATE readings SET \"by\" = 'mallory'"),
    ),
    Attempt(
        "change when it was read",
        "has a record that was changed (reading_locked",
        _unguarded('UPDATE readings SET "at" = "at" || \'0\''),
    ),
    Attempt(
        "change who acted, in the link",
        "is not what was written",
        _unguarded(f"UPDATE audit SET \"by\" = 'mallory' WHERE number = {_READINGS_NUMBER}"),
    ),
    Attempt(
        "change an act, in the link",
        "is not what was written",
        _unguarded("UPDATE audit SET act = 'patient_enrolled' WHERE act = 'verdict_formed'"),
    ),
    Attempt(
        "exchange the scores of two records",
        "has a record that was changed",
        _unguarded("UPDATE readings SET score = 5 - score"),
    ),
    Attempt(
        "change a record, and its hash in the link",
        "is not what was written",
        _unguarded(SCORE, f"UPDATE audit SET content_hash = '{'c' * 64}' WHERE number = {_READINGS_NUMBER}"),
    ),
    Attempt(
        "change a link's own hash",
        "does not follow from the row before it",
        _unguarded(f"UPDATE audit SET previous_hash = '{'d' * 64}' WHERE number = {_READINGS_NUMBER} + 1"),
    ),
    Attempt("delete a record", "has lost its record (verdict_formed", _unguarded("DELETE FROM verdicts")),
    Attempt("delete a link", "is missing", _unguarded("DELETE FROM audit WHERE number = 2")),
    Attempt(
        "delete a record together with its link",
        "is missing",
        _unguarded(f"DELETE FROM audit WHERE number = {_READINGS_NUMBER}", "DELETE FROM readings"),
    ),
    Attempt("cut the last record off", "is missing: there were", _unguarded(*_CUT)),
    Attempt(
        "cut it off, and set back what SQLite remembers",
        "when the head was signed",
        _unguarded(*_CUT, f"UPDATE sqlite_sequence SET seq = {_LAST} WHERE name = 'audit'", look=with_head),
        "a head that was kept",
    ),
    Attempt(
        "put a record beside the chain",
        "stands in reveals without a link",
        _unguarded('INSERT INTO reveals SELECT 9999, "by", "at", \'forged\' FROM reveals'),
    ),
    Attempt(
        "write bytes where text was",
        "has a record that was changed (patient_enrolled",
        _unguarded("UPDATE patients SET site = x'00ff'"),
    ),
    Attempt(
        "change letters of the file with an editor",
        "has a record that was changed (bedside_confirmed",
        _edited,
    ),
    Attempt(
        "change the score of a reading that was signed, and compute every hash anew",
        "signs a reading that is not what was read",
        _rewritten("readings", "reading_locked", looked),
    ),
    Attempt(
        "change the ward's score, and compute every hash anew",
        "the chain was rewritten at this row or before it",
        _rewritten("finals", "bedside_confirmed", with_head),
        "a head that was kept",
    ),
    Attempt(
        "take a trigger away",
        "finals_refuses_update is not as it was made",
        _plainly("DROP TRIGGER finals_refuses_update"),
    ),
    Attempt(
        "put one in its place that does nothing",
        "finals_refuses_update is not as it was made",
        _plainly(
            "DROP TRIGGER finals_refuses_update",
            "CREATE TRIGGER finals_refuses_update BEFORE UPDATE ON finals BEGIN SELECT 1; END",
        ),
    ),
    Attempt(
        "loosen what a score may be, in SQLite's own schema",
        "finals is not as it was made",
        _plainly(
            "UPDATE sqlite_master SET sql = replace(sql, 'BETWEEN 0 AND 5', 'BETWEEN 0 AND 9')"
            " WHERE name = 'finals'"
        ),
    ),
    Attempt(
        "lay a view beside the tables",
        "spare is not as it was made",
        _plainly("CREATE VIEW spare AS SELECT 1"),
    ),
)
"""By whoever has the SQLite file."""

IN_FILES: Sequence[Attempt] = (
    Attempt("write other bytes over a photograph", "is not what was stored", _written_over("photos")),
    Attempt("write other bytes over an overlay", "is not what was stored", _written_over("overlays")),
    Attempt("put another photograph of the patient in its place", "is not what was stored", _exchanged),
    Attempt("put another patient's photograph in its place", "is not what was stored", _of_another),
    Attempt("take a photograph away", "is missing or cannot be read", _removed),
    Attempt("destroy a patient's key and say nothing", "has lost its key, and no record says", _key_lost),
    Attempt("put the key of an erased patient back", "erased", _unerased, "the store, when it is opened"),
    Attempt(
        "score a second time, through the program",
        "is locked already",
        _by_the_program(lambda store, photo_id: store.ward.lock_own_score(own(photo_id))),
        "the store",
    ),
    Attempt(
        "confirm a second time, through the program",
        "is there already",
        _by_the_program(lambda store, photo_id: store.ward.confirm(final(photo_id))),
        "the store",
    ),
    Attempt("change the records within a backup", "is not what was copied", _backup_edited, "`restore`"),
    Attempt(
        "change them and the backup's manifest",
        "The backup is not what was written",
        _backup_and_manifest_edited,
        "`restore`",
    ),
    Attempt(
        "give an older backup out as the last one",
        "when the head was signed",
        _older_backup,
        "`restore` with a head that was kept",
    ),
    Attempt(
        "let the daily backup put changed records over good ones",
        "were altered",
        _good_backup_overwritten,
        "`backup`",
    ),
    Attempt(
        "change a head that was kept",
        "its file was changed",
        _head_edited,
        "the head's signature",
    ),
    Attempt(
        "sign heads with another key",
        "one of the two was exchanged",
        _head_of_another_key,
        "a head that was kept",
    ),
)
"""By whoever has the machine, with what stands around the records, or a user's rights."""
