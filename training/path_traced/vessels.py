"""A network of vessels: scattered nodes, curved links between neighbours, some of them missing or thin."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import Delaunay, cKDTree

from training.path_traced.chart import AROUND_MM, HIGH_MM, LOW_MM, Chart

__all__ = ["knit"]

Float = NDArray[np.floating[Any]]
_STEP_MM = 0.8
_FINE = 4
"""Sixteenths of a pixel are drawn: OpenCV's shift."""
_MISSING = 0.16
_DARTS = 8
"""Thrown for each that finds a place."""
_BORDER_MM = 60.0


def knit(rng: np.random.Generator, *, cell_mm: float, width: float) -> Chart:
    """Draw the network on a leg: 1 in the middle of a vessel, falling to 0 in the middle of a cell.

    Args:
        rng: Draws it.
        cell_mm: From node to node.
        width: Of a vessel, as part of it.
    """
    nodes = _scattered(rng, apart_mm=0.8 * cell_mm)
    links = _links(nodes)
    rows, columns = Chart.shape(_STEP_MM)
    drawn = np.zeros((rows, columns + 2 * round(_BORDER_MM / _STEP_MM)), np.float32)
    for a, b in links[rng.random(len(links)) > _MISSING]:
        thick = width * cell_mm * rng.uniform(0.1, 0.7)
        _draw(drawn, _bent(nodes[a], nodes[b], rng), thick_mm=thick, strength=rng.uniform(0.55, 1.0))
    border = round(_BORDER_MM / _STEP_MM)
    whole = np.maximum(drawn[:, border:-border], 0)
    soft = cv2.GaussianBlur(_wrapped(whole), (0, 0), 0.16 * cell_mm / _STEP_MM)[:, border:-border]
    wide = cv2.GaussianBlur(_wrapped(whole), (0, 0), 0.34 * cell_mm / _STEP_MM)[:, border:-border]
    return Chart((np.clip(0.8 * soft + 0.5 * wide, 0, 1.1)).astype(np.float32), _STEP_MM)


def _wrapped(values: NDArray[np.float32]) -> NDArray[np.float32]:
    border = round(_BORDER_MM / _STEP_MM)
    return np.asarray(cv2.copyMakeBorder(values, 0, 0, border, border, cv2.BORDER_WRAP), np.float32)


def _scattered(rng: np.random.Generator, *, apart_mm: float) -> Float:
    """Points no nearer to each other than `apart_mm` (throwing darts), repeated beyond the seam."""
    count = int(_DARTS * (HIGH_MM - LOW_MM) * AROUND_MM / apart_mm**2)
    darts = rng.uniform((0, LOW_MM), (AROUND_MM, HIGH_MM), (count, 2))
    near = cKDTree(darts).query_ball_point(darts, apart_mm)
    free = np.ones(count, bool)
    for dart, others in enumerate(near):
        if free[dart]:
            free[others] = False
            free[dart] = True
    inner = darts[free]
    left, right = inner[inner[:, 0] > AROUND_MM - _BORDER_MM], inner[inner[:, 0] < _BORDER_MM]
    once = np.array([AROUND_MM, 0.0])
    return np.concatenate([inner, left - once, right + once])


def _links(nodes: Float) -> NDArray[np.int64]:
    """Pairs of neighbours with no third node inside the circle over their link (Gabriel's graph)."""
    triangles = Delaunay(nodes).simplices
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    third = np.concatenate([triangles[:, 2], triangles[:, 0], triangles[:, 1]])
    middle = nodes[sides].mean(1)
    inside = np.linalg.norm(nodes[third] - middle, axis=1) < np.linalg.norm(
        nodes[sides[:, 0]] - middle, axis=1
    )
    ordered = np.sort(sides, 1)
    crossed = {tuple(pair) for pair in ordered[inside].tolist()}
    return np.array(sorted({tuple(pair) for pair in ordered.tolist()} - crossed))


def _bent(start: Float, end: Float, rng: np.random.Generator) -> Float:
    across = np.array([-(end - start)[1], (end - start)[0]])
    t = np.linspace(0, 1, 9)[:, None]
    bow = rng.normal(0, 0.22) * 4 * t * (1 - t) + rng.normal(0, 0.08) * np.sin(2 * np.pi * t)
    return np.asarray(start + t * (end - start) + bow * across)


def _draw(onto: NDArray[np.float32], line_mm: Float, *, thick_mm: float, strength: float) -> None:
    x = (line_mm[:, 0] + _BORDER_MM) / _STEP_MM
    y = (line_mm[:, 1] - LOW_MM) / _STEP_MM
    points = (np.stack([x, y], 1) * 2**_FINE).astype(np.int32)[:, None]
    thick = max(1, round(thick_mm / _STEP_MM))
    cv2.polylines(onto, [points], isClosed=False, color=strength, thickness=thick, shift=_FINE)
