"""Two substances that react and diffuse (Gray and Scott, Pearson 1993): nets with holes, worms and mazes."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.path_traced.chart import Chart

__all__ = ["grow"]

_STEPS = 2600

# So many rows are grown, and repeated along the leg: they meet without a seam.
_ROWS = 320
_DIFFUSION = (0.16, 0.08)

# Cells of the grid from one hole of the pattern to the next, at these rates.
_WAVELENGTH_STEPS = 7.0

_SOFT_STEPS = 1.3

# Feed and kill rates: nets with round holes most often, mazes, and loose meshes.
_REGIMES = ((0.039, 0.0585), (0.039, 0.0585), (0.030, 0.0565), (0.026, 0.0545))
_LAPLACE = np.array([[0.05, 0.2, 0.05], [0.2, -1.0, 0.2], [0.05, 0.2, 0.05]], np.float32)


def grow(rng: np.random.Generator, *, cell_mm: float) -> Chart:
    """Let a pattern grow on a leg: about 0 in the cells, 1 in the net."""
    step_mm = cell_mm / _WAVELENGTH_STEPS
    whole, columns = Chart.shape(step_mm)
    rows = min(whole, _ROWS)
    feed, kill = _REGIMES[int(rng.integers(len(_REGIMES)))]
    drift = cv2.GaussianBlur(_wrapped(rng.standard_normal((rows, columns), np.float32), 60), (0, 0), 20)
    drift = drift[60:-60, 60:-60] / drift.std()
    killing = (kill + 0.0006 * drift).astype(np.float32)
    u, v = np.ones((rows, columns), np.float32), np.zeros((rows, columns), np.float32)
    seeds = cv2.GaussianBlur(rng.random((rows, columns), np.float32), (0, 0), 2.5)
    sown = seeds > np.quantile(seeds, 0.8)
    u[sown], v[sown] = 0.5, 0.25
    for _ in range(_STEPS):
        reacting = u * v * v
        u += _DIFFUSION[0] * _laplace(u) - reacting + feed * (1 - u)
        v += _DIFFUSION[1] * _laplace(v) + reacting - (feed + killing) * v
    soft = np.asarray(cv2.GaussianBlur(_wrapped(v, 8), (0, 0), _SOFT_STEPS), np.float32)[8:-8, 8:-8]
    tiled = np.tile(_evened(soft), (-(-whole // rows), 1))[:whole]
    return Chart(np.ascontiguousarray(tiled), step_mm)


def _laplace(values: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(cv2.filter2D(_wrapped(values, 1), -1, _LAPLACE)[1:-1, 1:-1])


def _wrapped(values: NDArray[np.float32], border: int) -> NDArray[np.float32]:
    return np.asarray(cv2.copyMakeBorder(values, border, border, border, border, cv2.BORDER_WRAP))


def _evened(values: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = np.quantile(values, [0.05, 0.97])
    return np.asarray(np.clip((values - low) / max(float(high - low), 1e-4), 0, 1.1), np.float32)
