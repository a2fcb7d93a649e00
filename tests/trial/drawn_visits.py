"""Photographs of one patient's day 1 and what was said of them, by hand and drawn by Hypothesis."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from mottling.scale import SCORES
from mottling.shipped import shipped
from mottling.trial.charter import read_charter
from mottling.trial.outcome import PhotoRead
from mottling.trial.records import (
    Answer,
    FinalRecord,
    NotDone,
    OwnScore,
    Patient,
    Photo,
    PhotoSteps,
    Reading,
    WaitedPhoto,
)

CHARTER = read_charter(shipped("configs") / "trials" / "i-micro.toml").charter
DAY1 = CHARTER.visit("day1")
RANDOMISED_AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
PATIENT = Patient(patient="01-001", site="01", randomised_at=RANDOMISED_AT, by="olga", at=RANDOMISED_AT)
LATER = RANDOMISED_AT + timedelta(days=9)


def hours(count: float) -> datetime:
    return RANDOMISED_AT + timedelta(hours=count)


def photo(
    name="a",
    *,
    at_h: float = 24,
    taken_h: float | None = None,
    own=None,
    final=None,
    readings=(),
    verdict: int | None = None,
) -> PhotoRead:
    at = hours(at_h)
    taken = Photo(
        photo_id=name,
        patient="01-001",
        visit="day1",
        sha256="a" * 64,
        size_bytes=1,
        key=name,
        outside_window=False,
        by="nina",
        at=at,
    )
    said = [
        Reading(
            reading_id=f"{name}{n}", photo_id=name, answer=answer, reading_s=1, by=f"r{n}", at=hours(at_h + 1)
        )
        for n, answer in enumerate(readings)
    ]
    steps = PhotoSteps(
        taken,
        None if own is None else OwnScore(photo_id=name, answer=own, by="nina", at=at),
        None,
        None,
        None if final is None else FinalRecord(photo_id=name, answer=final, because=None, by="nina", at=at),
        None if taken_h is None else WaitedPhoto(photo_id=name, taken_at=hours(taken_h), by="nina", at=at),
    )
    return PhotoRead(steps, tuple(said), None if verdict is None else said[verdict])


def read_as(answer: Answer, name="a", *, at_h: float = 24) -> PhotoRead:
    return photo(name, at_h=at_h, readings=(answer, answer), verdict=0)


def not_done(reason: str) -> NotDone:
    return NotDone(patient="01-001", visit="day1", reason=reason, by="nina", at=RANDOMISED_AT)


answers = st.one_of(
    st.sampled_from(SCORES).map(Answer.scored),
    st.integers(1, 4).map(Answer.at_least),
    st.sampled_from([one.code for one in CHARTER.reasons_not_assessable]).map(Answer.not_assessable),
)


@st.composite
def photographs(draw):
    found = []
    for name in draw(st.lists(st.sampled_from("abc"), unique=True, max_size=3)):
        said = tuple(draw(st.lists(answers, max_size=3)))
        chosen = draw(st.none() | st.integers(0, len(said) - 1)) if said else None
        own, final = draw(st.none() | answers), draw(st.none() | answers)
        at_h = draw(st.floats(0, 60))
        found.append(photo(name, at_h=at_h, own=own, final=final, readings=said, verdict=chosen))
    return found
