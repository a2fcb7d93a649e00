from dataclasses import replace

import cv2
import numpy as np
import pytest

from mottling.scale import Zone
from training.augmentation import nuisances
from training.augmentation.nuisances import add_nuisances
from training.samples import UNKNOWN, Sample


def _leg(rng: np.random.Generator) -> Sample:
    photo = np.clip(rng.normal(150, 4, (200, 120, 3)), 0, 255).astype(np.uint8)
    zones = np.zeros((200, 120), np.uint8)
    zones[:, 30:90] = Zone.KNEE
    zones[:60, 30:90] = Zone.LOWER_THIGH
    zones[80:92, 54:66] = Zone.COIN
    mottling = np.zeros((200, 120), np.uint8)
    mottling[120:160, 40:60] = 1
    return Sample(photo, zones, mottling, twin=photo.copy())


@pytest.mark.parametrize("seed", range(6))
def test_labels_stay_and_photograph_and_twin_are_marked_alike(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sample = _leg(rng)
    marked = add_nuisances(sample, rng)
    assert marked.zones is sample.zones
    assert marked.mottling is sample.mottling
    assert marked.twin is not None
    assert (marked.photo == marked.twin).all()
    assert (marked.photo != sample.photo).any()


@pytest.mark.parametrize("seed", range(6))
def test_what_is_not_leg_stays_as_it_was(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sample = _leg(rng)
    marked = add_nuisances(sample, rng)
    assert (marked.photo[:, :20] == sample.photo[:, :20]).all()
    assert (marked.photo[:, 100:] == sample.photo[:, 100:]).all()


def test_no_nuisance_is_stronger_than_life() -> None:
    rng = np.random.default_rng(1)
    sample = _leg(rng)
    ratios = [
        add_nuisances(sample, rng).photo[:, 40:80].mean() / sample.photo[:, 40:80].mean() for _ in range(40)
    ]
    assert min(ratios) > 0.5
    assert max(ratios) < 1.4


def test_the_same_seed_marks_the_same_way() -> None:
    sample = _leg(np.random.default_rng(1))
    first, second = (add_nuisances(sample, np.random.default_rng(9)).photo for _ in range(2))
    assert (first == second).all()


@pytest.mark.parametrize("zone", [Zone.NOT_SKIN, UNKNOWN])
def test_without_a_known_leg_nothing_is_marked(zone: int) -> None:
    sample = _leg(np.random.default_rng(1))
    bare = replace(sample, zones=np.full_like(sample.zones, zone))
    assert add_nuisances(bare, np.random.default_rng(2)) is bare


def test_large_photographs_are_marked_as_finely_as_they_are() -> None:
    small = _leg(np.random.default_rng(1))
    large = Sample(
        *(
            np.kron(part, np.ones((4, 4, 1)[: part.ndim], np.uint8))
            for part in (small.photo, small.zones, small.mottling)
        )
    )
    assert add_nuisances(large, np.random.default_rng(3)).photo.shape == (800, 480, 3)


def _nuisance(name: str, seed: int) -> tuple[Sample, np.ndarray]:
    """A leg, and what one kind of nuisance multiplies its light by (H, W, 3)."""
    rng = np.random.default_rng(seed)
    sample = _leg(rng)
    leg = nuisances._find_leg(sample)
    assert leg is not None
    gain = getattr(nuisances, name)(leg, rng)
    return sample, gain if gain.ndim == 3 else np.repeat(gain[..., None], 3, axis=2)


@pytest.mark.parametrize("seed", range(4))
def test_a_gleam_only_brightens_and_turns_no_bluer(seed: int) -> None:
    _, gain = _nuisance("_gleam", seed)
    assert gain.min() >= 1
    assert gain.max() > 1.15
    assert (gain[..., 0] >= gain[..., 2] - 1e-6).all()


@pytest.mark.parametrize("seed", range(4))
def test_dappled_shade_takes_red_and_green_alike_as_mottling_never_does(seed: int) -> None:
    sample, gain = _nuisance("_dapple", seed)
    on_leg = gain[sample.zones != Zone.NOT_SKIN]
    assert on_leg.min() < 0.9
    assert on_leg.max() <= 1
    assert np.allclose(on_leg[:, 0], on_leg[:, 1])


@pytest.mark.parametrize("seed", range(4))
def test_drops_are_small_and_many(seed: int) -> None:
    _, gain = _nuisance("_drops", seed)
    count, _, stats, _ = cv2.connectedComponentsWithStats((gain[..., 0] > 1.02).astype(np.uint8))
    assert count > 5
    assert np.median(stats[1:, cv2.CC_STAT_AREA]) < 60
