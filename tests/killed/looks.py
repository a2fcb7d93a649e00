"""What is left after a kill, read in processes of their own: every answer must be there, once and whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.kill_looks import wrong_in_backup, wrong_in_store
from benchmarks.kill_points import Armed, install
from mottling.errors import PhotosErased
from mottling.services.accounts import User
from mottling.services.opening import open_services
from mottling.services.tokens import hash_of
from mottling.settings import Settings
from mottling.store.schema import KINDS
from mottling.store.store import Store
from mottling.trial.committee_records import RepeatReading
from mottling.trial.office_records import Erasure
from mottling.trial.records import Patient, Reading
from tests.killed.visitors import PATIENTS, Asked, photo_of
from tests.web_house import password_of

__all__ = ["BESIDE", "Copies", "beside", "look", "look_at_everything", "make_trial"]

BESIDE = {
    "between two files of a backup": "back up",
    "before the manifest of a backup": "back up",
    "before a key is wrapped anew": "rotate",
    "after the rotation, before its record": "rotate",
    "before the key of a patient is destroyed": "erase",
    "after the key of a patient is destroyed": "erase",
}
"""Where a command dies that works beside the server, and what it does."""

# What a reader is answered for: who reads cannot tell a photograph that came back.
_READINGS: tuple[type[Reading] | type[RepeatReading], ...] = (Reading, RepeatReading)


@dataclass(frozen=True)
class Copies:
    """Where backups go."""

    out: Path
    keys: Path


def make_trial(settings: Settings, people: Sequence[User]) -> None:
    """Enrol the patients of two sites and add who works there; the day-1 visit of all of them is open."""
    now = datetime.now(UTC)
    with Store.open(settings.data, records=settings.records) as store:
        store.ward.enrol(
            [
                Patient(patient=f"{site}-{number:03d}", site=site, randomised_at=now, by="olga", at=now)
                for site in ("01", "02")
                for number in range(1, PATIENTS + 1)
            ]
        )
    services = open_services(settings, at=now)
    for user in people:
        services.accounts.add_user(user, password_of(user), by="setup", at=now)
    services.close()


def look(settings: Settings, answered: Sequence[Asked], erased: Collection[str]) -> list[str]:
    """Name what was answered and is not there."""
    with Store.open(settings.data) as store:
        return [f"{one.act} {one.number}" for one in answered if not _is_there(store, one, erased)]


def _is_there(store: Store, asked: Asked, erased: Collection[str]) -> bool:
    if asked.act == "sign in":
        return store.users.find_session(hash_of(asked.found), at=datetime.now(UTC)) is not None
    if asked.act == "read":
        with store._ledger.reading() as page:
            return not asked.found or any(
                page.last(kind, KINDS[kind].table.c.reading_id == asked.found) is not None
                for kind in _READINGS
            )
    steps = store.ward.photo(asked.photo_id or asked.found)
    if steps is None:
        return False
    if asked.act in {"lock", "keep"}:
        return (steps.own if asked.act == "lock" else steps.final) is not None
    try:
        return store.ward.photo_bytes(steps.photo.photo_id) == photo_of(asked.number)
    except PhotosErased:
        return steps.photo.patient in erased


def look_at_everything(settings: Settings, photos: Mapping[int, str], copies: Copies | None) -> str:
    """Compute everything anew and restore the last backup; gives what is wrong, or nothing."""
    wrong = wrong_in_store(settings.data, photos)
    if wrong or copies is None:
        return wrong
    return wrong_in_backup(copies.out, copies.keys, new=settings.data.with_name("restored"))


def beside(settings: Settings, copies: Copies, *, act: str, point: str, patient: str) -> None:
    """Do what a command does beside the server, and die at a point of it, if one is named."""
    armed = Armed()
    install(armed)
    armed.point, now = point, datetime.now(UTC)
    with Store.open(settings.data) as store:
        if act == "back up":
            store.back_up(copies.out, models=settings.models, at=now)
            store.back_up_keys(copies.keys, at=now)
        elif act == "rotate":
            store.vault.rotate(by="root", at=now)
        elif patient not in store.ward.erased():
            store.vault.erase(Erasure(patient=patient, reason="Consent withdrawn", by="olga", at=now))
