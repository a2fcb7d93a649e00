import numpy as np
import pytest
from plain_geometry import plain_geometry

from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import dress
from training.synthetic.ranges import Ranges
from training.synthetic.ruin import Ruin, ruin


def _photo():
    rng = np.random.default_rng(2)
    return dress(plain_geometry(), draw_appearance(rng, Ranges.TRAINING), rng=rng).photo


@pytest.mark.parametrize("kind", list(Ruin))
def test_little_of_what_the_photograph_showed_is_left(kind):
    photo = _photo()
    ruined = ruin(photo, kind, rng=np.random.default_rng(5))
    before, after = (np.diff(p.astype(float), axis=1).ravel() for p in (photo, ruined))
    assert ruined.shape == photo.shape
    in_the_dark = np.percentile(ruined, 99) < 40
    assert in_the_dark or np.corrcoef(before, after)[0, 1] < 0.6


def test_the_same_chance_ruins_in_the_same_way():
    photo = _photo()
    once, again = (ruin(photo, Ruin.COVERED, rng=np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(once, again)
