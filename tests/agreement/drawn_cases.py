"""A trial that was never run: readers, wards and a model whose habits are known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from mottling.agreement.cases import Case, Repeat
from mottling.assessment import Assessment, ModelName, Timing
from mottling.scale import Status
from mottling.trial.records import Answer, Reading

BEGAN = datetime(2026, 1, 5, tzinfo=UTC)
MIX = [0.42, 0.34, 0.14, 0.04, 0.03, 0.03]


def reading(
    by: str, answer: Answer, *, photo_id: str = "p", reading_s: float = 12.0, at: datetime = BEGAN
) -> Reading:
    return Reading(
        reading_id=f"{by} {photo_id}", photo_id=photo_id, answer=answer, reading_s=reading_s, by=by, at=at
    )


def assessment(score: int | None, *, sure: float = 0.8, status: Status = Status.SCORED) -> Assessment:
    others = (1 - sure) / 5
    return Assessment(
        file="x.jpg",
        sha256="a" * 64,
        status=Status.NOT_ASSESSABLE if score is None else status,
        score=score,
        probabilities=None if score is None else tuple(sure if one == score else others for one in range(6)),
        prediction_set=() if score is None else (score,),
        visible_up_to=5,
        legs=(),
        reasons=(),
        model=ModelName(name="m", sha256="b" * 64),
        timing_ms=Timing(decode=1, network=1, total=2),
    )


def case(
    patient: str = "1",
    *answers: tuple[str, Answer],
    site: str = "01",
    bedside: Answer | None = None,
    **others,
) -> Case:
    """A photograph that was read; the last of these readings is the verdict."""
    readings = tuple(reading(by, answer, photo_id=patient) for by, answer in answers)
    return Case(
        patient=patient,
        site=site,
        taken_at=BEGAN,
        bedside=bedside,
        readings=readings,
        verdict=readings[-1] if readings else None,
        **others,
    )


def a_trial(patients: int, *, seed: int = 1) -> list[Case]:
    """Draw two visits a patient; two readers who are right three times of four, and a third who decides."""
    rng = np.random.default_rng(seed)
    cases = []
    for number in range(patients):
        site = f"{1 + number % 3:02d}"
        for visit in range(2):
            truth = int(rng.choice(6, p=MIX))
            cases.append(_drawn(f"{number}", site, truth, at=BEGAN + timedelta(days=number + visit), rng=rng))
    return cases


def _drawn(patient: str, site: str, truth: int, *, at: datetime, rng: np.random.Generator) -> Case:
    if rng.random() < 0.05:
        return Case(patient, site, None)

    def said() -> Answer:
        if rng.random() < 0.04:
            return Answer.not_assessable("blurred")
        score = int(np.clip(truth + rng.choice([0, -1, 1], p=[0.76, 0.12, 0.12]), 0, 5))
        return Answer.at_least(score) if score in {2, 3} and rng.random() < 0.1 else Answer.scored(score)

    names = list(rng.permutation(["ravi", "rita", "rosa"]))
    read_at = at + timedelta(days=30)
    readings = [reading(name, said(), reading_s=float(rng.gamma(4, 4)), at=read_at) for name in names[:2]]
    one, other = (each.answer for each in readings)
    if (one.status, one.score) != (other.status, other.score):
        readings.append(reading(names[2], said(), reading_s=float(rng.gamma(4, 4)), at=read_at))
    settled = readings[-1] if len(readings) == 3 else readings[0]
    model = None if rng.random() < 0.08 else int(np.clip(truth + rng.choice([0, -1, 1]), 0, 5))
    return Case(
        patient=patient,
        site=site,
        taken_at=at,
        bedside=said(),
        readings=tuple(readings),
        repeats=(Repeat(names[0], one, said()),) if rng.random() < 0.3 else (),
        verdict=settled,
        assessment=assessment(model, sure=float(rng.uniform(0.4, 0.95))),
    )
