"""A trial's services over a fresh store, with the tiny model: where services, demo and flow are tested."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from mottling.services.accounts import User
from mottling.services.opening import Services, open_services
from mottling.services.views import Answer, Beside, Shot
from mottling.settings import Settings
from mottling.shipped import shipped
from mottling.store.signing import Signer
from mottling.trial.access import Role
from mottling.trial.markings import Outline
from tests.tiny_model import a_jpeg, write_tiny_registry

RANDOMISED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAY1 = RANDOMISED_AT + timedelta(hours=24)
MINUTE = timedelta(minutes=1)

NINA = User("nina", Role.WARD, "01")
NOAH = User("noah", Role.WARD, "02")
RITA, RAVI, ROSA = (User(name, Role.READER, None) for name in ("rita", "ravi", "rosa"))
OLGA = User("olga", Role.OFFICE, None)
EMMA = User("emma", Role.ENGINEER, None)
ADAM = User("adam", Role.ADMINISTRATOR, None)
CORA = User("cora", Role.COORDINATOR, None)
MONA = User("mona", Role.MONITOR, None)

PATIENT = "01-001"
INITIALS = "QZ"
"""Of every patient: two letters that no word has, so that a test finds them where they must not be."""


def house_settings(folder: Path, *, charter: str | None = None) -> Settings:
    """Settings of a server in a folder of its own; `charter` is the text of another trial file."""
    if not (folder / "models").exists():
        write_tiny_registry(folder / "models")
    trial = folder / "trial.toml"
    if charter is not None or not trial.exists():
        trial.write_text(charter or charter_text(), "utf-8")
    return Settings(data=folder / "data", trial=trial, models=folder / "models")


def charter_text(old: str = "", new: str = "") -> str:
    """The shipped trial file with one line exchanged, without its training cases, with consent implied."""
    text = trained_charter_text()
    before, found, rest = text.partition("[reading.training]")
    assert found
    text = before + rest.partition("\n\n")[2]
    # What trains models has tests of its own; elsewhere nobody has to be asked.
    text = text.replace('consent = "asked"', 'consent = "implied"')
    assert old in text
    return text.replace(old, new, 1)


def trained_charter_text() -> str:
    """The shipped trial file, in which training cases come before the first photograph."""
    return (shipped("configs") / "trials" / "i-micro.toml").read_text("utf-8")


def open_house(folder: Path, *, charter: str | None = None) -> Services:
    """Open the services and enrol three patients: two at site 01, one at site 02."""
    services = open_services(house_settings(folder, charter=charter), at=RANDOMISED_AT)
    enrol(services, "01-001", "01-002", "02-001")
    return services


def enrol(services: Services, *patients: str) -> None:
    """Enrol patients who were all randomised at once."""
    lines = [f"{one},{one[:2]},{RANDOMISED_AT.isoformat()},{INITIALS}" for one in patients]
    data = "\n".join(["patient,site,randomised_at,initials", *lines]).encode()
    assert services.enrolling.enrol(OLGA, data, at=RANDOMISED_AT).stored


def take(services: Services, patient: str = PATIENT, *, data: bytes | None = None, key: str = "") -> str:
    """Take a day-1 photograph as the nurse of the patient's site; gives its id."""
    nurse = NINA if patient.startswith("01") else NOAH
    shot = Shot(patient, "day1", data or a_jpeg(), key=key or f"key of {patient}")
    return services.ward.take_photo(nurse, shot, at=DAY1).photo_id


def confirm(services: Services, patient: str = PATIENT, *, score: int = 2, data: bytes | None = None) -> str:
    """Take a day-1 photograph and go all the way to the final record; gives the photo's id."""
    nurse = NINA if patient.startswith("01") else NOAH
    photo_id = take(services, patient, data=data)
    services.ward.lock_own_score(nurse, photo_id, Answer.scored(score), at=DAY1 + MINUTE)
    services.ward.proposal(nurse, photo_id, at=DAY1 + 2 * MINUTE)
    services.ward.keep(nurse, photo_id, at=DAY1 + 3 * MINUTE)
    return photo_id


def read(services: Services, reader: User, answer: Answer) -> None:
    """Let a reader answer the photograph that waits, and sign it."""
    lock(services, reader, answer)
    sign(services, reader)


def lock(services: Services, reader: User, answer: Answer, outline: Outline | None = None) -> None:
    """Let a reader answer the photograph that waits."""
    at = DAY1 + timedelta(hours=2)
    given = services.committee.next_photo(reader, at=at)
    assert given is not None
    beside = Beside(outline)
    services.committee.lock_reading(reader, given.reading_id, answer, reading_s=12.5, at=at, beside=beside)


def sign(services: Services, reader: User) -> None:
    """Let a reader sign what is locked; no password is asked for, which takes its time on purpose."""
    committee = services.committee
    signer = Signer(reader.name, "I have read these", len(committee.batch(reader)), DAY1)
    committee._book.sign(signer, settle=committee._settle)
