"""What the model proposes, in the ward's words."""

import pytest

from mottling.assessment import Assessment, LegAssessment, ModelName, Reason, ReasonCode, Timing
from mottling.scale import Status
from mottling.services.views import Answer
from mottling.web.pages.ward_proposal import Agreement, shown_proposal
from mottling.web.words import words_in


def leg(side: str, score: int, **share: float) -> LegAssessment:
    shares = {name.removeprefix("zone"): value for name, value in share.items()}
    return LegAssessment(side_in_image=side, knee_xy=None, score=score, mottled_share=shares)


def assessment(status: Status = Status.SCORED, score: int | None = 3, **changed) -> Assessment:
    is_scored = score is not None
    known = {
        "file": "photo.jpg",
        "sha256": "a" * 64,
        "status": status,
        "score": score,
        "probabilities": (0.01, 0.03, 0.22, 0.61, 0.1, 0.03) if is_scored else None,
        "prediction_set": (2, 3) if is_scored else (),
        "visible_up_to": 4,
        "legs": (leg("left", 2, zone2=0.3), leg("right", 3, zone2=0.4, zone3=0.12)) if is_scored else (),
        "reasons": (),
        "model": ModelName(name="lite0", sha256="b" * 64),
        "timing_ms": Timing(decode=1, network=1, total=2),
    }
    return Assessment(**{**known, **changed})


def because(*codes: ReasonCode) -> tuple[Reason, ...]:
    return tuple(Reason(code=code, message="said in English") for code in codes)


def shown(given: Assessment, own: Answer | None = None, language: str = "en"):
    return shown_proposal(given, own or Answer.scored(3), words_in(language))


def test_the_sentence_why_names_the_zone_the_leg_and_the_share():
    assert shown(assessment()).why == (
        "Mottling seen between the kneecap and the middle of the thigh, leg on the right of the picture: "
        "12\u00a0% of the visible skin of that zone."
    )


def test_a_lower_bound_says_that_the_score_may_be_higher():
    proposal = shown(assessment(Status.AT_LEAST, reasons=because(ReasonCode.VIEW_ENDS, ReasonCode.FAINT)))
    assert proposal.is_at_least
    assert proposal.why.endswith("The next zone is not in view: the score may be higher.")
    assert proposal.doubts == ("The mottling can hardly be told from clean skin.",)


def test_a_doubt_says_nothing_that_the_score_denies():
    codes = because(ReasonCode.NO_KNEE, ReasonCode.FAINT)
    assert shown(assessment(score=0, reasons=codes)).doubts == (
        "One knee is not in view: its leg is not counted.",
        "A faint trace of mottling cannot be excluded.",
    )


def test_what_both_legs_lack_is_said_once():
    no_knees = because(ReasonCode.NO_KNEE, ReasonCode.NO_KNEE)
    proposal = shown(assessment(Status.NOT_ASSESSABLE, None, reasons=no_knees))
    assert proposal.why == "No score is proposed. No knee is in view."


def test_clean_legs_are_said_to_be_clean():
    assert shown(assessment(score=0)).why == "No mottling seen on the visible skin."


def test_a_photograph_that_cannot_be_judged_says_why_and_claims_no_agreement():
    blurred = assessment(Status.NOT_ASSESSABLE, None, reasons=because(ReasonCode.BLURRED))
    proposal = shown(blurred, Answer.not_assessable("blurred"))
    assert proposal.agreement is Agreement.CANNOT
    assert proposal.why == "No score is proposed. The photograph is blurred."
    assert (proposal.doubts, proposal.bars, proposal.plausible) == ((), (), "")


@pytest.mark.parametrize(
    ("own", "agreement"),
    [
        (Answer.scored(3), Agreement.AGREE),
        (Answer.at_least(3), Agreement.DIFFER),
        (Answer.scored(2), Agreement.DIFFER),
        (Answer.not_assessable("dark"), Agreement.DIFFER),
    ],
)
def test_only_the_same_answer_is_agreement(own, agreement):
    assert shown(assessment(), own).agreement is agreement


def test_the_prediction_set_is_a_sentence_and_marks_its_bars():
    proposal = shown(assessment())
    assert proposal.plausible == "At 90\u00a0%, the model expects a score from 2 to 3."
    assert [bar.score for bar in proposal.bars if bar.is_plausible] == [2, 3]
    assert [bar.percent for bar in proposal.bars] == [1, 3, 22, 61, 10, 3]


def test_a_prediction_set_of_one_score_is_said_so():
    assert shown(assessment(prediction_set=(3,))).plausible == "At 90\u00a0%, the model expects the score 3."


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_of_the_network_has_its_words(language, code):
    assert shown(assessment(reasons=because(code)), language=language).doubts[0].endswith(".")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "At 90\u00a0%: 3 to 5. Less than 4 is not ruled out."),
        ("fr", "À 90\u00a0%\u00a0: 3 à 5. Moins de 4 n’est pas exclu."),
    ],
)
def test_a_set_that_reaches_below_at_least_says_that_less_is_not_ruled_out(language, said):
    open_view = assessment(Status.AT_LEAST, 4, prediction_set=(3, 4, 5))
    assert shown(open_view, language=language).plausible == said
