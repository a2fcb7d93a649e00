"""The outcome of the trial: one row a patient, a value or a reason, with all that it can be traced to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from mottling.exports.tables import Column
from mottling.scale import Status
from mottling.trial.changes import Extent
from mottling.trial.charter import Endpoint
from mottling.trial.outcome import Bound, Missing, Outcome

__all__ = ["PatientOutcome", "outcome_table"]

_TIME = "ISO 8601, UTC"
_SHA256 = "64 hexadecimal digits"


@dataclass(frozen=True)
class PatientOutcome:
    """The outcome of one patient."""

    trial: Annotated[str, Column("Trial")]
    site: Annotated[
        str, Column("Code of the site that randomised, which the outcome is of, wherever the patient went")
    ]
    patient: Annotated[str, Column("Number of the patient in the trial")]
    visit: Annotated[str, Column("The visit that the trial file names", values="a code of the trial file")]
    randomised_at: Annotated[datetime, Column("Randomisation", values=_TIME)]
    value: Annotated[
        int | None, Column("Mottling score (Ait-Oufella 2011)", values="0-5; empty when missing says why")
    ]
    bound: Annotated[
        Bound | None, Column("How the value is meant", values="exact | at_least (a lower bound)")
    ]
    missing: Annotated[
        Missing | None,
        Column("Why there is no value; nothing is imputed", values=" | ".join(Missing)),
    ]
    detail: Annotated[
        str | None, Column("Behind it: why not done, why not assessable", values="a code of the trial file")
    ]
    photographs: Annotated[int, Column("Photographs of the visit; the last one counts", values="a count")]
    photo_sha256: Annotated[str | None, Column("Of the file of the one that counts", values=_SHA256)]
    photo_at: Annotated[datetime | None, Column("When it was taken", values=_TIME)]
    hours_after_randomisation: Annotated[
        float | None, Column("From randomisation to photograph", values="hours")
    ]
    outside_window: Annotated[bool | None, Column("Taken outside the visit's window", values="yes | no")]
    source: Annotated[
        Endpoint | None,
        Column("Which answer it is: the committee's, the ward's last, the ward's own", values="as endpoint"),
    ]
    record_id: Annotated[
        str | None, Column("Of the answer: the reading's, or the photograph's for a ward's answer")
    ]
    answered_by: Annotated[str | None, Column("Name of the user who gave the answer")]
    answered_at: Annotated[datetime | None, Column("When the answer was locked", values=_TIME)]
    model: Annotated[str | None, Column("Name of the model that read the photograph; no part of the value")]
    model_sha256: Annotated[str | None, Column("Of that model's file", values=_SHA256)]
    model_status: Annotated[
        Status | None, Column("What it said", values="scored | at_least | not_assessable | error")
    ]
    model_score: Annotated[int | None, Column("What it said", values="0-5")]
    photo_site: Annotated[str | None, Column("Code of the site where the photograph was taken")]
    site_now: Annotated[str, Column("Code of the site where the patient is now")]
    former_numbers: Annotated[
        str | None, Column("Numbers of the patient that were corrected since", values="numbers, by comma")
    ]
    withdrawn_at: Annotated[datetime | None, Column("From when on the patient had withdrawn", values=_TIME)]
    withdrawn_from: Annotated[Extent | None, Column("What from", values=" | ".join(Extent))]


def outcome_table(outcomes: tuple[Outcome, ...], *, trial: str) -> tuple[PatientOutcome, ...]:
    """Make one row a patient, by site and number."""
    rows = (_row(outcome, trial=trial) for outcome in outcomes)
    return tuple(sorted(rows, key=lambda row: (row.site, row.patient)))


def _row(outcome: Outcome, *, trial: str) -> PatientOutcome:
    records, source = outcome.records, outcome.source
    counts = records.photo
    photo = None if counts is None else counts.steps.photo
    taken_at = None if counts is None else counts.steps.taken_at
    seen = None if counts is None or counts.steps.assessment is None else counts.steps.assessment.assessment
    return PatientOutcome(
        trial=trial,
        site=records.patient.site,
        patient=records.patient.patient,
        visit=records.visit.code,
        randomised_at=records.patient.randomised_at,
        value=outcome.value,
        bound=outcome.bound,
        missing=outcome.missing,
        detail=outcome.detail,
        photographs=len(records.photos),
        photo_sha256=None if photo is None else photo.sha256,
        photo_at=taken_at,
        hours_after_randomisation=_hours(records.patient.randomised_at, taken_at),
        outside_window=outcome.outside_window,
        source=None if source is None else source.kind,
        record_id=None if source is None else source.record_id,
        answered_by=None if source is None else source.by,
        answered_at=None if source is None else source.at,
        model=None if seen is None else seen.model.name,
        model_sha256=None if seen is None else seen.model.sha256,
        model_status=None if seen is None else seen.status,
        model_score=None if seen is None else seen.score,
        photo_site=None if counts is None else records.site_of(counts.steps),
        site_now=records.site_now,
        former_numbers=", ".join(records.changes.former.get(records.patient.patient, ())) or None,
        withdrawn_at=None if records.withdrawal is None else records.withdrawal.since,
        withdrawn_from=None if records.withdrawal is None else records.withdrawal.extent,
    )


def _hours(begin: datetime, end: datetime | None) -> float | None:
    return None if end is None else round((end - begin).total_seconds() / 3600, 2)
