"""How far the look of a photograph's skin lies from the photographs that a model was calibrated on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Embedding
from mottling.imaging.contract import Reference

__all__ = ["Likeness"]


class Likeness:
    """A reference, ready to measure with."""

    def __init__(self, reference: Reference) -> None:
        self._mean = np.array(reference.mean)
        self._whitening = np.array(reference.whitening)
        self._usual = reference.usual

    def distance(self, embedding: Embedding) -> float:
        """Give the Mahalanobis distance as a part of the usual one.

        Returns:
            1 for a photograph that lies as far out as the last twentieth of those of the calibration begins.
        """
        away: NDArray[np.float64] = self._whitening @ (embedding - self._mean)
        return float(np.sqrt(away @ away) / self._usual)
