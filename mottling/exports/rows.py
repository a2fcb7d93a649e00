"""The rows of the tables: every column with its meaning, said once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from mottling.exports.tables import Column
from mottling.scale import Status

__all__ = [
    "AuditRow",
    "ChangeRow",
    "EligibilityRow",
    "OutcomeRow",
    "QueryRow",
    "ReadingRow",
    "SignatureRow",
]

_STATUS = "scored | at_least | not_assessable"
_SCORE = "0-5; a lower bound where the status is at_least; empty when not assessable"
_TIME = "ISO 8601, UTC"
_YES_NO = "yes | no"


@dataclass(frozen=True)
class OutcomeRow:
    """One patient and visit."""

    trial: Annotated[str, Column("Trial")]
    site: Annotated[
        str, Column("Code of the site that randomised, which the outcome is of, wherever the patient went")
    ]
    patient: Annotated[str, Column("Number of the patient in the trial")]
    visit: Annotated[str, Column("Code of the visit in the trial file")]
    randomised_at: Annotated[datetime, Column("Randomisation", values=_TIME)]
    outcome_status: Annotated[
        Status | None, Column("Of the endpoint that the trial file names", values=_STATUS)
    ]
    outcome_score: Annotated[int | None, Column("Mottling score (Ait-Oufella 2011)", values=_SCORE)]
    outcome_reason: Annotated[str | None, Column("Why not assessable", values="a code of the trial file")]
    not_done_reason: Annotated[
        str | None, Column("Why the visit was not done", values="a code of the trial file")
    ]
    photo_sha256: Annotated[str | None, Column("Of the photograph's file", values="64 hexadecimal digits")]
    photo_at: Annotated[datetime | None, Column("When the photograph was taken", values=_TIME)]
    hours_after_randomisation: Annotated[
        float | None, Column("From randomisation to photograph", values="hours")
    ]
    outside_window: Annotated[bool | None, Column("Taken outside the visit's window", values=_YES_NO)]
    own_status: Annotated[Status | None, Column("Bedside, before the model's proposal", values=_STATUS)]
    own_score: Annotated[int | None, Column("Bedside, before the model's proposal", values=_SCORE)]
    final_status: Annotated[Status | None, Column("Bedside, final record", values=_STATUS)]
    final_score: Annotated[int | None, Column("Bedside, final record", values=_SCORE)]
    verdict_status: Annotated[Status | None, Column("Committee, the reading that was chosen", values=_STATUS)]
    verdict_score: Annotated[int | None, Column("Committee, the reading that was chosen", values=_SCORE)]
    readings: Annotated[int, Column("Committee readings of this photograph", values="a count")]
    model: Annotated[str | None, Column("Name of the model that proposed")]
    model_status: Annotated[Status | None, Column("What the model proposed", values=_STATUS)]
    model_score: Annotated[int | None, Column("What the model proposed", values=_SCORE)]
    photo_site: Annotated[str | None, Column("Code of the site where the photograph was taken")]
    site_now: Annotated[str, Column("Code of the site where the patient is now")]
    withdrawn_at: Annotated[datetime | None, Column("From when on the patient had withdrawn", values=_TIME)]


@dataclass(frozen=True)
class ReadingRow:
    """One answer of one person on one photograph."""

    trial: Annotated[str, Column("Trial")]
    site: Annotated[str, Column("Code of the site that randomised the patient")]
    patient: Annotated[str, Column("Number of the patient in the trial")]
    visit: Annotated[str, Column("Code of the visit in the trial file")]
    photo_sha256: Annotated[str, Column("Of the photograph's file", values="64 hexadecimal digits")]
    kind: Annotated[
        str,
        Column(
            "Which answer this is: before the proposal, after it, blinded, blinded when it came back,"
            " or of the committee together at a meeting; a reader who was shown the model has a row for what"
            " was said after it too",
            values="own | final | committee | repeat | consensus | committee_after_model"
            " | repeat_after_model",
        ),
    ]
    by: Annotated[str, Column("Name of the user who answered")]
    status: Annotated[Status, Column("What was answered", values=_STATUS)]
    score: Annotated[int | None, Column("What was answered", values=_SCORE)]
    reason: Annotated[str | None, Column("Why not assessable", values="a code of the trial file")]
    because: Annotated[str | None, Column("Why the answer differs from the one before it")]
    reading_s: Annotated[float | None, Column("How long the photograph was looked at", values="seconds")]
    at: Annotated[datetime, Column("When it was locked", values=_TIME)]
    accepted: Annotated[bool, Column("Whether it is the committee's verdict", values=_YES_NO)]
    second_look: Annotated[
        bool,
        Column(
            "Asked for because the model lay far from the verdict, which stays; the reader was not told",
            values=_YES_NO,
        ),
    ]
    sat: Annotated[str | None, Column("Readers who sat at the committee's meeting", values="names, by comma")]
    guests: Annotated[str | None, Column("Who else sat there, as it was written down")]
    comment: Annotated[str | None, Column("What was noted beside the reading, or at the meeting")]
    photo_site: Annotated[str, Column("Code of the site where the photograph was taken")]


@dataclass(frozen=True)
class EligibilityRow:
    """One thing that was said of one eligibility item of one patient."""

    trial: Annotated[str, Column("Trial")]
    site: Annotated[str, Column("Code of the site")]
    patient: Annotated[str, Column("Number of the patient in the trial")]
    item: Annotated[str, Column("Code of the item in the trial file")]
    label: Annotated[str | None, Column("What it is called; empty where the trial file names it no longer")]
    kind: Annotated[
        str | None, Column("What is said of it", values="score | seconds | number | yes_no | choice")
    ]
    unit: Annotated[str | None, Column("Of the value")]
    value: Annotated[
        str | int | float | None,
        Column(
            "What was said; empty where it was taken back",
            values="0-5 | a number | yes | no | a code of the trial file",
        ),
    ]
    version: Annotated[int, Column("How often something was said of it", values="1, 2, 3 …")]
    counts: Annotated[bool, Column("Whether it is the last version, which counts", values=_YES_NO)]
    because: Annotated[str | None, Column("Why it takes the place of the version before")]
    by: Annotated[str, Column("Who")]
    at: Annotated[datetime, Column("When", values=_TIME)]


@dataclass(frozen=True)
class ChangeRow:
    """One change of one patient after enrolment: a withdrawal, a transfer, a correction."""

    trial: Annotated[str, Column("Trial")]
    site: Annotated[str, Column("Code of the site that randomised the patient, as it holds now")]
    patient: Annotated[str, Column("Number of the patient in the trial, as it holds now")]
    change: Annotated[
        str,
        Column(
            "What changed",
            values="withdrawn | withdrawal_taken_back | transferred | number_corrected | enrolment_corrected",
        ),
    ]
    since: Annotated[
        datetime | None,
        Column("From when on the patient had withdrawn, or was at the other site", values=_TIME),
    ]
    extent: Annotated[
        str | None,
        Column(
            "What the patient withdrew from",
            values="no_more_visits | erase_photographs | erase_and_never_train",
        ),
    ]
    to_site: Annotated[
        str | None, Column("Code of the site where the patient went, or that the correction says")
    ]
    was: Annotated[str | None, Column("The number that was wrong")]
    becomes: Annotated[str | None, Column("The number that was put in its place")]
    randomised_at: Annotated[
        datetime | None, Column("The time of randomisation that the correction says", values=_TIME)
    ]
    because: Annotated[str, Column("Why")]
    counts: Annotated[
        bool, Column("Whether it still holds; no where a later word took its place", values=_YES_NO)
    ]
    by: Annotated[str, Column("Who recorded it")]
    at: Annotated[datetime, Column("When it was recorded", values=_TIME)]


@dataclass(frozen=True)
class QueryRow:
    """One step of a question to a site."""

    trial: Annotated[str, Column("Trial")]
    query: Annotated[str, Column("Id of the query: its steps share it")]
    site: Annotated[str, Column("Code of the site that is asked: the one where the patient is now")]
    patient: Annotated[str, Column("Number of the patient in the trial")]
    visit: Annotated[str | None, Column("Code of the visit; empty where it is about the patient as a whole")]
    photo_sha256: Annotated[
        str | None, Column("Of the visit's photograph when it was asked", values="64 hexadecimal digits")
    ]
    step: Annotated[str, Column("What was done", values="asked | answered | asked_again | closed")]
    by: Annotated[str, Column("Who")]
    at: Annotated[datetime, Column("When", values=_TIME)]
    text: Annotated[str | None, Column("What was written")]


@dataclass(frozen=True)
class SignatureRow:
    """One signature: of a batch of readings, of a meeting, of the read-out, of a frozen outcome."""

    at: Annotated[datetime, Column("When", values=_TIME)]
    by: Annotated[str, Column("Who signed")]
    signed: Annotated[
        str, Column("What kind of thing", values="readings | consensus | read-out | frozen outcome")
    ]
    subject: Annotated[str, Column("Which one: the reading's id, closed or reopened, the snapshot's number")]
    count: Annotated[int, Column("Readings, or lines of the frozen table", values="a count")]
    meaning: Annotated[str | None, Column("What it stands for, in the words that were shown")]
    sha256: Annotated[str | None, Column("Of what was signed", values="64 hexadecimal digits")]


@dataclass(frozen=True)
class AuditRow:
    """One act in the audit trail."""

    number: Annotated[int, Column("Position in the chain", values="1, 2, 3 …")]
    at: Annotated[datetime, Column("When", values=_TIME)]
    by: Annotated[str, Column("Who")]
    act: Annotated[str, Column("What was done")]
    subject: Annotated[str, Column("To what")]
    hash: Annotated[str, Column("Over this row and the hash before it", values="64 hexadecimal digits")]
