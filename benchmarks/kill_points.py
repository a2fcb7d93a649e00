"""A server that dies where it is told to: `benchmarks.kills` starts it, asks, and counts what is left."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import sqlalchemy
from sqlalchemy import Engine, event

from mottling.scale import Status
from mottling.store import backup
from mottling.store.keyring import KeyRing
from mottling.store.ledger import Pen
from mottling.store.shelf import Shelf
from mottling.store.store import Store
from mottling.trial.office_records import Erasure
from mottling.trial.records import Answer, FinalRecord, NewPhoto, OwnScore, Patient

__all__ = ["POINTS", "Armed", "Done", "Folders", "Order", "install", "patient_of", "photo_bytes", "serve"]

POINTS = {
    "before a patient's key is drawn": "enrol",
    "after a patient's key is drawn": "enrol",
    "before the photograph": "photo",
    "after the photograph, before the row": "photo",
    "before the row": "photo",
    "between the row of the chain and the record": "photo",
    "before the commit": "photo",
    "in the middle of a commit": "photo",
    "after the commit, before the answer": "photo",
    "before the commit of an own score": "own",
    "after the commit of a final record": "final",
    "between two files of a backup": "backup",
    "before the manifest of a backup": "backup",
    "before a key is wrapped anew": "rotate",
    "after the rotation, before its record": "rotate",
    "before the key of a patient is destroyed": "erase",
    "after the key of a patient is destroyed": "erase",
    "in the middle of a migration": "migrate",
}
"""Where the server is killed, and which act comes by there."""

_PATIENTS = 20
_PHOTO_BYTES = 3000


@dataclass(frozen=True)
class Folders:
    """Where everything lies."""

    data: Path
    models: Path
    out: Path
    keys: Path


@dataclass(frozen=True)
class Order:
    """What the server is asked to do, and where it dies meanwhile."""

    act: str
    number: int
    """Of the photograph, or of the patient who is erased."""
    photo_id: str = ""
    kill_at: str = ""
    kill_after: int = 0
    """Steps from here on, a statement or a file each, after which it dies; 0 is never."""
    delay_s: float = 0.0
    """From the beginning of a commit on, where it dies in the middle of one."""


@dataclass(frozen=True)
class Done:
    """What the server says when it is done: what it says must never be lost."""

    act: str
    number: int
    photo_id: str


def patient_of(number: int) -> str:
    """Say whose photograph a number is."""
    return f"01-{number % _PATIENTS:03d}"


def photo_bytes(number: int) -> bytes:
    """Draw the bytes of a photograph; the same number gives the same."""
    return np.random.default_rng(number).bytes(_PHOTO_BYTES)


def serve(folders: Folders, wire: Connection) -> None:
    """Open the store as its server, and do what is asked until killed."""
    armed = Armed()
    install(armed)
    with Store.open(folders.data, serving=True) as store:
        wire.send(Done("open", 0, ""))
        while True:
            order: Order = wire.recv()
            armed.point = order.kill_at
            armed.left = order.kill_after or armed.left
            armed.delay_s = order.delay_s
            done = _ACTS[order.act](store, order, folders)
            armed.reach("after the commit, before the answer")
            armed.reach("after the commit of a final record")
            wire.send(done)


class Armed:
    """Kills this process when it comes to the point that was named, or has gone so many steps."""

    def __init__(self) -> None:
        self.point = ""
        self.left = 0
        self.delay_s = 0.0
        """How long after the beginning of a commit it dies in the middle of one."""

    def reach(self, point: str) -> None:
        """Come to a point, or to one without a name."""
        self.left -= 1
        if self.left == 0 or (point and self.point == point):
            os.kill(os.getpid(), signal.SIGKILL)

    def begin_commit(self) -> None:
        """Die while the database commits, in a moment, if that was asked."""
        if self.point == "in the middle of a commit":
            threading.Timer(self.delay_s, os.kill, (os.getpid(), signal.SIGKILL)).start()


def install(armed: Armed) -> None:
    """Put the points into the code; this process is a copy made for it, and dies with them.

    Args:
        armed: Says which point is deadly.
    """
    _around(armed, KeyRing, "_draw", "before a patient's key is drawn", "after a patient's key is drawn")
    _around(armed, KeyRing, "_write", "before a key is wrapped anew", "")
    _around(armed, KeyRing, "rotate", "", "after the rotation, before its record")
    _around(
        armed,
        KeyRing,
        "destroy",
        "before the key of a patient is destroyed",
        "after the key of a patient is destroyed",
    )
    _around(armed, Shelf, "put", "before the photograph", "after the photograph, before the row")
    _around(armed, Pen, "add", "before the row", "")
    _around(armed, backup, "copy_whole", "", "between two files of a backup")
    _around(armed, backup, "write_manifest", "before the manifest of a backup", "")
    event.listen(Engine, "after_cursor_execute", _between_rows(armed))
    event.listen(Engine, "commit", _before_commit(armed))


def _around(armed: Armed, owner: object, name: str, before: str, after: str) -> None:
    original: Callable[..., Any] = getattr(owner, name)

    def watched(*given: object, **named: object) -> object:
        armed.reach(before)
        result = original(*given, **named)
        armed.reach(after)
        return result

    setattr(owner, name, watched)


def _between_rows(armed: Armed) -> Callable[..., None]:
    def listen(_connection: object, _cursor: object, statement: str, *_others: object) -> None:
        is_link = statement.startswith("INSERT INTO audit")
        armed.reach("between the row of the chain and the record" if is_link else "")

    return listen


def _before_commit(armed: Armed) -> Callable[[sqlalchemy.Connection], None]:
    def listen(connection: sqlalchemy.Connection) -> None:
        options = connection.get_execution_options()
        if options.get("begin") == "BEGIN IMMEDIATE" or options.get("writes", False):
            armed.reach("before the commit")
            armed.reach("before the commit of an own score")
            armed.begin_commit()

    return listen


def _enrol(store: Store, order: Order, _folders: Folders) -> Done:
    patient = f"02-{order.number:05d}"
    if store.ward.find_patient(patient) is None:
        store.ward.enrol([Patient(patient=patient, site="02", randomised_at=_now(), by="olga", at=_now())])
    return _take(store, order, patient)


def _photo(store: Store, order: Order, _folders: Folders) -> Done:
    return _take(store, order, patient_of(order.number))


def _take(store: Store, order: Order, patient: str) -> Done:
    photo = store.ward.add_photo(
        NewPhoto(
            patient,
            visit=f"visit {order.number}",
            data=photo_bytes(order.number),
            key=f"key {order.number}",
            outside_window=False,
            by="nina",
            at=_now(),
        )
    )
    return Done(order.act, order.number, photo.photo_id)


def _own(store: Store, order: Order, _folders: Folders) -> Done:
    steps = store.ward.photo(order.photo_id)
    if steps is not None and steps.own is None:
        store.ward.lock_own_score(OwnScore(photo_id=order.photo_id, answer=_ANSWER, by="nina", at=_now()))
    return Done(order.act, order.number, order.photo_id)


def _final(store: Store, order: Order, _folders: Folders) -> Done:
    steps = store.ward.photo(order.photo_id)
    if steps is not None and steps.final is None:
        record = FinalRecord(photo_id=order.photo_id, answer=_ANSWER, because=None, by="nina", at=_now())
        store.ward.confirm(record)
    return Done(order.act, order.number, order.photo_id)


def _back_up(store: Store, order: Order, folders: Folders) -> Done:
    store.back_up(folders.out, models=folders.models, at=_now())
    store.back_up_keys(folders.keys, at=_now())
    return Done(order.act, order.number, "")


def _rotate(store: Store, order: Order, _folders: Folders) -> Done:
    store.vault.rotate(by="root", at=_now())
    return Done(order.act, order.number, "")


def _erase(store: Store, order: Order, _folders: Folders) -> Done:
    patient = f"02-{order.number:05d}"
    if patient not in store.ward.erased():
        store.vault.erase(Erasure(patient=patient, reason="Consent withdrawn", by="olga", at=_now()))
    return Done(order.act, order.number, order.photo_id)


def _now() -> datetime:
    return datetime.now(UTC)


_ANSWER = Answer(Status.SCORED, 2)

_ACTS: dict[str, Callable[[Store, Order, Folders], Done]] = {
    "enrol": _enrol,
    "photo": _photo,
    "own": _own,
    "final": _final,
    "backup": _back_up,
    "rotate": _rotate,
    "erase": _erase,
}
