"""Every answer has words in both languages."""

import pytest

from mottling.assessment import Assessment, ModelName, Reason, ReasonCode, Timing
from mottling.imaging.sentences import Language, sentence, title
from mottling.scale import Status

DOUBTS = (
    ReasonCode.VIEW_ENDS,
    ReasonCode.FAINT,
    ReasonCode.DOUBTFUL_EXTENT,
    ReasonCode.NO_KNEE,
    ReasonCode.WEAK_LIGHT,
    ReasonCode.GLARE,
)


def an_answer(status, score=None, codes=()):
    return Assessment(
        file="a.jpg",
        sha256=None,
        status=status,
        score=score,
        probabilities=None,
        prediction_set=(),
        visible_up_to=5,
        legs=(),
        reasons=tuple(Reason(code=code, message="") for code in codes),
        model=ModelName(name="tiny", sha256=""),
        timing_ms=Timing(decode=0, network=0, total=0),
    )


@pytest.mark.parametrize("language", Language)
def test_every_score_says_something_of_its_own(language):
    said = {sentence(an_answer(Status.SCORED, score), language) for score in range(6)}
    said |= {sentence(an_answer(Status.AT_LEAST, score), language) for score in range(1, 5)}
    assert len(said) == 10
    assert all(text.endswith(".") and len(text) > 20 for text in said)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("code", ReasonCode)
def test_every_reason_has_words(language, code):
    none = sentence(an_answer(Status.NOT_ASSESSABLE, codes=[code]), language)
    assert none[0].isupper()
    if code in DOUBTS:
        assert sentence(an_answer(Status.SCORED, 2, [code]), language) != sentence(
            an_answer(Status.SCORED, 2), language
        )


def test_a_lower_bound_is_called_so():
    answer = an_answer(Status.AT_LEAST, 3, [ReasonCode.VIEW_ENDS])
    assert title(answer, Language.ENGLISH) == "Score ≥ 3"
    assert sentence(answer, Language.FRENCH) == (
        "Marbrures au-dessus de la rotule\u00a0: la vue s'arrête là, elles peuvent s'étendre plus loin."
    )


def test_several_reasons_make_one_sentence():
    answer = an_answer(
        Status.NOT_ASSESSABLE, codes=[ReasonCode.TOO_DARK, ReasonCode.NO_LEG, ReasonCode.NO_LEG]
    )
    assert title(answer, Language.FRENCH) == "Non évaluable"
    assert sentence(answer, Language.ENGLISH) == "The photograph is too dark, no bare leg was found."


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.ENGLISH, "a faint trace cannot be excluded"),
        (Language.FRENCH, "exclure une trace très légère"),
    ],
)
def test_faint_mottling_is_a_trace_on_a_clean_leg_only(language, said):
    faint = [ReasonCode.FAINT]
    assert said in sentence(an_answer(Status.SCORED, 0, faint), language)
    assert said not in sentence(an_answer(Status.SCORED, 2, faint), language)
