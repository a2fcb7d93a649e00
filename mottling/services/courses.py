"""How each visit of each patient has gone so far: what the ward and the office both look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from mottling.assessment import Assessment
from mottling.services.views import VisitState
from mottling.services.visit_states import state_by_window, state_on_record
from mottling.store.ward import WardBook
from mottling.trial.changes import Changes, Withdrawal
from mottling.trial.charter import Charter, Visit
from mottling.trial.records import Answer, NotDone, Patient, Photo, PhotoSteps
from mottling.trial.visits import Window, window_of

__all__ = ["VisitCourse", "courses_of", "is_replaced"]


@dataclass(frozen=True)
class VisitCourse:
    """One visit of one patient."""

    patient: Patient
    visit: Visit
    window: Window
    steps: PhotoSteps | None
    """Of the visit's photograph: the last one that was taken."""
    not_done: NotDone | None
    changes: Changes = field(default_factory=Changes)
    """What has changed about patients."""
    is_erased: bool = False
    """Whether there was a photograph, which was erased and is left out with what was said of it."""

    @property
    def withdrawal(self) -> Withdrawal | None:
        """The patient's withdrawal, if one holds."""
        return self.changes.withdrawals.get(self.patient.patient)

    @property
    def is_outside_window(self) -> bool | None:
        """Whether the photograph was taken outside the window as it is now; None without one."""
        return None if self.steps is None else not self.window.holds(self.steps.taken_at)

    @property
    def photo(self) -> Photo | None:
        """The visit's photograph."""
        return None if self.steps is None else self.steps.photo

    @property
    def own(self) -> Answer | None:
        """The ward's own score."""
        return None if self.steps is None or self.steps.own is None else self.steps.own.answer

    @property
    def final(self) -> Answer | None:
        """The final bedside record."""
        return None if self.steps is None or self.steps.final is None else self.steps.final.answer

    @property
    def assessment(self) -> Assessment | None:
        """What the model said."""
        if self.steps is None or self.steps.assessment is None:
            return None
        return self.steps.assessment.assessment

    def state(self, at: datetime) -> VisitState:
        """Say where the visit stands at a time."""
        on_record = state_on_record(self.steps, is_not_done=self.not_done is not None)
        if on_record is None and self.is_erased:
            return VisitState.WITHDRAWN
        return on_record or state_by_window(self.window, self.withdrawal, at=at)


def is_replaced(steps: PhotoSteps, of_patient: Sequence[PhotoSteps]) -> bool:
    """Say whether a later photograph of the visit took the place of this one.

    Args:
        steps: Of the photograph.
        of_patient: The patient's photographs, the earliest first.
    """
    of_visit = [each.photo for each in of_patient if each.photo.visit == steps.photo.visit]
    return bool(of_visit) and of_visit[-1].photo_id != steps.photo.photo_id


def courses_of(
    patients: Sequence[Patient], ward: WardBook, charter: Charter
) -> tuple[tuple[VisitCourse, ...], ...]:
    """Follow the visits of each patient, in the trial file's order."""
    one = patients[0].patient if len(patients) == 1 else None
    # The earliest first, so that the last photograph of a visit stays.
    photos = {(each.photo.patient, each.photo.visit): each for each in ward.photos(patient=one)}
    not_done = {(each.patient, each.visit): each for each in ward.not_done()}
    changes = ward.changes()
    erased = {(each.photo.patient, each.photo.visit) for each in ward.photos_left_out()}
    return tuple(
        tuple(
            VisitCourse(
                patient=patient,
                visit=visit,
                window=window_of(visit, randomised_at=patient.randomised_at),
                steps=photos.get((patient.patient, visit.code)),
                not_done=not_done.get((patient.patient, visit.code)),
                changes=changes,
                is_erased=(patient.patient, visit.code) in erased,
            )
            for visit in charter.visits
        )
        for patient in patients
    )
