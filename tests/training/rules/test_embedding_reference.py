"""The reference that drift is measured from: what is usual is usual, and what is far is told."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mottling.imaging.contract import EMBEDDING_SIZE
from mottling.imaging.likeness import Likeness
from mottling.scale import LegReading, Status
from training.rules.fitting import Observed
from training.rules.reference import LEAST_PHOTOGRAPHS, fit_reference


def _drawn(count: int, *, seed: int) -> NDArray[np.float32]:
    """Embeddings that vary together, each number in a scale of its own."""
    rng = np.random.default_rng(seed)
    mix = np.random.default_rng(0).normal(size=(EMBEDDING_SIZE, EMBEDDING_SIZE))
    mixed = rng.normal(size=(count, EMBEDDING_SIZE)) @ mix
    return (mixed * np.geomspace(0.01, 10, EMBEDDING_SIZE) + 3).astype(np.float32)


def _observed(rows: NDArray[np.float32], *, of_each: int = 1) -> list[Observed]:
    reading = LegReading(Status.SCORED, 0)
    return [
        Observed(reading, (), (), 1.0, "a", row, f"view {place // of_each}") for place, row in enumerate(rows)
    ]


@pytest.fixture(scope="module")
def likeness() -> Likeness:
    reference = fit_reference(_observed(_drawn(300, seed=1)))
    assert reference is not None
    return Likeness(reference)


def test_one_in_twenty_photographs_never_seen_lies_beyond_the_usual(likeness: Likeness):
    beyond = np.mean([likeness.distance(row) > 1 for row in _drawn(1000, seed=2)])
    assert 0.02 < beyond < 0.09


def test_what_differs_a_little_in_every_number_lies_far(likeness: Likeness):
    rows = _drawn(200, seed=3)
    moved = rows + 2.0 * rows.std(axis=0)
    assert np.median([likeness.distance(row) for row in moved]) > 1.2


def test_a_scale_of_one_number_changes_no_distance():
    rows = _drawn(200, seed=4)
    scaled = rows.copy()
    scaled[:, 5] *= 1000
    one, other = (fit_reference(_observed(each)) for each in (rows, scaled))
    assert one is not None
    assert other is not None
    assert Likeness(other).distance(scaled[7]) == pytest.approx(Likeness(one).distance(rows[7]), rel=1e-3)


def test_photographs_of_one_view_do_not_vouch_for_each_other():
    rows = _drawn(40, seed=5)
    alone = fit_reference(_observed(rows))
    twice = fit_reference(_observed(np.repeat(rows, 2, axis=0), of_each=2))
    assert alone is not None
    assert twice is not None
    assert twice.usual == pytest.approx(alone.usual, rel=0.3)


def test_of_too_few_photographs_and_without_embeddings_there_is_none():
    assert fit_reference(_observed(_drawn(LEAST_PHOTOGRAPHS - 1, seed=1))) is None
    silent = Observed(LegReading(Status.SCORED, 0), (), (), 1.0, "a")
    assert fit_reference([silent] * 100) is None


def test_numbers_that_never_vary_are_allowed():
    rows = _drawn(60, seed=6)
    rows[:, 10:] = 7.0
    reference = fit_reference(_observed(rows))
    assert reference is not None
    assert np.isfinite(Likeness(reference).distance(rows[0] + 1))
