"""A darker complexion: less light from skin, clean and mottled alike, and nothing else."""

import numpy as np

from mottling.scale import Zone
from training.augmentation.complexion import darken
from training.samples import UNKNOWN, Sample


def _leg() -> Sample:
    photo = np.full((40, 30, 3), (210, 170, 150), np.uint8)
    photo[:, 20:] = (90, 120, 200)
    photo[5:8, 5:8] = 255
    zones = np.zeros((40, 30), np.uint8)
    zones[:, :20] = Zone.KNEE
    mottled = photo.copy()
    mottled[20:30, 5:15] = (180, 130, 125)
    mottling = np.zeros((40, 30), np.uint8)
    mottling[20:30, 5:15] = 1
    return Sample(mottled, zones, mottling, twin=photo)


def test_skin_grows_darker_and_the_bed_does_not() -> None:
    leg = _leg()
    dark = darken(leg, np.random.default_rng(1))
    assert dark.photo[15, 10].mean() < 0.9 * leg.photo[15, 10].mean()
    assert (dark.photo[:, 24:] == leg.photo[:, 24:]).all()


def test_photograph_and_twin_lose_the_same_part_of_their_light() -> None:
    leg = _leg()
    dark = darken(leg, np.random.default_rng(2))
    assert dark.twin is not None
    assert leg.twin is not None
    photo_kept = dark.photo[25, 10] / leg.photo[25, 10]
    twin_kept = dark.twin[25, 10] / leg.twin[25, 10]
    np.testing.assert_allclose(photo_kept, twin_kept, atol=0.01)


def test_what_glistens_stays_bright() -> None:
    dark = darken(_leg(), np.random.default_rng(3))
    assert dark.photo[6, 6].min() > 240


def test_labels_stay() -> None:
    leg = _leg()
    dark = darken(leg, np.random.default_rng(4))
    assert (dark.zones == leg.zones).all()
    assert (dark.mottling == leg.mottling).all()


def test_the_dark_shows_no_edge_where_the_labels_end() -> None:
    leg = _leg()
    zones = leg.zones.copy()
    zones[18:22, :20] = UNKNOWN
    dark = darken(Sample(leg.photo, zones, leg.mottling), np.random.default_rng(6))
    kept = dark.photo[10:30, 2, 1] / leg.photo[10:30, 2, 1]
    assert np.ptp(kept) < 0.25 * (1 - kept.min())


def test_dark_skin_and_a_picture_without_a_leg_stay_as_they_are() -> None:
    leg = _leg()
    dim = Sample((leg.photo * 0.3).astype(np.uint8), leg.zones, leg.mottling)
    bare = Sample(leg.photo, np.zeros_like(leg.zones), np.zeros_like(leg.mottling))
    rng = np.random.default_rng(5)
    assert darken(dim, rng) is dim
    assert darken(bare, rng) is bare
