import functools

import numpy as np
import pytest
import torch
from plain_geometry import plain_geometry
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import cross_val_predict

from mottling.scale import LegReading, Status, Zone
from training.synthetic.appearance import draw_appearance
from training.synthetic.dress import Dressed, dress
from training.synthetic.geometry import Part
from training.synthetic.labels import LEAST_SHARE, MottledRegion, colour_difference, read_picture
from training.synthetic.noise import Noise
from training.synthetic.pattern import Net
from training.synthetic.ranges import Ranges
from training.synthetic.records import Appearance

_SEEDS = range(14)


@functools.cache
def _case(seed: int, ranges: Ranges = Ranges.TRAINING) -> tuple[Appearance, Dressed]:
    rng = np.random.default_rng(seed)
    appearance = draw_appearance(rng, ranges)
    return appearance, dress(plain_geometry(), appearance, rng=rng)


def test_the_same_seed_gives_the_same_picture():
    first = _case(3)[1]
    rng = np.random.default_rng(3)
    again = dress(plain_geometry(), draw_appearance(rng, Ranges.TRAINING), rng=rng)
    assert np.array_equal(first.photo, again.photo)
    assert np.array_equal(first.mottling, again.mottling)


@pytest.mark.parametrize("seed", _SEEDS)
def test_the_twin_is_the_same_picture_away_from_the_mottling(seed):
    _, dressed = _case(seed)
    away = ~_grown((dressed.mottling == 1) | dressed.ignore | (dressed.visible_difference > 4))
    assert colour_difference(dressed.photo, dressed.clean)[away].mean() < 1.0


@pytest.mark.parametrize("seed", _SEEDS)
def test_mottling_lies_on_skin_only(seed):
    _, dressed = _case(seed)
    assert (plain_geometry().part[dressed.mottling == 1] == Part.SKIN).all()


@pytest.mark.parametrize("seed", _SEEDS)
def test_no_leg_is_mottled_above_its_own_score(seed):
    appearance, dressed = _case(seed)
    leg = plain_geometry().leg
    for number, drawn in enumerate(appearance.legs, start=1):
        assert dressed.zones[(leg == number) & (dressed.mottling == 1)].max(initial=0) <= drawn.score


@pytest.mark.parametrize("seed", _SEEDS)
def test_a_mottled_zone_is_mottled_enough_to_count(seed):
    _, dressed = _case(seed)
    leg = plain_geometry().leg
    highest = 0
    for number in (1, 2):
        for zone in range(1, 6):
            here = (leg == number) & (dressed.zones == zone)
            if here.any() and dressed.mottling[here].mean() >= LEAST_SHARE:
                highest = max(highest, zone)
    assert dressed.reading.score == highest or dressed.reading.status is Status.NOT_ASSESSABLE


def test_skin_without_mottling_is_its_own_twin():
    clean = next(d for a, d in map(_case, range(40)) if max(leg.score for leg in a.legs) == 0)
    assert np.array_equal(clean.photo, clean.clean)
    assert clean.reading.score == 0
    assert clean.reading.status is Status.SCORED


def test_mottling_that_nobody_can_see_is_not_called_clean_skin():
    zones = np.full((20, 20), Zone.KNEE, np.uint8)
    nothing = np.zeros((20, 20), bool)
    unseen = read_picture(zones, np.ones_like(zones), MottledRegion(nothing, ~nothing))
    clean = read_picture(zones, np.ones_like(zones), MottledRegion(nothing, nothing))
    assert unseen.status is Status.NOT_ASSESSABLE
    assert clean.score == 0


def test_the_shifted_family_of_patterns_mottles_too():
    cases = [_case(seed, Ranges.SHIFTED) for seed in range(8)]
    assert any((dressed.mottling == 1).any() for _, dressed in cases)


def test_scores_above_one_are_as_frequent_as_drawn_and_zero_is_three_in_ten():
    rng = np.random.default_rng(0)
    worse = [max(leg.score for leg in draw_appearance(rng, Ranges.TRAINING).legs) for _ in range(600)]
    shares = np.bincount(worse, minlength=6) / len(worse)
    assert abs(shares[0] - 0.3) < 0.06
    assert np.abs(shares[1:] - 0.14).max() < 0.05


def test_what_is_not_mottling_says_nothing_of_the_score():
    rng = np.random.default_rng(1)
    drawn = [draw_appearance(rng, Ranges.TRAINING) for _ in range(500)]
    features = np.array([_numbers(a) for a in drawn])
    features = (features - features.mean(axis=0)) / (features.std(axis=0) + 1e-9)
    scores = np.array([max(leg.score for leg in a.legs) for a in drawn], float)
    guessed = cross_val_predict(LinearRegression(), features, scores, cv=5)
    assert np.corrcoef(guessed, scores)[0, 1] < 0.15


def test_a_coin_stays_inside_its_zone():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        appearance = draw_appearance(rng, Ranges.TRAINING)
        if max(leg.score for leg in appearance.legs) == 1:
            dressed = dress(plain_geometry(), appearance, rng=rng)
            assert set(np.unique(dressed.zones[dressed.mottling == 1])) <= {Zone.COIN}
            return
    pytest.fail("no coin was drawn")


def _numbers(appearance: Appearance) -> list[float]:
    skin = appearance.skin
    phone = appearance.phone
    blemishes = [sum(b.strength for b in appearance.blemishes), len(appearance.blemishes)]
    return [
        skin.tone, skin.melanosomes, skin.blood, skin.unevenness, *skin.knee_dark, skin.knee_grey,
        *skin.knee_red,
        skin.shin_dark, skin.veins, skin.hair, skin.wrinkles, skin.creases, skin.sheen, appearance.bars,
        phone.exposure, phone.contrast, phone.noise, phone.blur_px, phone.jpeg, *blemishes,
    ]  # fmt: skip


def _grown(mask: np.ndarray) -> np.ndarray:
    grown = mask.copy()
    for _ in range(4):
        grown[1:] |= grown[:-1].copy()
        grown[:-1] |= grown[1:].copy()
        grown[:, 1:] |= grown[:, :-1].copy()
        grown[:, :-1] |= grown[:, 1:].copy()
    return grown


def _alone(zone: Zone, *, px: int, area: dict[Zone, int]) -> LegReading:
    """Read one leg with some pixels of one zone mottled."""
    zones = np.concatenate([np.full(count, one, np.uint8) for one, count in area.items()])[None]
    mottled = np.zeros(zones.shape, bool)
    mottled[0, np.flatnonzero(zones[0] == zone)[:px]] = True
    return read_picture(zones, np.ones_like(zones), MottledRegion(mottled, np.zeros_like(mottled)))


def test_a_sliver_at_the_hem_is_not_in_view_and_makes_no_score():
    area = {Zone.KNEE: 4000, Zone.LOWER_THIGH: 3000, Zone.UPPER_THIGH: 60}
    assert _alone(Zone.UPPER_THIGH, px=60, area=area).score == 0
    assert _alone(Zone.UPPER_THIGH, px=60, area=area | {Zone.UPPER_THIGH: 80}).score == 4


def test_a_twentieth_of_a_zone_counts_and_less_does_not():
    area = {Zone.COIN: 40, Zone.KNEE: 4000, Zone.LOWER_THIGH: 1000}
    assert _alone(Zone.LOWER_THIGH, px=50, area=area).score == 3
    assert _alone(Zone.LOWER_THIGH, px=49, area=area).score == 0
    assert _alone(Zone.COIN, px=20, area=area).score == 1


def test_a_coin_is_filled_and_the_net_beside_it_stays():
    points = torch.rand(400, 3) * 60
    thin = Net(torch.zeros(400), torch.ones(400))
    where = torch.arange(400) < 150
    filled = thin.filled(where, points, Noise(1, device=torch.device("cpu")))
    assert filled.dusky[where].min() >= 0.4
    assert filled.pale[where].max() == 0
    assert torch.equal(filled.dusky[~where], thin.dusky[~where])
    assert torch.equal(filled.pale[~where], thin.pale[~where])
