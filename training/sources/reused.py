"""Draws each picture a few times before it is thrown away: painting costs as much time as a training step.

Each draw is changed anew on its way into a batch, so that a network never meets the same pixels twice ("data
echoing", Choi 2019, arXiv 1907.05550).
"""

from __future__ import annotations

import numpy as np

from training.samples import Sample
from training.sources.stream import Source

__all__ = ["ReusedSource"]


class ReusedSource:
    """Keeps the last pictures of a slow source, and draws from it only now and then."""

    def __init__(self, source: Source, *, times: int, kept: int = 120) -> None:
        """Wrap a source.

        Args:
            source: Slow to draw from.
            times: How often a picture is drawn in the mean.
            kept: How many pictures are drawn in turn, so that one does not come twice in a batch; each takes
                one to three megabytes in each worker.
        """
        if times < 1 or kept < 1:
            raise ValueError(f"times and kept are at least 1, not {times} and {kept}")
        self._source = source
        self._times = times
        self._kept = kept
        self._samples: list[Sample] = []

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw a kept picture, or a new one in the place of one."""
        full = len(self._samples) >= self._kept
        if rng.random() * self._times >= 1 and self._samples:
            return self._samples[int(rng.integers(len(self._samples)))]
        sample = self._source.draw(rng)
        if full:
            self._samples[int(rng.integers(self._kept))] = sample
        else:
            self._samples.append(sample)
        return sample
