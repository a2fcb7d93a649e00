"""One picture to learn from, whatever it was made of."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Rgb8
from mottling.scale import MAX_SCORE

__all__ = ["UNKNOWN", "LabelMap", "Sample"]

# (H, W) uint8: a zone (0-5) or mottled (0, 1); `UNKNOWN` where nobody can say.
LabelMap = NDArray[np.uint8]

UNKNOWN = 255


@dataclass(frozen=True)
class Sample:
    """A photograph with what is known of it."""

    photo: Rgb8
    zones: LabelMap
    mottling: LabelMap
    twin: Rgb8 | None = None
    """The same photograph without its mottling; its labels are `zones` and no mottling."""
    at_least: int = 0
    at_most: int = MAX_SCORE
    """Bounds of the score of the whole picture; they say nothing when they are 0 and 5."""
    readable: bool | None = True
    """Whether a reader could judge it; None when nobody said."""

    def clean(self) -> Sample:
        """The twin as a sample of its own.

        Call only where there is a twin.
        """
        assert self.twin is not None
        quiet = np.where(self.mottling == 1, np.uint8(0), self.mottling).astype(np.uint8)
        return replace(self, photo=self.twin, mottling=quiet, twin=None, at_least=0, at_most=0)
