"""Regions of small maps: smoothing, flooding from seeds, and what hangs together.

Written on numpy alone: the first score of a process would otherwise wait for another package to load.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask

__all__ = ["Labels", "connected", "flood", "grow", "smooth"]

# (H, W) int16: 0 is nowhere, every other number names a region.
Labels = NDArray[np.int16]


def smooth(values: NDArray[np.float32], *, sigma: float) -> NDArray[np.float32]:
    """Blur a map (H, W) with a Gaussian; what lies outside counts as 0."""
    radius = math.ceil(3 * sigma)
    steps = np.arange(-radius, radius + 1)
    kernel = np.exp(-(steps**2) / (2 * sigma**2)).astype(np.float32)
    kernel /= kernel.sum()
    for axis in (0, 1):
        widths = [(radius, radius) if axis == a else (0, 0) for a in (0, 1)]
        padded = np.pad(values, widths)
        length = values.shape[axis]
        values = sum(
            (weight * padded.take(range(k, k + length), axis=axis) for k, weight in enumerate(kernel)),
            np.zeros_like(values),
        )
    return values


def grow(mask: Mask, *, cells: int) -> Mask:
    """Widen a mask (H, W) by some cells to all sides, across corners too."""
    for axis in (0, 1):
        widths = [(cells, cells) if axis == a else (0, 0) for a in (0, 1)]
        padded = np.pad(mask, widths)
        moved = [padded.take(range(k, k + mask.shape[axis]), axis=axis) for k in range(2 * cells + 1)]
        mask = np.logical_or.reduce(moved)
    return mask


def flood(seeds: Labels, *, within: Mask) -> Labels:
    """Let labels grow through a mask, step by step, until they meet: each cell goes to its nearest seed."""
    labels = np.where(within, seeds, np.int16(0))
    while True:
        grown = np.zeros_like(labels)
        for moved, still in _neighbours():
            grown[still] = np.maximum(grown[still], labels[moved])
        new = (labels == 0) & (grown > 0) & within
        if not new.any():
            return labels
        labels[new] = grown[new]


def _neighbours() -> tuple[tuple[tuple[slice, slice], tuple[slice, slice]], ...]:
    everything, first, last = slice(None), slice(None, -1), slice(1, None)
    return (
        ((first, everything), (last, everything)),
        ((last, everything), (first, everything)),
        ((everything, first), (everything, last)),
        ((everything, last), (everything, first)),
    )


def connected(mask: Mask, *, min_cells: int) -> tuple[Mask, ...]:
    """List the parts of a mask that hang together by their sides, the largest first."""
    labels = _label_runs(mask)
    sizes = np.bincount(labels.ravel())
    sizes[0] = 0
    order = np.argsort(-sizes, kind="stable")
    return tuple(labels == label for label in order if sizes[label] >= max(1, min_cells))


def _label_runs(mask: Mask) -> NDArray[np.int32]:
    """Label run by run and row by row: runs that touch in two rows belong together."""
    labels = np.zeros(mask.shape, np.int32)
    parents = [0]
    last = -1
    above: list[tuple[int, int, int]] = []
    here: list[tuple[int, int, int]] = []
    for row, start, end in _runs(mask):
        if row != last:
            last, above, here = row, here if row == last + 1 else [], []
        touching = [_root(parents, label) for s, e, label in above if s < end and start < e]
        if touching:
            label = min(touching)
            for other in touching:
                parents[other] = label
        else:
            label = len(parents)
            parents.append(label)
        labels[row, start:end] = label
        here.append((start, end, label))
    return np.array([_root(parents, label) for label in range(len(parents))], np.int32)[labels]


def _runs(mask: Mask) -> Iterator[tuple[int, int, int]]:
    """List each run of a row, downwards and to the right: its row, where it starts, where it has ended."""
    padded = np.pad(mask, ((0, 0), (1, 1)))
    rows, edges = (found.tolist() for found in np.nonzero(padded[:, 1:] != padded[:, :-1]))
    return zip(rows[::2], edges[::2], edges[1::2], strict=True)


def _root(parents: list[int], label: int) -> int:
    while parents[label] != label:
        label = parents[label]
    return label
