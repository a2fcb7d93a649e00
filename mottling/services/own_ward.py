"""What is of a user's own ward: patients of the site, their photographs, and what stands beside one."""

from __future__ import annotations

from datetime import datetime

from mottling.errors import NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.courses import VisitCourse, courses_of
from mottling.store.keyring import were_erased
from mottling.store.ward import WardBook
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.records import Patient, PhotoSteps

__all__ = ["OwnWard"]


class OwnWard:
    """Finds what a nurse may touch, and refuses the rest."""

    def __init__(self, book: WardBook, charter: Charter) -> None:
        self._book = book
        self._charter = charter

    def patient(self, user: User, number: str, *, then: datetime | None = None) -> Patient:
        """Find a patient who is at the user's site, or was there at a time, when a photograph was taken.

        Raises:
            RecordRefused: Nobody is enrolled under this number.
            NotAllowed: The patient is of another site, or the user works on no ward.
        """
        require(user.role, Act.WORK_ON_WARD)
        patient = self._book.find_patient(number)
        if patient is None:
            raise RecordRefused(f"Patient {number!r} is not enrolled", remedy="Choose one of the ward's list")
        changes = self._book.changes()
        sites = {changes.site_now(patient)}
        if then is not None:
            sites.add(changes.site_at(patient, then))
        if user.site not in sites:
            raise NotAllowed(f"Patient {number!r} is of another site", remedy="Choose one of the ward's list")
        return patient

    def photo(self, user: User, photo_id: str) -> PhotoSteps:
        """Find a photograph of the user's site; one of another site is refused as one that does not exist.

        Raises:
            NotAllowed: There is none, or it is of another site, or the user works on no ward.
            PhotosErased: The patient's photographs were erased.
        """
        require(user.role, Act.WORK_ON_WARD)
        steps = self._book.photo(photo_id)
        patient = None if steps is None else self._book.find_patient(steps.photo.patient)
        if steps is None or patient is None or self._book.changes().site_now(patient) != user.site:
            raise NotAllowed("This photograph is not of your ward", remedy="Choose one of the ward's list")
        if patient.patient in self._book.erased():
            raise were_erased()
        return steps

    def course(self, patient: Patient, visit: str) -> VisitCourse:
        """Say how far a visit of a patient has come."""
        (visits,) = courses_of([patient], self._book, self._charter)
        return next(course for course in visits if course.visit.code == visit)

    def of_visit(self, patient: str, visit: str) -> tuple[PhotoSteps, ...]:
        """List the photographs of a visit, the earliest first."""
        return tuple(one for one in self._book.photos(patient=patient) if one.photo.visit == visit)

    def beside(self, steps: PhotoSteps) -> tuple[PhotoSteps, ...]:
        """List the other photographs of a visit, in whose place this one was taken."""
        of_visit = self.of_visit(steps.photo.patient, steps.photo.visit)
        return tuple(one for one in of_visit if one.photo.photo_id != steps.photo.photo_id)
