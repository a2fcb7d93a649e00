"""How high the skin stands over the mesh, in millimetres: kneecap, creases, undulation and skin lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.path_traced.chart import cloudy
from training.path_traced.records import TracedView
from training.path_traced.seen import Seen

__all__ = ["raise_relief"]

Field = NDArray[np.float32]


def raise_relief(seen: Seen, view: TracedView) -> Field:
    """Height at each pixel (H, W)."""
    rng = np.random.default_rng(view.relief_seed)
    y, x = seen.axial_mm, np.radians(seen.around_deg) * seen.radius_mm
    height = np.zeros(y.shape, np.float32)
    for leg in (1, 2):
        height += np.where(seen.leg == leg, _knee(view, x, y, rng), 0)
    height += 0.5 * cloudy(rng, 60.0, fall=2.5).on(seen)
    height += 0.05 * cloudy(rng, 9.0, fall=2.0, step_mm=1.0).on(seen)
    height += rng.uniform(0.01, 0.03) * cloudy(rng, 3.5, fall=1.3, step_mm=0.8).on(seen)
    return np.where(seen.body, height, 0).astype(np.float32)


def _knee(view: TracedView, x: Field, y: Field, rng: np.random.Generator) -> NDArray[np.floating]:
    """A rounded triangle that points down, hollows at its sides, and transverse creases."""
    slim = 1 + 0.012 * np.clip(-y, -30, 40)
    across = (x - rng.normal(0, 1.5)) * slim / rng.uniform(22, 27)
    along = (y - rng.normal(2, 2)) / rng.uniform(22, 27)
    out = np.sqrt(across**2 + along**2)
    height = view.dome_mm / (1 + np.exp(np.clip((out - 1) / rng.uniform(0.14, 0.3), -30, 30)))
    hollow = rng.uniform(0.2, 1.0) * view.dome_mm
    for side in (-1, 1):
        height -= hollow * np.exp(-(((x - side * 36) / 12) ** 2) - ((y + 8) / 24) ** 2)
    height += 0.5 * view.dome_mm * np.exp(-((x / 15) ** 2) - ((y + 78) / 14) ** 2)
    for _ in range(view.creases):
        at, tilt, bow = rng.uniform(-20, 48), rng.normal(0, 0.12), rng.normal(0, 0.006)
        off = y - at - tilt * x - bow * x**2 - rng.uniform(0.3, 1.5) * np.sin(x / rng.uniform(4, 10))
        reach = np.exp(-(((x - rng.normal(0, 10)) / rng.uniform(14, 30)) ** 2))
        width = rng.uniform(1.0, 2.2)
        height -= (
            view.crease_depth_mm
            * reach
            * (np.exp(-((off / width) ** 2)) - 0.4 * np.exp(-((off / width / 2.5) ** 2)))
        )
    return np.asarray(height)
