# ruff: noqa: S608 - history is changed as somebody with the file would, in plain SQL
"""How history is attempted to be changed, and who looks: the acts of the list in `attempts`."""

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
from tests.store.acts import NOW, erasure, take

__all__ = [
    "SCORE",
    "Attempt",
    "Place",
    "backup_and_manifest_edited",
    "backup_edited",
    "by_the_program",
    "edited",
    "exchanged",
    "good_backup_overwritten",
    "head_edited",
    "head_of_another_key",
    "key_lost",
    "looked",
    "of_another",
    "older_backup",
    "plainly",
    "removed",
    "rewritten",
    "said",
    "unerased",
    "unguarded",
    "with_head",
    "written_over",
]

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


def said(statement: str, *before: str) -> Callable[[Place], str]:
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


def unguarded(*statements: str, look: Callable[[Place], str] = looked) -> Callable[[Place], str]:
    """Take the triggers away, change, put them back as they were, and let somebody look."""

    def do(place: Place) -> str:
        with closing(sqlite3.connect(place.records)) as connection:
            guards = _taken_away(connection)
            for statement in statements:
                connection.execute(statement)
            _put_back(connection, guards)
        return look(place)

    return do


def plainly(*statements: str) -> Callable[[Place], str]:
    """Change what the guards do not guard, and let somebody look."""

    def do(place: Place) -> str:
        with closing(sqlite3.connect(place.records)) as connection:
            connection.execute("PRAGMA writable_schema = ON")
            for statement in statements:
                connection.execute(statement)
            connection.commit()
        return looked(place)

    return do


def rewritten(table: str, act: str, look: Callable[[Place], str]) -> Callable[[Place], str]:
    """Change a score, and compute every hash anew, as somebody who knows how they are made."""

    def do(place: Place) -> str:
        def then(where: Place) -> str:
            with closing(sqlite3.connect(where.records)) as connection:
                connection.row_factory = sqlite3.Row
                guards = _taken_away(connection)
                _rechain(connection, table, act)
                _put_back(connection, guards)
            return look(where)

        return unguarded(f"UPDATE {table} SET score = 5", look=then)(place)

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


def edited(place: Place) -> str:
    """Change letters of a record in the file, as with an editor; the log is in the file by then."""
    data = place.records.read_bytes()
    assert data.count(b"The thigh too") == 1
    place.records.write_bytes(data.replace(b"The thigh too", b"The knee too!"))
    return looked(place)


def _photo_files(place: Place, shelf: str = "photos") -> Sequence[Path]:
    return sorted(path for path in (place.data / shelf).rglob("*") if path.is_file())


def exchanged(place: Place) -> str:
    """Put one photograph's file in another's place, of the same patient and sealed with the same key."""
    with Store.open(place.data) as store:
        take(store, visit="baseline 2", data=b"another photograph")
    one, other = _photo_files(place)[:2]
    assert one.parent == other.parent
    shutil.copy(one, other)
    return looked(place)


def of_another(place: Place) -> str:
    """Put another patient's photograph in a photograph's place."""
    with Store.open(place.data) as store:
        take(store, "08-010", data=b"a photograph of another")
    one, other = (
        next(path for path in _photo_files(place) if path.parent.name == owner_of(patient))
        for patient in ("01-001", "08-001")
    )
    shutil.copy(other, one)
    return looked(place)


def written_over(shelf: str) -> Callable[[Place], str]:
    def do(place: Place) -> str:
        _photo_files(place, shelf)[0].write_bytes(b"other bytes")
        return looked(place)

    return do


def removed(place: Place) -> str:
    _photo_files(place)[0].unlink()
    return looked(place)


def key_lost(place: Place) -> str:
    """Destroy a patient's key without an erasure on record."""
    with Store.open(place.data) as store:
        store._keys.destroy("01-001")
    return looked(place)


def unerased(place: Place) -> str:
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


def by_the_program(act: Callable[[Store, str], None]) -> Callable[[Place], str]:
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


def backup_edited(place: Place) -> str:
    _back_up(place)
    path = _records_of(place)
    path.write_bytes(path.read_bytes().replace(b"The thigh too", b"The knee too!"))
    return _restored(place)


def backup_and_manifest_edited(place: Place) -> str:
    _back_up(place)
    path, out = _records_of(place), place.backup / "out"
    path.write_bytes(path.read_bytes().replace(b"The thigh too", b"The knee too!"))
    manifest = read_manifest(out, "records")
    assert manifest is not None
    anew = copy_whole(path, out, path.name)
    files = tuple(anew if file.path == anew.path else file for file in manifest.files)
    write_manifest(out, manifest.model_copy(update={"files": files}))
    return _restored(place)


def older_backup(place: Place) -> str:
    """Give an older backup out as the last one."""
    _back_up(place)
    with Store.open(place.data) as store:
        take(store, visit="later", data=b"a later photograph")
        newer = store.head(at=NOW)
    return _restored(Place(place.data, newer, place.backup))


def good_backup_overwritten(place: Place) -> str:
    """Let the daily backup carry what was changed over the good one."""
    _back_up(place)
    unguarded(SCORE)(place)
    try:
        _back_up(place)
    except MottlingError as error:
        return error.message
    return "the good one is gone"


def head_edited(place: Place) -> str:
    return with_head(Place(place.data, place.head.model_copy(update={"rows": 3}), place.backup))


def head_of_another_key(place: Place) -> str:
    """Sign a head of a rewritten chain with a key of one's own."""
    (place.data / "head.key").unlink()
    with Store.open(place.data) as store:
        store.head(at=NOW)
    return with_head(place)
