"""What the model proposes, in the ward's words: its score, one sentence why, and what is doubtful."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mottling.assessment import Assessment, LegAssessment, ReasonCode
from mottling.scale import SCORES, Status
from mottling.services.views import Answer, Proposal
from mottling.web.trial_words import TrialWords
from mottling.web.words import Words

__all__ = ["Agreement", "Bar", "ShownBeside", "ShownProposal", "shown_beside", "shown_proposal"]

_LEAST_PERCENT = 1
"""A share of zone below this is said as this."""


class Agreement(StrEnum):
    """How the proposal stands to the own score."""

    AGREE = "agree"
    DIFFER = "differ"
    CANNOT = "cannot"
    """The model does not judge the photograph."""


@dataclass(frozen=True)
class Bar:
    """How likely the model finds one score."""

    score: int
    percent: int
    is_plausible: bool
    """Inside the prediction set."""


@dataclass(frozen=True)
class ShownProposal:
    """A proposal, ready to show."""

    score: int | None
    is_at_least: bool
    agreement: Agreement
    why: str
    doubts: tuple[str, ...]
    bars: tuple[Bar, ...]
    """One a score; empty when there are no probabilities."""
    plausible: str
    """The prediction set as a sentence; empty when there is none."""
    model: str


@dataclass(frozen=True)
class ShownBeside:
    """What the model proposes for an earlier photograph of the visit."""

    photo_id: str
    score: str
    """In words; empty where it cannot judge the photograph."""
    why: str


def shown_beside(proposal: Proposal, own: Answer, trial_words: TrialWords) -> ShownBeside:
    """Say in a language what the network says of an earlier photograph."""
    said = shown_proposal(proposal.assessment, own, trial_words.words)
    answer = Answer(proposal.assessment.status, said.score, None)
    score = "" if said.score is None else trial_words.answer(answer)
    return ShownBeside(proposal.photo_id, score, said.why)


def shown_proposal(assessment: Assessment, own: Answer, words: Words) -> ShownProposal:
    """Say in a language what the network says of a photograph.

    Args:
        assessment: What the network says.
        own: The own score, locked before.
        words: The language.
    """
    return ShownProposal(
        score=assessment.score,
        is_at_least=assessment.status is Status.AT_LEAST,
        agreement=_agreement(assessment, own),
        why=_why(assessment, words),
        doubts=_doubts(assessment, words),
        bars=_bars(assessment),
        plausible=_plausible(assessment, words),
        model=assessment.model.name,
    )


def _agreement(assessment: Assessment, own: Answer) -> Agreement:
    if assessment.score is None:
        return Agreement.CANNOT
    is_same = (assessment.status, assessment.score) == (own.status, own.score)
    return Agreement.AGREE if is_same else Agreement.DIFFER


def _why(assessment: Assessment, words: Words) -> str:
    if assessment.score is None:
        # Both legs may lack the same.
        codes = dict.fromkeys(reason.code for reason in assessment.reasons)
        reasons = (words.say(f"ward.reason.{code}") for code in codes)
        return " ".join((words.say("ward.why.not_assessable"), *reasons))
    if assessment.score == 0:
        return words.say("ward.why.none")
    said = _reach(assessment, assessment.score, words)
    is_open = assessment.status is Status.AT_LEAST
    return f"{said} {words.say('ward.why.open')}" if is_open else said


def _reach(assessment: Assessment, score: int, words: Words) -> str:
    """Name the zone and the leg that make the score."""
    reach = words.say(f"ward.reach.{score}")
    shares = {leg.side_in_image: _share(leg, score) for leg in assessment.legs}
    side, share = max(shares.items(), key=lambda one: one[1], default=("only", 0.0))
    if share <= 0:
        return words.say("ward.why.reach_plain", {"reach": reach})
    percent = max(_LEAST_PERCENT, round(100 * share))
    leg = words.say(f"ward.why.{side}")
    return words.say("ward.why.reach", {"reach": reach, "leg": leg, "share": percent})


def _share(leg: LegAssessment, zone: int) -> float:
    return next((share for name, share in leg.mottled_share.items() if int(name) == zone), 0.0)


def _doubts(assessment: Assessment, words: Words) -> tuple[str, ...]:
    """Say why the score is doubtful; what the sentence why has said already is left out."""
    if assessment.score is None:
        return ()
    codes = (reason.code for reason in assessment.reasons)
    said = ReasonCode.VIEW_ENDS if assessment.status is Status.AT_LEAST else None
    return tuple(_doubt(code, assessment.score, words) for code in codes if code is not said)


def _doubt(code: ReasonCode, score: int, words: Words) -> str:
    if code is ReasonCode.NO_KNEE:
        return words.say("ward.doubt.other_knee")
    if code is ReasonCode.FAINT and score == 0:
        return words.say("ward.doubt.faint_zero")
    return words.say(f"ward.reason.{code}")


def _bars(assessment: Assessment) -> tuple[Bar, ...]:
    if assessment.probabilities is None:
        return ()
    return tuple(
        Bar(score, round(100 * share), score in assessment.prediction_set)
        for score, share in zip(SCORES, assessment.probabilities, strict=True)
    )


def _plausible(assessment: Assessment, words: Words) -> str:
    scores = assessment.prediction_set
    if not scores or assessment.score is None:
        return ""
    if assessment.status is Status.AT_LEAST and min(scores) < assessment.score:
        # "At least" says that the view ends, not that the highest mark is certain.
        asked = {"low": min(scores), "high": max(scores), "score": assessment.score}
        return words.say("ward.proposal.set_below", asked)
    key = "set_one" if len(scores) == 1 else "set_some"
    return words.say(f"ward.proposal.{key}", {"low": min(scores), "high": max(scores)})
