"""A slow source is asked seldom, and its pictures come evenly."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from training.samples import Sample
from training.sources.reused import ReusedSource


class _Counting:
    """A source whose pictures carry their number."""

    def __init__(self):
        self.drawn = 0

    def draw(self, rng: np.random.Generator) -> Sample:
        del rng
        self.drawn += 1
        maps = np.zeros((1, 1), np.uint8)
        return Sample(np.full((1, 1, 3), self.drawn % 256, np.uint8), maps, maps, at_most=self.drawn)


def test_each_picture_is_drawn_as_often_as_was_asked_in_the_mean():
    slow = _Counting()
    source = ReusedSource(slow, times=4, kept=20)
    rng = np.random.default_rng(3)
    counts = Counter(source.draw(rng).at_most for _ in range(4000))
    assert slow.drawn == pytest.approx(1000, rel=0.1)
    assert len(counts) == slow.drawn
    assert max(counts.values()) < 40


def test_once_is_no_reuse():
    slow = _Counting()
    source = ReusedSource(slow, times=1)
    rng = np.random.default_rng(3)
    assert [source.draw(rng).at_most for _ in range(50)] == list(range(1, 51))


@pytest.mark.parametrize(("times", "kept"), [(0, 1), (1, 0)])
def test_less_than_one_is_refused(times: int, kept: int):
    with pytest.raises(ValueError, match="at least 1"):
        ReusedSource(_Counting(), times=times, kept=kept)
