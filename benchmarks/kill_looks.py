"""What is left after a kill, read back in processes of their own: the one that forks servers stays clean."""

from __future__ import annotations

import os
import shutil
import signal
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from multiprocessing import Pipe
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, event, insert

from benchmarks.kill_points import Done, Folders, patient_of, photo_bytes
from mottling.errors import MottlingError, PhotosErased
from mottling.store.chain import BEFORE_THE_FIRST, Link, content_hash
from mottling.store.ledger import Ledger, Pen
from mottling.store.migrate import migrate
from mottling.store.restore import restore
from mottling.store.rows import to_row
from mottling.store.schema import AUDIT, KINDS
from mottling.store.store import Store
from mottling.store.whereabouts import database_of
from mottling.trial.records import Patient

__all__ = [
    "FAILED",
    "apart",
    "begin",
    "copy_that",
    "kill_a_migration",
    "look",
    "look_at_everything",
    "wrong_in_backup",
    "wrong_in_store",
]

Result = TypeVar("Result")

FAILED = 70
"""How a copy ends that was not killed and could not do what it was to do."""


def apart(work: Callable[[], Result]) -> Result:
    """Do something in a copy of this process, and give what came out of it.

    What reads photographs starts threads that a later fork would lack.
    """
    here, there = Pipe()
    process = copy_that(lambda: there.send(work()))
    there.close()
    result: Result = here.recv()
    os.waitpid(process, 0)
    here.close()
    return result


def copy_that(does: Callable[[], None]) -> int:
    """Make a copy of this process that does one thing and ends; gives its id."""
    process = os.fork()
    if process == 0:
        try:
            does()
        except BaseException:  # noqa: BLE001 # the copy must end here, whatever happens, and not clean up for us
            traceback.print_exc()
            os._exit(FAILED)
        os._exit(0)
    return process


def begin(folders: Folders) -> None:
    """Make a store with patients, and a folder of models."""
    folders.models.mkdir(parents=True)
    (folders.models / "registry.json").write_text("{}")
    patients = [
        Patient(patient=one, site="01", randomised_at=_now(), by="olga", at=_now())
        for one in sorted({patient_of(number) for number in range(1000)})
    ]
    with Store.open(folders.data) as store:
        store.ward.enrol(patients)


def look(folders: Folders, acknowledged: Sequence[Done], erased: Collection[int]) -> list[str]:
    """Name what was acknowledged and is not there."""
    with Store.open(folders.data) as store:
        return [f"{done.act} {done.number}" for done in acknowledged if not _is_there(store, done, erased)]


def _is_there(store: Store, done: Done, erased: Collection[int]) -> bool:
    if done.act in {"backup", "rotate"}:
        return True
    if done.act == "erase":
        return f"02-{done.number:05d}" in store.ward.erased()
    steps = store.ward.photo(done.photo_id)
    if steps is None:
        return False
    if done.act in {"own", "final"}:
        return (steps.own if done.act == "own" else steps.final) is not None
    try:
        return store.ward.photo_bytes(done.photo_id) == photo_bytes(done.number)
    except PhotosErased:
        return done.number in erased


def look_at_everything(folders: Folders, photos: Mapping[int, str], *, has_backup: bool) -> str:
    """Compute everything anew and restore the last backup; gives what is wrong, or nothing."""
    wrong = wrong_in_store(folders.data, photos)
    if wrong or not has_backup:
        return wrong
    return wrong_in_backup(folders.out, folders.keys, new=folders.data.with_name("restored"))


def wrong_in_store(data: Path, photos: Mapping[int, str]) -> str:
    """Compute everything anew; gives what is wrong with it, or nothing.

    Args:
        data: The data folder.
        photos: The ids of photographs that were acknowledged, by the number they were sent under.
    """
    with Store.open(data) as store:
        found = store.verify()
        there = {steps.photo.photo_id: steps.photo for steps in store.ward.photos()}
    if not found.clean:
        return f"{found.bad_row} {found.bad_file}"
    if not set(photos.values()) <= set(there):
        return "an acknowledged photograph is not there"
    if len({photo.key for photo in there.values()}) != len(there):
        return "a photograph is there twice"
    return ""


def wrong_in_backup(out: Path, keys: Path, *, new: Path) -> str:
    """Restore a backup into a new folder, and throw that away; gives why it is refused, or nothing."""
    try:
        restore(out, new, keys=keys, at=_now())
    except MottlingError as error:
        return str(error)
    shutil.rmtree(new)
    return ""


def kill_a_migration(folder: Path, *, statement: int, records: str | None = None) -> list[str]:
    """Kill a process that brings a store of the first schema up to date, at one of its statements.

    Args:
        folder: The data folder, which is made anew.
        statement: Which of those that change something it dies after.
        records: The URL of an empty database; None: the records are in the folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    apart(lambda: _make_old(folder, records))
    process = copy_that(lambda: _migrate_and_die(folder, statement))
    _, status = os.waitpid(process, 0)
    if os.waitstatus_to_exitcode(status) == FAILED:
        return ["a migration that failed by itself"]
    return apart(lambda: _look_at_old(folder))


def _migrate_and_die(folder: Path, statement: int) -> None:
    _die_at(statement)
    Store.open(folder).close()


def _make_old(folder: Path, records: str | None) -> None:
    ledger = Ledger(database_of(folder, records))
    with ledger.writing() as pen:
        migrate(pen.connection, to="0001")
        _add_as_then(pen, Patient(patient="01-001", site="01", randomised_at=_now(), by="olga", at=_now()))
    ledger.close()


def _add_as_then(pen: Pen, patient: Patient) -> None:
    """Add the first row; the pen of today asks for tables that came later."""
    row = to_row(patient)
    link = Link(
        number=1,
        at=str(row["at"]),
        by=patient.by,
        act=KINDS[Patient].act,
        subject=patient.patient,
        content_hash=content_hash(row),
        previous_hash=BEFORE_THE_FIRST,
    )
    pen.connection.execute(insert(AUDIT).values({**vars(link), "hash": link.hash()}))
    pen.connection.execute(insert(KINDS[Patient].table).values({**row, "number": 1}))


def _look_at_old(folder: Path) -> list[str]:
    with Store.open(folder) as store:
        is_whole = store.ward.find_patient("01-001") is not None and store.verify().clean
    return [] if is_whole else ["a record in a migration"]


def _die_at(statement: int) -> None:
    left = [statement]

    def count(_connection: object, _cursor: object, said: str, *_others: object) -> None:
        left[0] -= said.startswith(("CREATE", "UPDATE", "INSERT"))
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "after_cursor_execute", count)


def _now() -> datetime:
    return datetime.now(UTC)
