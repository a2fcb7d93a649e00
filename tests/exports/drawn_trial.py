"""A made-up trial with one patient for each thing that can happen, as the exports are given it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from mottling.assessment import Assessment, ModelName, Timing
from mottling.exports.extract import Extract
from mottling.scale import Status
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.outcome import PhotoRead, VisitRecords, visit_outcome
from mottling.trial.records import Answer, AssessmentRecord, FinalRecord
from tests.trial.drawn_visits import CHARTER, LATER, PATIENT, not_done, photo, read_as

EVIL = '=HYPERLINK("http://x\x0b")'
MODEL = ModelName(name="tiny", sha256="b" * 64)


def assessed(one: PhotoRead, *, status=Status.SCORED, score: int | None = 1) -> PhotoRead:
    """The photograph, read by a model."""
    seen = Assessment(
        file="photo",
        sha256="a" * 64,
        status=status,
        score=score,
        probabilities=None,
        prediction_set=(),
        visible_up_to=4,
        legs=(),
        reasons=(),
        model=MODEL,
        timing_ms=Timing(decode=1.0, network=2.0, total=3.0),
    )
    taken = one.steps.photo
    record = AssessmentRecord(
        photo_id=taken.photo_id, assessment=seen, overlay_sha256=None, by="nina", at=taken.at
    )
    return replace(one, steps=replace(one.steps, assessment=record))


def changed(one: PhotoRead, answer: Answer, because: str) -> PhotoRead:
    """The photograph, with a final record that differs."""
    taken = one.steps.photo
    final = FinalRecord(photo_id=taken.photo_id, answer=answer, because=because, by="nina", at=taken.at)
    return replace(one, steps=replace(one.steps, final=final))


TWO, THREE = Answer.scored(2), Answer.scored(3)
DAY1 = {
    "01-001": [changed(assessed(photo("a", own=TWO, readings=(THREE, THREE), verdict=0)), THREE, EVIL)],
    "01-002": [read_as(Answer.at_least(3), "b")],
    "01-003": [assessed(read_as(Answer.not_assessable("dark"), "c"), status=Status.AT_LEAST, score=2)],
    "01-004": [photo("d", readings=(TWO, THREE))],
    "01-005": [],
    "02-001": [photo("e"), read_as(TWO, "f", at_h=31)],
    "02-002": [],
}
GONE = {"01-005": "died"}
ELIGIBILITY = {
    ("01-001", "mottling_included"): "3",
    ("01-001", "finger_recoloration"): "4.5",
    ("01-001", "knee_recoloration"): "5",
    ("01-002", "finger_recoloration"): "3",
    ("01-002", "knee_recoloration"): None,
}
VALUES = {"01-001": 3, "01-002": 3, "02-001": 2}


def extract() -> Extract:
    """The trial, nine days after randomisation."""
    records = [
        VisitRecords(
            PATIENT.model_copy(update={"patient": number, "site": number[:2]}),
            visit,
            tuple(photos) if visit.code == "day1" else (),
            not_done(GONE[number]) if visit.code == "day1" and number in GONE else None,
        )
        for number, photos in DAY1.items()
        for visit in CHARTER.visits
    ]
    outcomes = tuple(visit_outcome(one, CHARTER, at=LATER) for one in records)
    said = tuple(eligible(*place, value) for place, value in ELIGIBILITY.items())
    return Extract(CHARTER, "c" * 64, outcomes, LATER + timedelta(hours=1), "1.2.3", eligibility=said)


def eligible(patient: str, item: str, value: str | None) -> EligibilityValue:
    """What counts of an eligibility item; None where it was taken back."""
    version, because = (1, None) if value else (2, "Read from the wrong line")
    return EligibilityValue(
        patient=patient, item=item, value=value, version=version, because=because, by="olga", at=LATER
    )
