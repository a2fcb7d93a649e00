"""The outcome of a patient's visit: a value, or the reason why there is none. Nothing is ever imputed.

The rules, in the order in which they are asked; the first that holds decides.

 1. The visit is on record as not done: no value. The reason is `died`, `discharged` or `withdrawn` where the
    trial file counts its code so, else `not_done`.
 2. The patient's photographs were erased, the visit had one, and the trial file leaves out what was said of
    it (`scores_of_erased`): no value, `erased`.
 3. There is no photograph, and the patient had withdrawn before the window closed: no value, `withdrawn`,
    with what the patient withdrew from. A photograph that was taken after the withdrawal is as none; one
    from before it stays and counts.
 4. There is no photograph: no value; `not_yet`, `due` or `no_record`, by the visit's window.
 5. Of several photographs the last one that was stored counts, whatever was said of earlier ones.
 6. It was taken outside the window, and the trial file says `missing`: no value, `outside_window`.
 7. The answer that the trial file names as the endpoint is not given: no value; `on_ward`, `with_readers`, or
    `in_dispute` while the reader who decides, or the committee's meeting, is awaited.
 8. The answer is not assessable: no value, `not_assessable`, with its reason.
 9. The answer is "at least k": k as a lower bound, or no value and `at_least_only`, as the trial file says.
 10. Else the answer's score is the value.

The order in which records come does not matter; when they were made does. Site, time of randomisation and
number are those that hold now: what was corrected holds from the beginning on. The site is the one that
randomised the patient, wherever the patient was later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from mottling.scale import Status
from mottling.trial.changes import Changes, Withdrawal
from mottling.trial.charter import Charter, Endpoint, Visit
from mottling.trial.committee_records import Counting
from mottling.trial.outcome_rules import AtLeast, OutcomeRules, OutsideWindow
from mottling.trial.records import Answer, FinalRecord, NotDone, OwnScore, Patient, PhotoSteps, Reading
from mottling.trial.visits import Window, window_of

__all__ = [
    "Bound",
    "Missing",
    "Outcome",
    "PhotoRead",
    "Source",
    "VisitRecords",
    "outcome_of",
    "visit_outcome",
]


class Bound(StrEnum):
    """How a value is meant."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    """A lower bound: the view ended there."""


class Missing(StrEnum):
    """Why a patient has no value."""

    DIED = "died"
    DISCHARGED = "discharged"
    WITHDRAWN = "withdrawn"
    ERASED = "erased"
    """There was a photograph. It was erased, and the trial file leaves out what was said of it."""
    NOT_DONE = "not_done"
    """Not done for another reason of the trial file."""
    NOT_YET = "not_yet"
    """The visit's window is not open."""
    DUE = "due"
    """The window is open and nothing was recorded."""
    NO_RECORD = "no_record"
    """The window has closed and nothing was recorded."""
    OUTSIDE_WINDOW = "outside_window"
    """Photographed outside the window, which the trial file does not count."""
    ON_WARD = "on_ward"
    """Photographed; the ward's answer is awaited."""
    WITH_READERS = "with_readers"
    """Photographed; readers of the committee are awaited."""
    IN_DISPUTE = "in_dispute"
    """The readers differ; the one who decides is awaited, or the committee's meeting."""
    NOT_ASSESSABLE = "not_assessable"
    AT_LEAST_ONLY = "at_least_only"
    """Only a lower bound was given, which the trial file does not count."""


_OPEN = {
    Missing.NOT_YET,
    Missing.DUE,
    Missing.NO_RECORD,  # a late photograph is flagged, never refused
    Missing.ON_WARD,
    Missing.WITH_READERS,
    Missing.IN_DISPUTE,
}


@dataclass(frozen=True)
class PhotoRead:
    """One photograph of a visit with all that was said of it."""

    steps: PhotoSteps
    readings: tuple[Reading, ...]
    verdict: Counting | None
    """The reading that counts: one of them, or what the committee said together."""


@dataclass(frozen=True)
class VisitRecords:
    """What is on record of one visit of one patient."""

    patient: Patient
    visit: Visit
    photos: tuple[PhotoRead, ...]
    """In the order in which they were stored, without those that were taken after a withdrawal."""
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
    def site_now(self) -> str:
        """The site where the patient is; the patient's own is the one that randomised."""
        return self.changes.site_now(self.patient)

    @property
    def first_number(self) -> str:
        """The number by which files of different days tell that the person is the same."""
        return self.changes.first_number(self.patient.patient)

    def site_of(self, steps: PhotoSteps) -> str:
        """Say at which site a photograph was taken."""
        return self.changes.site_at(self.patient, steps.taken_at)

    @property
    def photo(self) -> PhotoRead | None:
        """The photograph that counts: the last one that was stored, as for the ward and the committee."""
        return self.photos[-1] if self.photos else None

    @property
    def window(self) -> Window:
        """When the visit is due."""
        return window_of(self.visit, randomised_at=self.patient.randomised_at)


@dataclass(frozen=True)
class Source:
    """The record whose answer is the outcome's."""

    kind: Endpoint
    record_id: str
    """Of a verdict, the reading's; of the ward's answers, the photograph's."""
    answer: Answer
    by: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    """A value or a reason, and where it comes from."""

    records: VisitRecords
    value: int | None
    """0-5; None exactly when `missing` says why."""
    bound: Bound | None
    missing: Missing | None
    detail: str | None
    """The code of the trial file behind `missing`: why not done, why not assessable."""
    source: Source | None
    """Also of an answer that gives no value."""

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing more to wait for: a value, or a reason that stays."""
        return self.missing not in _OPEN

    @property
    def outside_window(self) -> bool | None:
        """Whether the photograph that counts was taken outside the visit's window; None without one."""
        photo = self.records.photo
        return None if photo is None else not self.records.window.holds(photo.steps.taken_at)


@dataclass(frozen=True)
class _Said:
    """What a rule decides."""

    value: int | None = None
    bound: Bound | None = None
    missing: Missing | None = None
    detail: str | None = None


def visit_outcome(records: VisitRecords, charter: Charter, *, at: datetime) -> Outcome:
    """Give the outcome of one visit of one patient by the trial file's rules.

    Args:
        records: What is on record, in any order.
        charter: The trial file.
        at: Now: what is missing is not yet due, due or overdue.
    """
    source = None if records.photo is None else _source(records.photo, charter.endpoint)
    said = (
        _without_photo(records, charter.outcome, at=at)
        or _not_counted(records, charter.outcome)
        or _awaited(records, charter, source)
        or _answered(source, charter.outcome)
    )
    return Outcome(records, said.value, said.bound, said.missing, said.detail, source)


def _without_photo(records: VisitRecords, rules: OutcomeRules, *, at: datetime) -> _Said | None:
    if records.not_done is not None:
        reason = records.not_done.reason
        return _Said(missing=_why_not_done(reason, rules), detail=reason)
    if records.photos:
        return None
    if records.is_erased:
        return _Said(missing=Missing.ERASED)
    withdrawal = records.withdrawal
    if withdrawal is not None and withdrawal.ends(records.window):
        return _Said(missing=Missing.WITHDRAWN, detail=withdrawal.extent)
    if at < records.window.opens_at:
        return _Said(missing=Missing.NOT_YET)
    return _Said(missing=Missing.DUE if at <= records.window.closes_at else Missing.NO_RECORD)


def _why_not_done(reason: str, rules: OutcomeRules) -> Missing:
    if reason in rules.died:
        return Missing.DIED
    if reason in rules.discharged:
        return Missing.DISCHARGED
    return Missing.WITHDRAWN if reason in rules.withdrawn else Missing.NOT_DONE


def _not_counted(records: VisitRecords, rules: OutcomeRules) -> _Said | None:
    assert records.photo is not None, "asked after the photograph"
    is_outside = not records.window.holds(records.photo.steps.taken_at)
    if is_outside and rules.outside_window is OutsideWindow.MISSING:
        return _Said(missing=Missing.OUTSIDE_WINDOW)
    return None


def _awaited(records: VisitRecords, charter: Charter, source: Source | None) -> _Said | None:
    if source is not None:
        return None
    if charter.endpoint is not Endpoint.VERDICT:
        return _Said(missing=Missing.ON_WARD)
    assert records.photo is not None, "asked after the photograph"
    readers = {reading.by for reading in records.photo.readings}
    differ = len(readers) >= charter.reading.readers_per_photo
    return _Said(missing=Missing.IN_DISPUTE if differ else Missing.WITH_READERS)


def _answered(source: Source | None, rules: OutcomeRules) -> _Said:
    assert source is not None, "asked after the answer"
    answer = source.answer
    if answer.status is Status.NOT_ASSESSABLE:
        return _Said(missing=Missing.NOT_ASSESSABLE, detail=answer.reason)
    if answer.status is Status.SCORED:
        return _Said(value=answer.score, bound=Bound.EXACT)
    if rules.at_least is AtLeast.MISSING:
        return _Said(missing=Missing.AT_LEAST_ONLY, detail=str(answer.score))
    return _Said(value=answer.score, bound=Bound.AT_LEAST)


def _source(photo: PhotoRead, endpoint: Endpoint) -> Source | None:
    said = {Endpoint.OWN: photo.steps.own, Endpoint.FINAL: photo.steps.final, Endpoint.VERDICT: photo.verdict}
    record = said[endpoint]
    if record is None:
        return None
    record_id = record.photo_id if isinstance(record, OwnScore | FinalRecord) else record.reading_id
    return Source(endpoint, record_id, record.answer, record.by, record.at)


def outcome_of(
    endpoint: Endpoint, *, own: Answer | None, final: Answer | None, verdict: Answer | None
) -> Answer | None:
    """Give the answer that the trial file names as the endpoint; None where nobody gave it."""
    match endpoint:
        case Endpoint.VERDICT:
            return verdict
        case Endpoint.FINAL:
            return final
        case Endpoint.OWN:
            return own
