"""What the examples of the scale are rendered from: one person, and only tone and reach differ."""

import pytest

from docs.build_examples import appearance_of, scene
from mottling.scale import SCORES
from mottling.web.scale_examples import TONES
from training.synthetic.records import Placement
from training.synthetic.scene_records import Framing


def test_both_legs_are_bare_and_looked_at_from_the_foot_of_the_bed():
    made = scene()
    assert made.camera.framing is Framing.FULL
    assert made.cloth.lifted_aside
    assert not any((made.cloth.tube, made.cloth.rail, made.cloth.hand, made.cloth.dressing, made.cloth.flap))


@pytest.mark.parametrize("tone", TONES)
def test_scores_of_a_tone_differ_in_the_mottling_alone(tone):
    clean, *mottled = (appearance_of(tone, score).model_dump(exclude={"legs"}) for score in SCORES)
    assert all(one == clean for one in mottled)


def test_both_legs_are_mottled_alike_up_to_the_score():
    legs = [appearance_of("dark", score).legs for score in SCORES]
    assert [(right.score, left.score) for right, left in legs] == [(score, score) for score in SCORES]
    assert [right.placement for right, _ in legs][:3] == [Placement.NONE, Placement.COIN, Placement.OUTWARDS]


def test_darker_skin_has_more_melanosomes_and_stronger_mottling():
    looks = [appearance_of(tone, 3) for tone in TONES]
    assert [one.skin.tone for one in looks] == [1, 5, 8]
    assert sorted(looks, key=lambda one: one.look.strength) == looks
