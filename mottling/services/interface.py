"""What programs do in the trial: read outcomes, send photographs with own scores, ask what became of them.

Whose a photograph or a patient is that is not theirs, they do not learn: what there is not is refused alike.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from mottling.errors import NotAllowed, RecordRefused
from mottling.exports.outcome_table import PatientOutcome, outcome_table
from mottling.exports.tables import table
from mottling.services.courses import VisitCourse, courses_of, is_replaced
from mottling.services.outcomes import records_of
from mottling.services.programs import Program
from mottling.services.views import Answer, PhotoTaken, Shot, VisitState
from mottling.services.ward import Ward
from mottling.store.keyring import were_erased
from mottling.store.store import Store
from mottling.trial.charter import Charter
from mottling.trial.office_records import ExportRecord
from mottling.trial.outcome import visit_outcome
from mottling.trial.programs import Scope
from mottling.trial.records import Patient, PhotoSteps

__all__ = ["Interface", "OutcomesRead", "PhotoState", "PhotoStatus", "Sent", "VisitStatus"]

# A clock of a hospital may go a little before ours.
_AHEAD = timedelta(minutes=5)


class PhotoState(StrEnum):
    """What became of a photograph. Nothing here says what anybody, or the model, saw in it."""

    TO_SCORE = "to_score"
    """Stored; the own score is not locked."""
    TO_CONFIRM = "to_confirm"
    """The own score is locked; the ward's final record is missing."""
    CONFIRMED = "confirmed"
    """The ward's final record is there."""
    REPLACED = "replaced"
    """A later photograph of the visit took its place."""


@dataclass(frozen=True)
class Sent:
    """A photograph as a program sends it, with the score that was given at the bedside."""

    patient: str
    visit: str
    data: bytes
    """The bytes of the file; they are stored unchanged."""
    answer: Answer
    key: str
    """Drawn by the program, once for a photograph: the same key sent twice is stored once."""
    taken_at: datetime | None
    """None where it was taken just now."""


@dataclass(frozen=True)
class PhotoStatus:
    """What became of one photograph."""

    photo_id: str
    patient: str
    visit: str
    sha256: str
    received_at: datetime
    taken_at: datetime
    outside_window: bool
    state: PhotoState


@dataclass(frozen=True)
class VisitStatus:
    """What became of one visit of one patient."""

    patient: str
    visit: str
    state: VisitState
    due_at: datetime
    opens_at: datetime
    closes_at: datetime
    photo_id: str | None
    """Of the visit's photograph, when one is stored."""
    reason: str | None
    """Why it was not done: a code of the trial file."""


@dataclass(frozen=True)
class OutcomesRead:
    """The outcome of each patient, and the hash by which the audit trail knows this reading of it."""

    rows: tuple[PatientOutcome, ...]
    sha256: str
    """Of the same rows as `mottling outcome --csv` writes them."""


class Interface:
    """What a program asks for; the scope of its token is checked at each call."""

    def __init__(self, store: Store, charter: Charter, ward: Ward) -> None:
        self._store = store
        self._charter = charter
        self._ward = ward
        self.trial = charter.trial
        """The name of the trial."""

    def outcomes(self, program: Program, *, at: datetime) -> OutcomesRead:
        """Give the outcome of every patient, or of its site's; the audit trail records that it was read."""
        _require(program, Scope.OUTCOMES)
        changes = self._store.changes.look()
        records = [
            one
            for one in records_of(self._store, [self._charter.visit(self._charter.endpoint_visit)])
            if program.site in {None, changes.site_now(one.patient)}
        ]
        locked = {
            one.patient.patient
            for one in records
            if one.photo is not None and one.photo.steps.own is not None
        }
        found = tuple(visit_outcome(one, self._charter, at=at) for one in records)
        rows = tuple(
            one if one.patient in locked else _without_model(one)
            for one in outcome_table(found, trial=self._charter.trial)
        )
        data = table(PatientOutcome, rows)
        left = ExportRecord.of(data, kind="api/v1/outcomes", rows=len(rows), by=program.by, at=at)
        self._store.office.note_export(left)
        return OutcomesRead(rows, left.sha256)

    def take(self, program: Program, sent: Sent, *, at: datetime) -> PhotoTaken:
        """Store a photograph and lock the own score that came with it. The same again ends in the same.

        What the model reads in it is not said: the ward sees it on its own page, after the own score.

        Raises:
            NotAllowed: The patient is not of its site, or there is none of this number.
            PhotoRefused: The bytes are no photograph that can be read; nothing was stored.
            RecordRefused: No such visit or answer, a time in the future, or the visit is settled already.
            Conflict: The key was used for other bytes, another patient, visit or score.
            PhotosErased: The patient's photographs were erased.
        """
        _require(program, Scope.PHOTOS)
        patient = self._patient(program, sent.patient)
        if patient.patient in self._store.ward.erased():
            raise were_erased()
        shot = Shot(
            patient=patient.patient,
            visit=sent.visit,
            data=sent.data,
            key=_key_of(program, sent.key),
            age_s=_age_s(sent.taken_at, at=at),
        )
        return self._ward.take_scored(program.as_ward(), shot, sent.answer, at=at)

    def photo(self, program: Program, photo_id: str) -> PhotoStatus:
        """Say what became of a photograph.

        Raises:
            NotAllowed: It is not of its site, or there is none of this name.
            PhotosErased: The patient's photographs were erased.
        """
        _require(program, Scope.STATUS)
        steps = self._store.ward.photo(photo_id)
        patient = None if steps is None else self._store.ward.find_patient(steps.photo.patient)
        if steps is None or patient is None or not self._is_for(program, patient):
            raise NotAllowed(
                "There is no such photograph for this token", remedy="Give the photo_id that the server gave"
            )
        if patient.patient in self._store.ward.erased():
            raise were_erased()
        return PhotoStatus(
            photo_id=photo_id,
            patient=steps.photo.patient,
            visit=steps.photo.visit,
            sha256=steps.photo.sha256,
            received_at=steps.photo.at,
            taken_at=steps.taken_at,
            outside_window=steps.photo.outside_window,
            state=self._state_of(steps),
        )

    def visit(self, program: Program, number: str, visit: str, *, at: datetime) -> VisitStatus:
        """Say what became of a visit of a patient.

        Raises:
            NotAllowed: The patient is not of its site, or there is none of this number.
            RecordRefused: There is no such visit.
        """
        _require(program, Scope.STATUS)
        patient = self._patient(program, number)
        code = self._charter.visit(visit).code
        (courses,) = courses_of([patient], self._store.ward, self._charter)
        return _status_of(next(one for one in courses if one.visit.code == code), at=at)

    def visits(self, program: Program, *, at: datetime) -> tuple[VisitStatus, ...]:
        """Say what became of every visit of every patient, or of its site's, by number."""
        _require(program, Scope.STATUS)
        patients = self._store.ward.patients(site=program.site)
        courses = courses_of(patients, self._store.ward, self._charter)
        return tuple(_status_of(one, at=at) for of_patient in courses for one in of_patient)

    def _patient(self, program: Program, number: str) -> Patient:
        patient = self._store.ward.find_patient(number)
        if patient is None or not self._is_for(program, patient):
            raise NotAllowed(
                "There is no such patient for this token",
                remedy="Check the number; a patient of another site needs that site's token",
            )
        return patient

    def _is_for(self, program: Program, patient: Patient) -> bool:
        return program.site in {None, self._store.changes.look().site_now(patient)}

    def _state_of(self, steps: PhotoSteps) -> PhotoState:
        if is_replaced(steps, self._store.ward.photos(patient=steps.photo.patient)):
            return PhotoState.REPLACED
        if steps.own is None:
            return PhotoState.TO_SCORE
        return PhotoState.TO_CONFIRM if steps.final is None else PhotoState.CONFIRMED


def _require(program: Program, scope: Scope) -> None:
    if scope not in program.scopes:
        raise NotAllowed(
            "This token may not do this", remedy="Ask the trial office for a token with the right scope"
        )


def _without_model(row: PatientOutcome) -> PatientOutcome:
    """Leave out what the model said: it never leaves before the own score is locked."""
    return replace(row, model=None, model_sha256=None, model_status=None, model_score=None)


def _key_of(program: Program, key: str) -> str:
    """Keep a site's keys from those of others and of the tablets: a program may count from 1."""
    return f"api {program.site} {key}"


def _age_s(taken_at: datetime | None, *, at: datetime) -> float:
    if taken_at is None:
        return 0.0
    if taken_at > at + _AHEAD:
        raise RecordRefused(
            f"The photograph was taken at {taken_at.isoformat()}, which is in the future",
            remedy="Set the clock, and send the photograph again",
        )
    return max(0.0, (at - taken_at).total_seconds())


def _status_of(course: VisitCourse, *, at: datetime) -> VisitStatus:
    return VisitStatus(
        patient=course.patient.patient,
        visit=course.visit.code,
        state=course.state(at),
        due_at=course.window.due_at,
        opens_at=course.window.opens_at,
        closes_at=course.window.closes_at,
        photo_id=None if course.photo is None else course.photo.photo_id,
        reason=None if course.not_done is None else course.not_done.reason,
    )
