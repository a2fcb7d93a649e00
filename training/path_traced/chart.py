"""A leg unrolled: rows along it, columns around it, where patterns are drawn before they go onto skin.

Columns meet at the back without a seam.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.path_traced.seen import Seen

__all__ = ["AROUND_MM", "HIGH_MM", "LOW_MM", "Chart", "cloudy"]

LOW_MM, HIGH_MM = -560.0, 700.0
"""Ends of a chart, from the patella centre."""
AROUND_MM = 400.0
"""The way around the leg, as if it were a cylinder: patterns are wider on a thigh than on a shin."""


@dataclass(frozen=True)
class Chart:
    """Values on one leg at equal steps."""

    values: NDArray[np.float32]
    """(rows, columns)"""
    step_mm: float

    @staticmethod
    def shape(step_mm: float) -> tuple[int, int]:
        """Rows and columns of a chart with such steps."""
        return round((HIGH_MM - LOW_MM) / step_mm), round(AROUND_MM / step_mm)

    def on(self, seen: Seen, bend_mm: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        """Read the chart at each pixel (H, W).

        Args:
            seen: Leg coordinates.
            bend_mm: (H, W, 2) is added to them, along and around.
        """
        along, around = seen.axial_mm, seen.around_deg / 360 * AROUND_MM
        if bend_mm is not None:
            along, around = along + bend_mm[..., 0], around + bend_mm[..., 1]
        rows, columns = self.values.shape
        wide = cv2.copyMakeBorder(self.values, 0, 0, 2, 2, cv2.BORDER_WRAP)
        y = np.clip((along - LOW_MM) / self.step_mm, 0, rows - 1)
        x = (around / AROUND_MM * columns + columns / 2) % columns + 2
        found = cv2.remap(wide, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)
        return np.asarray(found, np.float32)


def cloudy(rng: np.random.Generator, size_mm: float, *, fall: float = 1.6, step_mm: float = 2.0) -> Chart:
    """Noise without a direction: strongest at one wavelength, weaker by a power law in finer ones.

    Args:
        rng: Draws it.
        size_mm: The longest wavelength that is strong.
        fall: Exponent: 1 rough, 3 smooth.
        step_mm: Of the chart.
    """
    rows, columns = Chart.shape(step_mm)
    fy, fx = np.fft.fftfreq(rows, step_mm)[:, None], np.fft.rfftfreq(columns, step_mm)[None]
    frequency = np.hypot(fy, fx) * size_mm
    weight = 1 / (1 + frequency**2) ** ((fall + 1) / 2) * (1 - np.exp(-((frequency / 0.35) ** 2)))
    spectrum = np.fft.rfft2(rng.normal(size=(rows, columns))) * weight
    field: NDArray[Any] = np.fft.irfft2(spectrum, s=(rows, columns))
    return Chart((field / max(float(field.std()), 1e-9)).astype(np.float32), step_mm)
