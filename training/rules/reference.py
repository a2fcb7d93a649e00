"""Fits what drift is measured from: where the embeddings of the photographs lie that calibrate a model.

A Mahalanobis distance from their mean. With some hundred photographs and 64 numbers each, the covariance is
drawn to independent numbers by as much as it is uncertain (Ledoit and Wolf 2004).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Embedding
from mottling.imaging.contract import Reference
from mottling.imaging.likeness import Likeness
from training.rules.fitting import Observed

__all__ = ["LEAST_PHOTOGRAPHS", "fit_reference"]

LEAST_PHOTOGRAPHS = 30
"""From fewer no reference is made: one in twenty of them would be one photograph."""

_USUAL = 0.95
_FOLDS = 5
_SEED = 1

# So much at least of independent numbers stays in the covariance: otherwise what never varied among the
# photographs of a calibration would be infinitely far away.
_LEAST_SHRUNK = 0.01
_LEAST_SPREAD = 1e-6

Rows = NDArray[np.float64]


def fit_reference(observed: Sequence[Observed]) -> Reference | None:
    """Make the reference; None where the model gives no embedding, or of too few photographs.

    Args:
        observed: Of a calibration; those without a leg, and ruined ones, carry no embedding.
    """
    seen = [(one.embedding, one.group) for one in observed if one.embedding is not None]
    if len(seen) < LEAST_PHOTOGRAPHS:
        return None
    rows = np.stack([embedding for embedding, _ in seen]).astype(np.float64)
    return _reference(rows, usual=_usual(rows, [group for _, group in seen]))


def _usual(rows: Rows, groups: Sequence[str]) -> float:
    """Give the distance that one in twenty exceeds, each view or person seen from the others alone."""
    names, place = np.unique(groups, return_inverse=True)
    fold = np.random.default_rng(_SEED).permutation(len(names))[place] % _FOLDS
    found = np.full(len(rows), np.nan)
    for number in np.unique(fold):
        out = fold == number
        if out.all():
            return float(np.quantile(_distances(rows, rows), _USUAL))
        found[out] = _distances(rows[out], rows[~out])
    return float(np.quantile(found, _USUAL))


def _distances(rows: Rows, others: Rows) -> Rows:
    likeness = Likeness(_reference(others, usual=1.0))
    return np.array([likeness.distance(_as_seen(row)) for row in rows])


def _as_seen(row: Rows) -> Embedding:
    return row.astype(np.float32)


def _reference(rows: Rows, *, usual: float) -> Reference:
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(spread < _LEAST_SPREAD, 1.0, spread)
    inverse = np.linalg.inv(_shrunk((rows - mean) / spread))
    whitening = np.linalg.cholesky(inverse).T / spread
    return Reference(
        mean=_short(mean), whitening=tuple(map(_short, whitening)), usual=usual, photographs=len(rows)
    )


def _shrunk(centred: Rows) -> Rows:
    """Estimate a covariance, drawn to a multiple of the unit matrix as Ledoit and Wolf do."""
    count, size = centred.shape
    sample: Rows = centred.T @ centred / count
    even = np.trace(sample) / size * np.eye(size)
    away = float(((sample - even) ** 2).sum())
    lengths = (centred**2).sum(axis=1)
    uncertain = (float((lengths**2).sum()) / count - float((sample**2).sum())) / count
    share = 1.0 if away <= 0 else min(max(uncertain / away, _LEAST_SHRUNK), 1.0)
    shrunk: Rows = share * even + (1 - share) * sample
    return shrunk


def _short(values: Rows) -> tuple[float, ...]:
    return tuple(float(f"{value:.6g}") for value in values)
