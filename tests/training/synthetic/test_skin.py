import math
from itertools import pairwise

import numpy as np
import pytest
import torch

from training.synthetic.appearance import draw_appearance
from training.synthetic.ranges import Ranges
from training.synthetic.skin import MONK_MELANOSOMES, Optics, bake_skin
from training.synthetic.skin_state import SkinState

# clinical-facts.md: mottled minus normal skin in L*, a*, b* (calculated with another model).
_LIGHT = (0.02, (-6.8, 0.5, -1.4))
_DARK = (0.40, (-3.4, -0.2, -4.6))


def _lab(linear: torch.Tensor) -> torch.Tensor:
    matrix = torch.tensor([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = (linear @ matrix.T) / matrix.sum(dim=1)
    root = torch.where(xyz > 0.008856, xyz.clamp_min(1e-6).pow(1 / 3), 7.787 * xyz + 16 / 116)
    return torch.stack([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def _colour(melanosomes: float, amount: float) -> torch.Tensor:
    table = bake_skin(Optics(), device=torch.device("cpu"))
    return table.look_up(*(torch.tensor([v]) for v in (melanosomes, 0.006, amount)))[0]


@pytest.mark.parametrize(("melanosomes", "expected"), [_LIGHT, _DARK])
def test_mottled_skin_darkens_and_turns_blue_as_the_facts_say(melanosomes, expected):
    change = _lab(_colour(melanosomes, 1.0)) - _lab(_colour(melanosomes, 0.0))
    assert (change - torch.tensor(expected)).abs().max() < 2.5


def test_a_grey_net_takes_colour_from_the_skin_and_leaves_clean_skin_alone():
    skin = draw_appearance(np.random.default_rng(4), Ranges.TRAINING).skin
    look = draw_appearance(np.random.default_rng(4), Ranges.TRAINING).look.model_copy(update={"redness": 0.0})
    state = SkinState.even(2, skin, device=torch.device("cpu"))
    table, mottled = bake_skin(Optics(), device=torch.device("cpu")), torch.tensor([0.0, 1.0])
    plain, grey = (
        state.reflectance(table, mottled=mottled, look=look.model_copy(update={"greyness": greyness}))
        for greyness in (0.0, 0.5)
    )
    assert torch.equal(plain[0], grey[0])
    before, after = _lab(plain[1]), _lab(grey[1])
    assert float(after[1:].norm()) < 0.7 * float(before[1:].norm())
    assert float(after[0]) == pytest.approx(float(before[0]), abs=1.0)


def test_each_monk_tone_is_darker_than_the_one_before():
    lightness = [float(_lab(_colour(m, 0.0))[0]) for m in MONK_MELANOSOMES]
    assert all(a > b for a, b in pairwise(lightness))


def test_light_and_dark_skin_have_the_tone_angles_of_light_and_dark_skin():
    angles = []
    for melanosomes in (MONK_MELANOSOMES[1], MONK_MELANOSOMES[-1]):
        lab = _lab(_colour(melanosomes, 0.0))
        angles.append(math.degrees(math.atan2(float(lab[0]) - 50, float(lab[2]))))
    assert angles[0] > 28
    assert angles[1] < -30
