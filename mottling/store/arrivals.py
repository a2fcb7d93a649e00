"""What the store asks of a photograph that arrives: whether it is there already, and whether it may come."""

from __future__ import annotations

from mottling.errors import Conflict, RecordRefused
from mottling.store.ledger import Page
from mottling.store.schema import KINDS
from mottling.store.steps import refuse_erased, with_steps
from mottling.trial.records import NewPhoto, NotDone, Patient, Photo

__all__ = ["existing_patient", "is_taken", "known_photo", "visit_not_done"]

_PATIENTS = KINDS[Patient].table
_PHOTOS = KINDS[Photo].table
_NOT_DONE = KINDS[NotDone].table


def known_photo(page: Page, new: NewPhoto, sha256: str) -> Photo | None:
    """Find the photograph that was stored under the same key; refuse what cannot be stored.

    Raises:
        Conflict: The key was used for another photograph, patient or visit.
        RecordRefused: There is no such patient, or the visit is settled.
        PhotosErased: The patient's photographs were erased.
    """
    known = page.newest(Photo, _PHOTOS.c.key, new.key)
    if known is not None:
        if (known.sha256, known.patient, known.visit) != (sha256, page.who.now(new.patient), new.visit):
            raise Conflict(
                "This upload was stored before with another photograph, patient or visit",
                remedy="Take the photograph again",
            )
        return known
    existing_patient(page, new.patient)
    refuse_erased(page, new.patient)
    if visit_not_done(page, new.patient, new.visit):
        raise RecordRefused(
            f"The visit {new.visit} of patient {new.patient} is recorded as not done",
            remedy="Ask the trial office",
        )
    of_the_visit = with_steps(page, page.is_of(Photo, new.patient), _PHOTOS.c.visit == new.visit)
    if any(steps.final is not None for steps in of_the_visit):
        raise RecordRefused(
            f"The visit {new.visit} of patient {new.patient} is confirmed already",
            remedy="Ask the trial office",
        )
    return None


def existing_patient(page: Page, number: str) -> Patient:
    """Find a patient who must be there, by any number that the person ever had.

    Raises:
        RecordRefused: There is none of this number.
    """
    patient = page.newest(Patient, _PATIENTS.c.patient, page.who.first(number))
    if patient is None:
        raise RecordRefused(
            f"There is no patient {number!r}", remedy="Ask the trial office to enrol the patient"
        )
    return patient


def is_taken(page: Page, number: str) -> bool:
    """Say whether a patient has this number, or ever had it."""
    return page.who.was_given_later(number) or page.last(Patient, _PATIENTS.c.patient == number) is not None


def visit_not_done(page: Page, patient: str, visit: str) -> bool:
    """Say whether a visit is recorded as not done."""
    return page.last(NotDone, page.is_of(NotDone, patient), _NOT_DONE.c.visit == visit) is not None
