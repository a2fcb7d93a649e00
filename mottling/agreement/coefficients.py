"""Coefficients of agreement, each a function of tables of counts, so that a thousand resamples cost one call.

A table counts pairs of scores: rows are the one who scored, columns the other. NaN says "not estimable".

Sources: Cohen 1968 (weighted kappa), Gwet 2014 (AC2), Krippendorff 2011 (alpha, ordinal), Shrout and Fleiss
1979 (ICC(2,1)). Values are tested against statsmodels, irrCAC, krippendorff and pingouin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "COEFFICIENTS",
    "Coefficient",
    "Tables",
    "Values",
    "ac2",
    "alpha_ordinal",
    "exact",
    "icc_agreement",
    "kappa",
    "kappa_linear",
    "kappa_quadratic",
    "mean_absolute_difference",
    "mean_difference",
    "within_one",
]

# (..., q, q) float64, counts of pairs; leading axes are resamples.
Tables = NDArray[np.float64]

# (...) float64, one value a table; NaN where it is not estimable.
Values = NDArray[np.float64]

Coefficient = Callable[[Tables], Values]

# Rounding leaves differences of this size where algebra leaves zero.
_ZERO = 1e-12


def exact(tables: Tables) -> Values:
    """Give the share of pairs with the same score."""
    return _mean(tables, np.eye(tables.shape[-1]))


def within_one(tables: Tables) -> Values:
    """Give the share of pairs at most one score apart."""
    return _mean(tables, (_distance(tables) <= 1).astype(float))


def mean_absolute_difference(tables: Tables) -> Values:
    """Give how many scores the pairs are apart, on average."""
    return _mean(tables, _distance(tables))


def mean_difference(tables: Tables) -> Values:
    """Give how much higher the rows score than the columns, on average."""
    scores = np.arange(tables.shape[-1], dtype=float)
    return _mean(tables, scores[:, None] - scores)


def kappa(tables: Tables) -> Values:
    """Give Cohen's kappa: every difference counts alike."""
    return _kappa(tables, np.eye(tables.shape[-1]))


def kappa_linear(tables: Tables) -> Values:
    """Give Cohen's kappa with weights that fall with the difference."""
    return _kappa(tables, 1 - _distance(tables) / (tables.shape[-1] - 1))


def kappa_quadratic(tables: Tables) -> Values:
    """Give Cohen's kappa with weights that fall with the square of the difference."""
    return _kappa(tables, _quadratic(tables))


def ac2(tables: Tables) -> Values:
    """Give Gwet's AC2 with quadratic weights: steady where nearly everybody has the same score.

    All scores of the scale count as categories, met or not.
    """
    weights = _quadratic(tables)
    share = _shares(tables)
    met = (share.sum(-1) + share.sum(-2)) / 2
    categories = tables.shape[-1]
    by_chance = weights.sum() / (categories * (categories - 1)) * (met * (1 - met)).sum(-1)
    return _above_chance((weights * share).sum((-2, -1)), by_chance)


def alpha_ordinal(tables: Tables) -> Values:
    """Give Krippendorff's alpha for ordinal scores: which of the two scored which makes no difference.

    A table of coincidences of more than two readers may be given as well, halved; see the tests.
    """
    coincidences = tables + np.swapaxes(tables, -1, -2)
    met = coincidences.sum(-1)
    squares = _ordinal_distance(met) ** 2
    total = met.sum(-1)
    seen = (coincidences * squares).sum((-2, -1))
    expected = (met[..., :, None] * met[..., None, :] * squares).sum((-2, -1))
    return 1 - _divided(seen * (total - 1), expected)


def icc_agreement(tables: Tables) -> Values:
    """Give ICC(2,1): two-way random effects, absolute agreement, a single reader."""
    count = tables.sum((-2, -1))
    scores = np.arange(tables.shape[-1], dtype=float)
    row, column = np.meshgrid(scores, scores, indexing="ij")
    mean_row, mean_column = _mean(tables, row), _mean(tables, column)
    grand = (mean_row + mean_column) / 2
    bias = (mean_row - mean_column) / 2
    targets = 2 * _sum(tables, ((row + column) / 2 - grand[..., None, None]) ** 2)
    readers = 2 * count * bias**2
    errors = 2 * _sum(tables, ((row - column) / 2 - bias[..., None, None]) ** 2)
    of_targets, of_errors = _divided(targets, count - 1), _divided(errors, count - 1)
    spread = of_targets + of_errors + _divided(2 * (readers - of_errors), count)
    return _divided(of_targets - of_errors, spread)


COEFFICIENTS: Mapping[str, Coefficient] = MappingProxyType(
    {
        "exact": exact,
        "within_one": within_one,
        "kappa": kappa,
        "kappa_linear": kappa_linear,
        "kappa_quadratic": kappa_quadratic,
        "ac2": ac2,
        "alpha": alpha_ordinal,
        "icc": icc_agreement,
        "difference": mean_difference,
        "absolute_difference": mean_absolute_difference,
    }
)
"""By the name that the report calls it, in the report's order."""


def _distance(tables: Tables) -> NDArray[np.float64]:
    scores = np.arange(tables.shape[-1], dtype=float)
    return np.abs(scores[:, None] - scores)


def _quadratic(tables: Tables) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = 1 - (_distance(tables) / (tables.shape[-1] - 1)) ** 2
    return weights


def _ordinal_distance(met: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give how far two scores are apart in ranks: those met between them, and half of those at the ends."""
    middle = np.cumsum(met, axis=-1) - met / 2
    return np.abs(middle[..., :, None] - middle[..., None, :])


def _kappa(tables: Tables, weights: NDArray[np.float64]) -> Values:
    share = _shares(tables)
    by_chance = share.sum(-1)[..., :, None] * share.sum(-2)[..., None, :]
    return _above_chance((weights * share).sum((-2, -1)), (weights * by_chance).sum((-2, -1)))


def _above_chance(seen: Values, by_chance: Values) -> Values:
    return _divided(seen - by_chance, 1 - by_chance)


def _shares(tables: Tables) -> Tables:
    return _divided(tables, tables.sum((-2, -1), keepdims=True))


def _mean(tables: Tables, of: NDArray[np.float64]) -> Values:
    return _divided(_sum(tables, of), tables.sum((-2, -1)))


def _sum(tables: Tables, of: NDArray[np.float64]) -> Values:
    total: Values = (tables * of).sum((-2, -1))
    return total


def _divided(above: NDArray[np.float64], below: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, and give NaN where there is nothing to divide by."""
    fits = np.abs(below) > _ZERO
    divided: NDArray[np.float64] = np.where(fits, above / np.where(fits, below, 1.0), np.nan)
    return divided
