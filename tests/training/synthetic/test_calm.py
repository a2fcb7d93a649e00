"""Calm appearances: what is taken away, and that mottling stays plain to see."""

import numpy as np

from training.synthetic.appearance import draw_appearance
from training.synthetic.calm import calmed
from training.synthetic.ranges import Ranges
from training.synthetic.records import BlemishKind


def _drawn(ranges: Ranges, count: int = 200):
    return [draw_appearance(np.random.default_rng((8, seed)), ranges) for seed in range(count)]


def test_calm_skin_keeps_tone_and_score_and_loses_what_looks_like_mottling():
    for seed, drawn in enumerate(_drawn(Ranges.SHIFTED, 40)):
        calm = calmed(drawn, np.random.default_rng(seed))
        assert (calm.skin.tone, calm.legs) == (drawn.skin.tone, drawn.legs)
        assert {one.kind for one in calm.blemishes} <= {BlemishKind.MOLE}
        assert calm.skin.unevenness < drawn.skin.unevenness
        assert calm.skin.varicose == calm.bars == 0
        assert calm.look.strength >= max(2.2, drawn.look.strength)


def test_about_half_of_what_is_learnt_from_or_stands_for_a_ward_is_calm_and_nothing_that_is_shifted():
    def quiet_share(ranges: Ranges) -> float:
        rough = (BlemishKind.PINK_PATCH, BlemishKind.GREY_PATCH, BlemishKind.BRUISE)
        return float(np.mean([all(b.kind not in rough for b in one.blemishes) for one in _drawn(ranges)]))

    # What the lot leaves without such a mark: 0.65 * 0.75 * 0.82 = 0.40.
    assert abs(quiet_share(Ranges.SHIFTED) - 0.40) < 0.1
    for ranges in (Ranges.TRAINING, Ranges.WARD):
        assert abs(quiet_share(ranges) - (0.45 + 0.55 * 0.40)) < 0.1


def test_calm_is_drawn_without_a_look_at_the_score():
    rng = np.random.default_rng(3)
    drawn = [draw_appearance(rng, Ranges.TRAINING) for _ in range(1200)]
    calm = np.array([not any(b.kind is not BlemishKind.MOLE for b in one.blemishes) for one in drawn])
    mottled = np.array([max(leg.score for leg in one.legs) > 0 for one in drawn])
    assert abs(calm[mottled].mean() - calm[~mottled].mean()) < 0.09
