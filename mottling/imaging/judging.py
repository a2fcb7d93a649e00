"""From what was seen of a photograph to a score with its reasons, or the reasons why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mottling.assessment import LegAssessment, Reason, ReasonCode
from mottling.imaging.contract import ScoringRules
from mottling.imaging.edges import only_just_reaches
from mottling.imaging.looks import Seen
from mottling.imaging.photo import Photo
from mottling.imaging.quality import (
    LEAST_LIGHT,
    MOST_BLOWN_SHARE,
    MOST_EDGE_PX,
    WEAK_LIGHT,
    Quality,
    measure_quality,
)
from mottling.imaging.scoring import (
    LegEvidence,
    LegScore,
    PatientScore,
    measure_leg,
    score_leg,
    score_patient,
)
from mottling.scale import Status

__all__ = ["Judgement", "judge"]

ZoneKey = Literal["1", "2", "3", "4", "5"]
_ZONE_KEYS: tuple[ZoneKey, ...] = ("1", "2", "3", "4", "5")

# P(any mottling) between these is close to what can just be told from clean skin.
_FAINT_FROM, _FAINT_TO = 0.25, 0.75


@dataclass(frozen=True)
class Judgement:
    """The score of a photograph, or that it has none, and why."""

    status: Status
    patient: PatientScore | None
    """None when the photograph as a whole cannot be judged."""
    visible_up_to: int
    legs: tuple[LegAssessment, ...]
    reasons: tuple[Reason, ...]


def judge(photo: Photo, seen: Seen, *, rules: ScoringRules) -> Judgement:
    """Score what was seen, unless nobody could.

    A photograph that cannot be judged keeps its legs and knees, but no score and no share: what could not
    be seen is never a 0.
    """
    evidence = [measure_leg(leg.zones, seen.last.look.mottling, rules=rules) for leg in seen.last.legs]
    scores = [score_leg(leg, rules=rules) for leg in evidence]
    visible_up_to = max((leg.visible_up_to for leg in scores), default=0)
    quality = _quality(seen)
    obstacles = _obstacles(seen, quality, rules)
    if obstacles:
        legs = _legs(photo, seen, [LegEvidence(())] * len(scores), scores=None)
        return Judgement(Status.NOT_ASSESSABLE, None, visible_up_to, legs, obstacles)
    patient = score_patient(scores, rules=rules)
    legs = _legs(photo, seen, evidence, scores=scores)
    reasons = (
        *_doubts(patient, legs, rules),
        *_doubts_of_edge(seen, patient, scores, rules=rules),
        *_doubts_of_light(patient, quality),
    )
    return Judgement(patient.reading.status, patient, visible_up_to, legs, reasons)


def _legs(
    photo: Photo, seen: Seen, evidence: Sequence[LegEvidence], *, scores: Sequence[LegScore] | None
) -> tuple[LegAssessment, ...]:
    found = []
    for index, leg in enumerate(seen.last.legs):
        knee = seen.knee_in_photo(leg, photo)
        found.append(
            LegAssessment(
                side_in_image=_side(index, len(seen.last.legs)),
                knee_xy=None if knee is None else (round(knee.x, 1), round(knee.y, 1)),
                score=None if scores is None else scores[index].reading.score,
                mottled_share={
                    _ZONE_KEYS[one.zone - 1]: round(one.mottled_share, 4) for one in evidence[index].zones
                },
            )
        )
    return tuple(found)


def _side(index: int, count: int) -> Literal["left", "right", "only"]:
    if count == 1:
        return "only"
    return "left" if index == 0 else "right"


def _quality(seen: Seen) -> Quality:
    frame = seen.last.fitted.frame
    return measure_quality(seen.last.fitted.pixels[: frame.height, : frame.width], seen.last.skin)


def _obstacles(seen: Seen, quality: Quality, rules: ScoringRules) -> tuple[Reason, ...]:
    """Say what keeps the whole photograph from being judged."""
    found = [Reason(code=code, message=_fault_message(code, quality)) for code in quality.faults]
    if not seen.last.legs:
        found.append(Reason(code=ReasonCode.NO_LEG, message="No bare leg was found in the photograph"))
        return tuple(found)
    if seen.leg_px < rules.min_leg_px:
        message = (
            f"A leg is {seen.leg_px:.0f} pixels long in the photograph; {rules.min_leg_px} are needed "
            "to see a coin on the knee: move closer"
        )
        found.append(Reason(code=ReasonCode.LEG_TOO_SMALL, message=message))
    readable = seen.last.look.readable
    if readable < rules.readable_from:
        message = f"The network cannot judge this picture: it is {readable:.0%} sure that anybody could"
        found.append(Reason(code=ReasonCode.UNCLEAR, message=message))
    return tuple(found)


def _fault_message(code: ReasonCode, quality: Quality) -> str:
    match code:
        case ReasonCode.BLURRED:
            return (
                f"The photograph is blurred: its sharpest edges are {quality.edge_px:.0f} pixels wide "
                f"where the legs fill 512; {MOST_EDGE_PX:.0f} is the most"
            )
        case ReasonCode.TOO_DARK:
            return (
                f"The photograph is too dark: the brightest skin reaches {quality.light:.0f} of 255; "
                f"{LEAST_LIGHT:.0f} is the least"
            )
        case _:
            return (
                f"The photograph is burnt out: {quality.blown_share:.0%} of the skin is white; "
                f"{MOST_BLOWN_SHARE:.0%} is the most"
            )


def _doubts(patient: PatientScore, legs: Sequence[LegAssessment], rules: ScoringRules) -> tuple[Reason, ...]:
    """Say why a score is open or doubtful, or why legs in view have none."""
    score = patient.reading.score
    found = [
        Reason(
            code=ReasonCode.NO_KNEE,
            message=f"The {_which(leg)} shows clean skin but not its knee, where mottling begins",
        )
        for leg in legs
        if leg.score is None
    ]
    if score is None:
        return tuple(found)
    if patient.reading.status is Status.AT_LEAST:
        message = f"The view ends at mottled skin: the score is at least {score}"
        found.append(Reason(code=ReasonCode.VIEW_ENDS, message=message))
    any_mottling = 1 - patient.probabilities[0]
    if _FAINT_FROM < any_mottling < _FAINT_TO:
        message = f"It is {any_mottling:.0%} sure that there is mottling at all: what is seen is faint"
        found.append(Reason(code=ReasonCode.FAINT, message=message))
    elif patient.probabilities[score] < rules.doubtful_below:
        low, high = patient.prediction_set[0], patient.prediction_set[-1]
        message = f"How far the mottling reaches is doubtful: {low} to {high}"
        found.append(Reason(code=ReasonCode.DOUBTFUL_EXTENT, message=message))
    return tuple(found)


def _doubts_of_edge(
    seen: Seen, patient: PatientScore, scores: Sequence[LegScore], *, rules: ScoringRules
) -> tuple[Reason, ...]:
    """Say that no leg that makes the score does so by more than the edge of its highest mottled zone."""
    score = patient.reading.score
    if not score:
        return ()
    mottled = seen.last.look.mottling >= rules.mottled_from
    deciding = [leg for leg, own in zip(seen.last.legs, scores, strict=True) if own.reading.score == score]
    if not all(only_just_reaches(leg.zones, mottled, score=score) for leg in deciding):
        return ()
    message = f"The mottling only just reaches zone {score}, which makes the score: it may be lower"
    return (Reason(code=ReasonCode.EDGE_OF_ZONE, message=message),)


def _doubts_of_light(patient: PatientScore, quality: Quality) -> tuple[Reason, ...]:
    """Say by what light mottling may have been missed; where there is no score, that is said already."""
    if patient.reading.score is None:
        return ()
    return tuple(Reason(code=code, message=_light_message(code, quality)) for code in quality.doubts)


def _light_message(code: ReasonCode, quality: Quality) -> str:
    if code is ReasonCode.WEAK_LIGHT:
        return (
            f"The skin is dark in this light: its brightest parts reach {quality.light:.0f} of 255; below "
            f"{WEAK_LIGHT:.0f} mottling is easily missed"
        )
    return f"{quality.blown_share:.0%} of the skin is white with light: what is there cannot be seen"


def _which(leg: LegAssessment) -> str:
    return "leg" if leg.side_in_image == "only" else f"leg on the {leg.side_in_image} of the picture"
