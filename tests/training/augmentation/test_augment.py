from dataclasses import replace

import numpy as np

from mottling.scale import Zone
from training.augmentation.augment import Augmentation, Strength
from training.samples import UNKNOWN, Sample

_PLAIN = Strength(
    any_turn_share=0,
    lean_deg=0,
    far_share=0,
    near_scale=(1, 1),
    strong_share=0,
    nuisance_share=0,
    ruined_share=0,
)


def _leg(*, darker: int = 60) -> Sample:
    twin = np.full((96, 96, 3), 150, np.uint8)
    zones = np.full((96, 96), Zone.KNEE, np.uint8)
    mottling = np.zeros((96, 96), np.uint8)
    mottling[30:60, 30:60] = 1
    photo = np.where(mottling[..., None] == 1, twin - darker, twin).astype(np.uint8)
    return Sample(photo, zones, mottling, twin)


def test_labels_turn_with_the_photograph() -> None:
    turned = Augmentation(96, strength=replace(_PLAIN, any_turn_share=1.0), seed=3)(_leg())
    assert turned.twin is not None
    dark = (turned.twin.astype(int) - turned.photo).mean(axis=2) > 20
    shared = (dark & (turned.mottling == 1)).sum() / (dark | (turned.mottling == 1)).sum()
    assert shared > 0.85


def test_mottling_that_nobody_can_see_is_left_open() -> None:
    faint = Augmentation(96, strength=_PLAIN, seed=3)(_leg(darker=2))
    assert not (faint.mottling == 1).any()
    assert (faint.mottling == UNKNOWN).any()


def test_a_ruined_photograph_says_nothing_and_is_unreadable() -> None:
    ruined = Augmentation(96, strength=replace(_PLAIN, ruined_share=1.0), seed=3)(_leg())
    assert (ruined.zones == UNKNOWN).all()
    assert (ruined.at_least, ruined.at_most, ruined.readable) == (0, 5, False)


def test_a_cut_that_leaves_no_leg_is_nothing_to_judge() -> None:
    sample = _leg()
    corner = replace(sample, zones=np.zeros_like(sample.zones))
    corner.zones[0, 0] = Zone.KNEE
    cuts = [
        Augmentation(32, strength=replace(_PLAIN, near_scale=(3, 3)), seed=seed)(corner) for seed in range(4)
    ]
    assert all(cut.readable is False for cut in cuts if not cut.zones.any())
    assert any(cut.readable is False for cut in cuts)


def test_the_same_seed_changes_the_same_way() -> None:
    first, second = (Augmentation(96, strength=Strength(), seed=5)(_leg()) for _ in range(2))
    assert (first.photo == second.photo).all()
    assert (first.zones == second.zones).all()
