"""The ward's list: what is to be done now, one row a visit, what is overdue first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.services.views import PatientToday, VisitState, VisitToday
from mottling.web.clocks import Clock
from mottling.web.trial_words import TrialWords

__all__ = ["Group", "Row", "groups_of"]

_FOLDED = (VisitState.NOT_YET, VisitState.DONE, VisitState.NOT_DONE, VisitState.WITHDRAWN)
"""Nothing to do now: shown on demand."""
_ORDER = (
    VisitState.OVERDUE,
    VisitState.DUE,
    VisitState.TO_SCORE,
    VisitState.TO_CONFIRM,
    *_FOLDED,
)


@dataclass(frozen=True)
class Row:
    """One visit of one patient."""

    patient: str
    initials: str
    visit: str
    visit_label: str
    state: VisitState
    said: str
    """Until when, since when, or why not."""
    photo_id: str | None
    at: datetime
    """By which rows of a group are put in order."""


@dataclass(frozen=True)
class Group:
    """The rows of one state."""

    state: VisitState
    rows: tuple[Row, ...]
    is_folded: bool


def groups_of(patients: Sequence[PatientToday], trial_words: TrialWords, clock: Clock) -> tuple[Group, ...]:
    """Sort the visits of a site into groups, in the order in which the ward works; none is empty."""
    rows = [_row(patient, visit, trial_words, clock) for patient in patients for visit in patient.visits]
    found = ((state, _in_order(row for row in rows if row.state is state)) for state in _ORDER)
    return tuple(Group(state, of_state, state in _FOLDED) for state, of_state in found if of_state)


def _in_order(rows: Iterable[Row]) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.at, row.patient)))


def _row(patient: PatientToday, visit: VisitToday, trial_words: TrialWords, clock: Clock) -> Row:
    return Row(
        patient=patient.patient,
        initials=patient.initials,
        visit=visit.visit,
        visit_label=trial_words.visit(visit.visit),
        state=visit.state,
        said=_said(visit, trial_words, clock),
        photo_id=visit.photo_id,
        at=visit.opens_at if visit.state is VisitState.NOT_YET else visit.closes_at,
    )


def _said(visit: VisitToday, trial_words: TrialWords, clock: Clock) -> str:
    if visit.state is VisitState.NOT_DONE:
        return trial_words.why_not_done(visit.reason or "")
    values = {
        "opens": clock.moment(visit.opens_at),
        "closes": clock.moment(visit.closes_at),
        "left": clock.left(visit.closes_at),
        "ago": clock.ago(visit.closes_at),
    }
    return trial_words.words.say(f"ward.row.{visit.state}", values)
