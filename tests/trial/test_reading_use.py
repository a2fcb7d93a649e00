"""What training would learn most from, and why: reasons add up; what is common and agreed on comes last."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from mottling.assessment import Assessment, ModelName, Timing
from mottling.scale import Status
from mottling.trial.reading_use import ReadPhoto, Use, Used, UseWeights, by_use
from mottling.trial.records import Answer


def _said(score: int | None, sure: float = 1.0) -> Assessment:
    rest = (1 - sure) / 5
    likely = None if score is None else tuple(sure if k == score else rest for k in range(6))
    return Assessment(
        file="photo",
        sha256="a" * 64,
        status=Status.NOT_ASSESSABLE if score is None else Status.SCORED,
        score=score,
        probabilities=likely,
        prediction_set=() if score is None else (score,),
        visible_up_to=5,
        legs=(),
        reasons=(),
        model=ModelName(name="drawn", sha256="b" * 64),
        timing_ms=Timing(decode=1.0, network=1.0, total=2.0),
    )


def _photo(name: str, score: int | None = 2, **known: object) -> ReadPhoto:
    """A photograph on which all agree, on skin of the most frequent tone, unless something else is said."""
    verdict = Answer.not_assessable("dark") if score is None else Answer.scored(score)
    given = {"readings": (verdict, verdict), "assessment": _said(score), "tone": 3} | known
    return ReadPhoto(name=name, patient=f"p-{name}", verdict=verdict, **given)


def _only(use: Use) -> UseWeights:
    return UseWeights(**{each.value: float(each is use) for each in Use})


def _order(*photos: ReadPhoto, weights: UseWeights | None = None) -> list[str]:
    return [one.photo.name for one in by_use(photos, weights=weights or UseWeights())]


def _first(*photos: ReadPhoto, weights: UseWeights | None = None) -> Used:
    return by_use(photos, weights=weights or UseWeights())[0]


@pytest.mark.parametrize(
    ("use", "useful"),
    [
        (Use.DISAGREEMENT, _photo("z", readings=(Answer.scored(2), Answer.scored(4)))),
        (Use.FAR_FROM_VERDICT, _photo("z", assessment=_said(5))),
        (Use.DOUBT, _photo("z", assessment=_said(2, sure=0.4))),
        (Use.RARE_SCORE, _photo("z", score=5)),
        (Use.RARE_TONE, _photo("z", tone=9)),
    ],
)
def test_each_reason_brings_a_photograph_to_the_front_and_is_named(use: Use, useful: ReadPhoto):
    first = _first(_photo("a"), _photo("b"), useful)
    assert first.photo.name == "z"
    assert [reason.use for reason in first.reasons] == [use]


def test_strengths_are_shares_of_the_scale():
    far = _photo("far", readings=(Answer.scored(0), Answer.scored(5), Answer.scored(2)))
    assert _first(far, weights=_only(Use.DISAGREEMENT)).reasons[0].strength == pytest.approx(1.0)
    assert _first(_photo("off", assessment=_said(4)), weights=_only(Use.FAR_FROM_VERDICT)).worth == 0.4
    doubt = _photo("doubt", assessment=_said(2, sure=0.6))
    assert _first(doubt, weights=_only(Use.DOUBT)).worth == pytest.approx(0.4)


def test_a_score_and_no_score_are_as_far_apart_as_can_be():
    split = _photo("split", readings=(Answer.scored(1), Answer.not_assessable("dark")))
    assert _first(split, weights=_only(Use.DISAGREEMENT)).worth == 1.0
    assert _first(_photo("silent", assessment=_said(None)), weights=_only(Use.FAR_FROM_VERDICT)).worth == 1.0
    both = _photo("both", score=None)
    assert _first(both, weights=_only(Use.FAR_FROM_VERDICT)).worth == 0.0


def test_neighbours_on_the_monk_scale_are_one_tone():
    photos = [_photo("a", tone=3), _photo("b", tone=4), _photo("c", tone=5)]
    assert _order(*photos, weights=_only(Use.RARE_TONE))[0] == "c"


def test_what_nobody_knows_is_no_reason():
    unknown = _photo("unknown", tone=None, assessment=None)
    (only,) = by_use([unknown], weights=UseWeights())
    assert (only.worth, only.reasons) == (0.0, ())


def test_the_weights_decide():
    split = _photo("split", readings=(Answer.scored(1), Answer.scored(3)))
    unsure = _photo("unsure", assessment=_said(2, sure=0.5))
    assert _order(split, unsure, weights=UseWeights(disagreement=0, doubt=1))[0] == "unsure"
    assert _order(split, unsure, weights=UseWeights(disagreement=5, doubt=1))[0] == "split"


def test_equal_ones_stand_by_name():
    assert _order(_photo("b"), _photo("c"), _photo("a")) == ["a", "b", "c"]


def test_no_photograph_gives_no_order():
    assert by_use([], weights=UseWeights()) == ()


def test_weights_that_are_all_nothing_or_unknown_are_refused():
    with pytest.raises(ValidationError, match="every weight is 0"):
        UseWeights(**{use.value: 0 for use in Use})
    with pytest.raises(ValidationError, match="Extra inputs"):
        UseWeights(novelty=1)
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        UseWeights(doubt=-1)
