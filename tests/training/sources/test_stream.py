"""Batches: what is known of a picture survives the cut, the turn and the stacking."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from mottling.scale import Zone
from tests.tiny_model import draw_photo, leg_zones
from training.samples import UNKNOWN, Sample
from training.sources.stream import Stream, StreamSettings, batches, collate, score_in_view


def _sample(*mottled: Zone) -> Sample:
    zones = leg_zones(128, 96)
    marked = np.isin(zones, [int(zone) for zone in mottled]).astype(np.uint8)
    twin = draw_photo(zones) if mottled else None
    return Sample(draw_photo(zones, mottled), zones, marked, twin)


class _Drawn:
    """A source of one picture."""

    def __init__(self, sample: Sample) -> None:
        self._sample = sample

    def draw(self, rng: np.random.Generator) -> Sample:
        return self._sample


def test_maps_in_full_give_the_score_exactly():
    sample = score_in_view(_sample(Zone.KNEE, Zone.LOWER_THIGH))
    assert (sample.at_least, sample.at_most) == (3, 3)


def test_a_cut_that_takes_the_highest_mottled_zone_lowers_the_score():
    whole = _sample(Zone.KNEE, Zone.UPPER_THIGH)
    zones = np.where(whole.zones >= Zone.UPPER_THIGH, 0, whole.zones).astype(np.uint8)
    sample = score_in_view(replace(whole, zones=zones))
    assert (sample.at_least, sample.at_most) == (2, 2)


def test_skin_that_nobody_can_label_leaves_the_score_open_upwards():
    whole = _sample(Zone.KNEE)
    unknown = np.where(whole.zones == Zone.UPPER_THIGH, UNKNOWN, whole.mottling).astype(np.uint8)
    sample = score_in_view(replace(whole, mottling=unknown))
    assert (sample.at_least, sample.at_most) == (2, 4)


def test_without_maps_the_bounds_stay_as_they_came():
    unknown = np.full((64, 64), UNKNOWN, np.uint8)
    came = Sample(np.zeros((64, 64, 3), np.uint8), unknown, unknown, at_least=2, at_most=5)
    assert score_in_view(came) is came


def test_a_batch_holds_maps_at_a_quarter_of_the_side():
    batch = collate([(_sample(Zone.KNEE), -1)])
    assert batch.photos.shape == (1, 3, 128, 96)
    assert batch.target.zones.shape == batch.target.mottling.shape == (1, 32, 24)
    assert batch.photos.abs().max() <= 1.0
    assert sorted(batch.target.mottling.unique().tolist()) == [0, 1]


def test_a_block_is_mottled_when_enough_of_it_is():
    sample = _sample()
    mottling = np.zeros_like(sample.mottling)
    mottling[:4, :2] = 1
    mottling[4:8, :1] = 1
    coarse = collate([(replace(sample, mottling=mottling), -1)]).target.mottling[0]
    assert coarse[:2, 0].tolist() == [1, 0]


def test_a_picture_of_unknown_score_and_readability_is_told_as_such():
    unknown = np.full((64, 64), UNKNOWN, np.uint8)
    target = collate([(Sample(np.zeros((64, 64, 3), np.uint8), unknown, unknown, readable=None), -1)]).target
    assert target.has_score.tolist() == [False]
    assert bool(target.readable.isnan().all())


def _first(seed: int, start: int = 0) -> torch.Tensor:
    settings = StreamSettings(size_px=64, batch_size=4)
    stream = Stream([(_Drawn(_sample(Zone.KNEE)), 1.0)], settings=settings, seed=seed, start=start)
    return next(batches(stream, workers=0)).photos


def test_the_same_seed_and_step_give_the_same_batch():
    assert torch.equal(_first(3), _first(3))
    assert not torch.equal(_first(3), _first(3, start=7))


def _batch(place: int, *, start: int, workers: int) -> torch.Tensor:
    settings = StreamSettings(size_px=64, batch_size=4)
    stream = Stream([(_Drawn(_sample(Zone.KNEE)), 1.0)], settings=settings, seed=3, start=start)
    return next(islice(batches(stream, workers=workers), place, None)).photos


def test_a_batch_is_decided_by_its_step_and_not_by_where_the_stream_began_or_who_draws():
    third = _batch(2, start=0, workers=0)
    assert torch.equal(third, _batch(0, start=2, workers=0))
    assert torch.equal(third, _batch(2, start=0, workers=2))
    assert not torch.equal(third, _batch(1, start=0, workers=0))


def test_a_painted_picture_brings_its_clean_twin():
    settings = StreamSettings(size_px=64, batch_size=6, twin_share=1.0)
    stream = Stream([(_Drawn(_sample(Zone.KNEE, Zone.LOWER_THIGH)), 1.0)], settings=settings, seed=1, start=0)
    target = next(iter(stream)).target
    painted = (target.twin >= 0).nonzero()[:, 0]
    assert len(painted) >= 2
    assert (target.mottling[target.twin[painted]] != 1).all()


def test_sources_are_drawn_by_their_weight():
    dark, bright = (Sample(np.full((64, 64, 3), v, np.uint8), *_nothing()) for v in (10, 240))
    stream = Stream(
        [(_Drawn(dark), 0.0), (_Drawn(bright), 2.0)],
        settings=StreamSettings(size_px=64, batch_size=8),
        seed=1,
        start=0,
    )
    assert float(next(iter(stream)).photos.amax()) > 0.5


def _nothing() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((64, 64), np.uint8), np.zeros((64, 64), np.uint8)


def test_a_ruined_picture_has_no_labels_left():
    strength = replace(StreamSettings().strength, ruined_share=1.0)
    settings = StreamSettings(size_px=64, batch_size=2, strength=strength)
    target = next(
        iter(Stream([(_Drawn(_sample(Zone.KNEE)), 1.0)], settings=settings, seed=1, start=0))
    ).target
    assert target.readable.tolist() == [0.0, 0.0]
    assert target.zones.unique().tolist() == [UNKNOWN]
    assert target.has_score.tolist() == [False, False]


@pytest.mark.parametrize("twin_share", [0.0, 1.0])
def test_a_batch_is_never_larger_than_asked(twin_share: float):
    settings = StreamSettings(size_px=64, batch_size=3, twin_share=twin_share)
    stream = Stream([(_Drawn(_sample(Zone.KNEE)), 1.0)], settings=settings, seed=2, start=0)
    assert len(next(iter(stream)).photos) == 3
