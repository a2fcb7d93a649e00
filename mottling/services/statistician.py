"""The rows that go to the statistician, made from the records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mottling.exports.rows import AuditRow, EligibilityRow, OutcomeRow, QueryRow, ReadingRow, SignatureRow
from mottling.scale import Status
from mottling.services.courses import VisitCourse
from mottling.services.queries import TURNS, text_of
from mottling.services.verdicts import Verdicts
from mottling.store.locked import AfterModel
from mottling.store.store import Store
from mottling.trial.changes import Changes
from mottling.trial.charter import Charter
from mottling.trial.committee_records import ConsensusReading, RepeatReading
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.enrolment_plan import EligibilityItem, ItemKind
from mottling.trial.office_records import AuditEntry
from mottling.trial.outcome import outcome_of
from mottling.trial.queries import Query
from mottling.trial.records import Answer, FinalRecord, OwnScore, Patient, PhotoSteps, Reading

__all__ = ["audit_rows", "eligibility_rows", "outcome_rows", "query_rows", "reading_rows", "signature_rows"]


def outcome_rows(
    courses: Sequence[VisitCourse], verdicts: Verdicts, charter: Charter
) -> tuple[OutcomeRow, ...]:
    """Make one row a patient and visit; what is missing stays empty."""
    return tuple(_outcome_row(course, verdicts, charter) for course in courses)


def _outcome_row(course: VisitCourse, verdicts: Verdicts, charter: Charter) -> OutcomeRow:
    photo = course.photo
    verdict = verdicts.of(course)
    outcome = outcome_of(charter.endpoint, own=course.own, final=course.final, verdict=verdict)
    seen = course.assessment
    return OutcomeRow(
        trial=charter.trial,
        site=course.patient.site,
        patient=course.patient.patient,
        visit=course.visit.code,
        randomised_at=course.patient.randomised_at,
        outcome_status=_status(outcome),
        outcome_score=_score(outcome),
        outcome_reason=None if outcome is None else outcome.reason,
        not_done_reason=None if course.not_done is None else course.not_done.reason,
        photo_sha256=None if photo is None else photo.sha256,
        photo_at=None if course.steps is None else course.steps.taken_at,
        hours_after_randomisation=_hours(course),
        outside_window=course.is_outside_window,
        own_status=_status(course.own),
        own_score=_score(course.own),
        final_status=_status(course.final),
        final_score=_score(course.final),
        verdict_status=_status(verdict),
        verdict_score=_score(verdict),
        readings=0 if photo is None else len(verdicts.readings(photo.photo_id)),
        model=None if seen is None else seen.model.name,
        model_status=None if seen is None else seen.status,
        model_score=None if seen is None else seen.score,
        photo_site=_photo_site(course),
        site_now=course.changes.site_now(course.patient),
        withdrawn_at=None if course.withdrawal is None else course.withdrawal.since,
    )


def _photo_site(course: VisitCourse) -> str | None:
    if course.steps is None:
        return None
    return course.changes.site_at(course.patient, course.steps.taken_at)


def _status(answer: Answer | None) -> Status | None:
    return None if answer is None else answer.status


def _score(answer: Answer | None) -> int | None:
    return None if answer is None else answer.score


def _hours(course: VisitCourse) -> float | None:
    if course.steps is None:
        return None
    return round((course.steps.taken_at - course.patient.randomised_at).total_seconds() / 3600, 2)


def reading_rows(
    store: Store, patients: Sequence[Patient], verdicts: Verdicts, *, trial: str
) -> tuple[ReadingRow, ...]:
    """Make one row an answer, bedside and committee, of every photograph that counts or did."""
    changes = store.changes.look()
    enrolled = {patient.patient: patient for patient in patients}
    return tuple(
        row
        for steps in store.ward.photos()
        for row in _rows_of(steps, enrolled[steps.photo.patient], verdicts, changes, trial=trial)
    )


def _rows_of(
    steps: PhotoSteps, patient: Patient, verdicts: Verdicts, changes: Changes, *, trial: str
) -> Iterator[ReadingRow]:
    photo_id = steps.photo.photo_id
    bedside, together = (steps.own, steps.final), verdicts.consensus(photo_id)
    for said in (*bedside, *verdicts.readings(photo_id), together, *verdicts.repeats(photo_id)):
        if said is None:
            continue
        met = said if isinstance(said, ConsensusReading) else None
        row = ReadingRow(
            trial=trial,
            site=patient.site,
            patient=patient.patient,
            visit=steps.photo.visit,
            photo_sha256=steps.photo.sha256,
            kind=_kind(said),
            by=said.by,
            status=said.answer.status,
            score=said.answer.score,
            reason=said.answer.reason,
            because=said.because if isinstance(said, FinalRecord) else None,
            reading_s=said.reading_s if isinstance(said, Reading | RepeatReading) else None,
            at=said.at,
            accepted=isinstance(said, Reading | ConsensusReading) and verdicts.is_verdict(said),
            second_look=isinstance(said, Reading) and verdicts.is_second_look(said),
            sat=None if met is None else ", ".join(met.members()),
            guests=None if met is None else met.guests,
            comment=_comment(said, verdicts),
            photo_site=changes.site_at(patient, steps.taken_at),
        )
        seen = verdicts.seen(said) if isinstance(said, Reading | RepeatReading) else None
        yield from (row,) if seen is None else _before_and_after(row, seen)


def _before_and_after(row: ReadingRow, seen: AfterModel) -> Iterator[ReadingRow]:
    """Make two rows of a reading whose reader was shown the model: what he said before, and after."""
    for answer, is_after in ((seen.before, False), (seen.after, True)):
        yield replace(
            row,
            kind=f"{row.kind}_after_model" if is_after else row.kind,
            status=answer.status,
            score=answer.score,
            reason=answer.reason,
            because=seen.because if is_after else None,
            reading_s=None if is_after else row.reading_s,
            at=seen.at if is_after else row.at,
            accepted=row.accepted and seen.counts is is_after,
        )


_Said = OwnScore | FinalRecord | Reading | RepeatReading | ConsensusReading


def _comment(said: _Said, verdicts: Verdicts) -> str | None:
    if isinstance(said, ConsensusReading):
        return said.comment
    return verdicts.remark(said) if isinstance(said, Reading | RepeatReading) else None


def _kind(said: _Said) -> str:
    match said:
        case OwnScore():
            return "own"
        case FinalRecord():
            return "final"
        case RepeatReading():
            return "repeat"
        case ConsensusReading():
            return "consensus"
        case Reading():
            return "committee"


def eligibility_rows(store: Store, charter: Charter) -> tuple[EligibilityRow, ...]:
    """Make one row a thing that was said of an eligibility item, by patient and item, the earliest first."""
    sites = {patient.patient: patient.site for patient in store.ward.patients()}
    items = {item.code: item for item in charter.enrolment.items}
    last = store.eligibility.last()
    said = sorted(store.eligibility.all(), key=lambda one: (one.patient, one.item, one.version))
    return tuple(
        _eligibility_row(
            one,
            items.get(one.item),
            charter.trial,
            site=sites[one.patient],
            counts=last[one.patient, one.item].version == one.version,
        )
        for one in said
    )


def _eligibility_row(
    said: EligibilityValue, item: EligibilityItem | None, trial: str, *, site: str, counts: bool
) -> EligibilityRow:
    return EligibilityRow(
        trial=trial,
        site=site,
        patient=said.patient,
        item=said.item,
        label=None if item is None else item.label.en,
        kind=None if item is None else item.kind.value,
        unit=None if item is None else "s" if item.kind is ItemKind.SECONDS else item.unit,
        value=_value(said, item),
        version=said.version,
        counts=counts,
        because=said.because,
        by=said.by,
        at=said.at,
    )


def _value(said: EligibilityValue, item: EligibilityItem | None) -> str | int | float | None:
    """Give a number as one: below zero it begins like a formula, and is none."""
    if said.value is None or item is None or item.kind is not ItemKind.NUMBER:
        return said.value
    number = float(said.value)
    return int(number) if number.is_integer() else number


def query_rows(store: Store, *, trial: str) -> tuple[QueryRow, ...]:
    """Make one row a step of a query, the query that was asked first on top."""
    changes = store.changes.look()
    sites = {patient.patient: changes.site_now(patient) for patient in store.ward.patients()}
    ward = store.ward
    stored = (*ward.photos(), *ward.photos_after_withdrawal(), *ward.photos_left_out())
    photos = {steps.photo.photo_id: steps.photo.sha256 for steps in stored}
    return tuple(
        row
        for query in store.queries.all()
        for row in _query_rows(query, photos, trial=trial, site=sites[query.asked.patient])
    )


def _query_rows(query: Query, photos: Mapping[str, str], *, trial: str, site: str) -> Iterator[QueryRow]:
    asked = query.asked
    for step in query.steps:
        yield QueryRow(
            trial=trial,
            query=asked.query_id,
            site=site,
            patient=asked.patient,
            visit=asked.visit,
            photo_sha256=None if asked.photo_id is None else photos[asked.photo_id],
            step=TURNS[type(step)],
            by=step.by,
            at=step.at,
            text=text_of(step) or None,
        )


def signature_rows(store: Store) -> tuple[SignatureRow, ...]:
    """Make one row a signature, the earliest first."""
    rows = [
        *(
            SignatureRow(one.at, one.by, "readings", one.by, one.readings, one.meaning, one.sha256)
            for one in store.office.batch_signatures()
        ),
        *(
            SignatureRow(one.at, one.by, "consensus", one.reading_id, len(one.names()), one.meaning, None)
            for one in store.committee.consensus()
        ),
        *(
            SignatureRow(one.at, one.by, "read-out", one.kind, 0, one.meaning, None)
            for one in store.office.readout_changes()
        ),
        *(
            SignatureRow(
                one.at, one.by, "frozen outcome", str(one.snapshot), one.rows, one.because, one.sha256
            )
            for one in store.office.snapshots()
        ),
    ]
    return tuple(sorted(rows, key=lambda row: row.at))


def audit_rows(entries: Sequence[AuditEntry]) -> tuple[AuditRow, ...]:
    """Make one row an act."""
    return tuple(
        AuditRow(
            number=entry.number,
            at=entry.at,
            by=entry.by,
            act=entry.act,
            subject=entry.subject,
            hash=entry.hash,
        )
        for entry in entries
    )
