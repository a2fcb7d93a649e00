"""The ward's list: its patients with each visit as it stands now, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from mottling.services.courses import VisitCourse
from mottling.services.views import PatientToday, VisitState, VisitToday

__all__ = ["ward_list"]

# What a nurse should turn to first.
_URGENCY = (
    VisitState.OVERDUE,
    VisitState.TO_CONFIRM,
    VisitState.TO_SCORE,
    VisitState.DUE,
    VisitState.NOT_YET,
    VisitState.DONE,
    VisitState.NOT_DONE,
    VisitState.WITHDRAWN,
)


def ward_list(
    courses: Sequence[Sequence[VisitCourse]], initials: Mapping[str, str], *, at: datetime
) -> tuple[PatientToday, ...]:
    """List patients by what should be turned to first.

    Args:
        courses: The visits of each patient.
        initials: Of those who have some, by number.
        at: Now.
    """
    patients = (
        _patient_today(visits, initials.get(visits[0].patient.patient, ""), at=at) for visits in courses
    )
    return tuple(sorted(patients, key=_urgency))


def _patient_today(visits: Sequence[VisitCourse], initials: str, *, at: datetime) -> PatientToday:
    patient = visits[0].patient
    return PatientToday(
        patient=patient.patient,
        initials=initials,
        randomised_at=patient.randomised_at,
        visits=tuple(
            VisitToday(
                visit=course.visit.code,
                state=_state(course, at=at),
                due_at=course.window.due_at,
                opens_at=course.window.opens_at,
                closes_at=course.window.closes_at,
                photo_id=None if course.steps is None else course.steps.photo.photo_id,
                reason=None if course.not_done is None else course.not_done.reason,
            )
            for course in visits
        ),
    )


def _state(course: VisitCourse, *, at: datetime) -> VisitState:
    """Say where a visit stands; nobody is asked any more for what was missed before a withdrawal."""
    state = course.state(at)
    is_missed = state is VisitState.OVERDUE and course.withdrawal is not None
    return VisitState.WITHDRAWN if is_missed else state


def _urgency(patient: PatientToday) -> tuple[int, datetime, str]:
    most = min(patient.visits, key=lambda visit: (_URGENCY.index(visit.state), visit.due_at))
    return (_URGENCY.index(most.state), most.due_at, patient.patient)
