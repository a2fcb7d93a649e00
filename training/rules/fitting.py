"""Fits the rules of scoring to photographs whose truth is known: zones, threshold, sets, readability.

Everything is scored with the runtime's own functions; only numbers are chosen here, each by a stated rule.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from scipy.optimize import minimize

from mottling.arrays import Embedding
from mottling.imaging.contract import Five, ScoringRules
from mottling.imaging.scoring import LegEvidence, PatientScore, score_leg, score_patient
from mottling.scale import MAX_SCORE, SCORES, LegReading, Status, Zone

__all__ = [
    "ALARM_COST",
    "COVERAGE",
    "Observed",
    "ZoneLabel",
    "fit_extent_threshold",
    "fit_readable",
    "fit_rules",
    "fit_set_mass",
    "fit_threshold",
    "fit_zones",
    "patient_score",
]

# A zone with few labels stays near what all zones say together: the prior weighs as this many labels.
_PRIOR_WEIGHT = 6.0
_START = (0.0, -1.4)  # log of slope 1; the bias of a map that was never calibrated

# A healthy leg called mottled costs as much as a wrong score of each kind above 0: clean and mottled legs
# weigh alike, and so do the scores of mottled ones. The worst set counts, each drawn to what all sets say as
# if it had so many more healthy legs: three alarms on one real person must not decide alone.
ALARM_COST = float(MAX_SCORE)
_PRIOR_HEALTHY = 20
_THRESHOLDS = np.round(np.arange(0.10, 0.91, 0.02), 2)
_SAMPLES, _SEED = 200, 1

COVERAGE = 0.90
_MASSES = np.round(np.concatenate([np.arange(0.50, 0.99, 0.01), np.arange(0.99, 1.0001, 0.001)]), 3)

# Readable photographs that the readable head may refuse.
MOST_REFUSED = 0.01
MOST_REFUSED_OF_SET = 0.05

# Where all of them are told apart, it lies so far into the gap: what a real photograph shows is read with
# less certainty than what a made one does.
_ABOVE_UNREADABLE = 0.1
_LEAST_UNREADABLE = 8

# Where they are not told apart, real legs are what a higher bar would cost: the last unreadable ones that it
# would catch are those that a person might read.
_ENOUGH_REFUSED = 0.97
_JUST_ABOVE = 1e-3


@dataclass(frozen=True)
class ZoneLabel:
    """One zone of one leg: what the map showed, and whether it was mottled."""

    zone: Zone
    evidence: float
    mottled: bool


@dataclass(frozen=True)
class Observed:
    """What the network showed of one photograph, and its truth."""

    truth: LegReading
    legs: tuple[LegEvidence, ...]
    labels: tuple[ZoneLabel, ...]
    readable: float
    """The network's probability that the picture can be judged."""
    set_name: str
    embedding: Embedding | None = None
    """How the skin of its legs looks; None where there is no leg, of ruined ones, and from older models."""
    group: str = ""
    """The view or person that it shows."""


def fit_rules(observed: Sequence[Observed], *, start: ScoringRules) -> ScoringRules:
    """Fit everything that is fitted; the rest stays as it was.

    Args:
        observed: At least one photograph.
        start: The rules under which the evidence was collected.
    """
    slopes, biases = fit_zones([label for one in observed for label in one.labels])
    rules = replace(start, slopes=slopes, biases=biases)
    rules = replace(rules, extent_threshold=None)
    rules = replace(rules, threshold=fit_threshold(observed, rules=rules))
    rules = replace(rules, extent_threshold=fit_extent_threshold(observed, rules=rules))
    rules = replace(rules, set_mass=fit_set_mass(observed, rules=rules))
    return replace(rules, readable_from=fit_readable(observed, rules=rules))


def fit_zones(labels: Sequence[ZoneLabel]) -> tuple[Five, Five]:
    """Fit P(mottled) = sigmoid(slope * evidence + bias) for each zone, slopes and biases from 1 to 5.

    First all zones together, then each by itself, held near the common fit when it has few labels.
    """
    common = _fit_one(labels, prior=_START)
    fits = [
        _fit_one([label for label in labels if label.zone == zone], prior=common) for zone in list(Zone)[1:]
    ]
    slopes, biases = zip(*((math.exp(log_slope), bias) for log_slope, bias in fits), strict=True)
    return _five(slopes), _five(biases)


def _fit_one(labels: Sequence[ZoneLabel], *, prior: tuple[float, float]) -> tuple[float, float]:
    """Give the log of the slope, and the bias."""
    evidence = np.array([label.evidence for label in labels])
    mottled = np.array([label.mottled for label in labels], float)
    centre = np.array(prior)

    def cost(parameters: NDArray[np.float64]) -> float:
        logit = math.exp(parameters[0]) * evidence + parameters[1]
        surprise = float((np.logaddexp(0.0, logit) - mottled * logit).sum())
        return surprise + 0.5 * _PRIOR_WEIGHT * float(((parameters - centre) ** 2).sum())

    found = minimize(cost, centre, method="L-BFGS-B", bounds=[(-2.5, 2.0), (-12.0, 12.0)])
    return float(found.x[0]), float(found.x[1])


def fit_threshold(observed: Sequence[Observed], *, rules: ScoringRules) -> float:
    """Choose a threshold with the best recall, averaged over the true scores, healthy legs counting more.

    The recall of 0 is that of the set with the most false alarms, and weighs as much as the other five
    together. A lower bound counts like a score. With some hundred photographs the best one hangs on a few of
    them, and around it all are worth about the same: what is chosen is the middle of those that are no worse
    than the best by more than the standard error of their difference (after Breiman 1984). Their highest lay
    at 0.86 on one half of a set and at 0.6 on the whole.
    """
    sure = [one for one in observed if one.truth.score is not None and one.legs]
    if not sure:
        return rules.threshold
    tried = [replace(rules, threshold=float(threshold)) for threshold in _THRESHOLDS]
    return _middle(_THRESHOLDS[_as_good(_Table.of(sure, tried=tried), _Table.worth)])


def fit_extent_threshold(observed: Sequence[Observed], *, rules: ScoringRules) -> float:
    """Choose from which probability on a further zone of a mottled leg counts.

    By the recall averaged over the true scores above 0, for no healthy leg is mottled by it: the middle of
    those that are no worse than the best by more than a standard error. The lowest of them would call a thigh
    mottled on next to nothing, the highest overlooks what is faint there. Without mottled legs it is the
    threshold.
    """
    mottled = [one for one in observed if (one.truth.score or 0) > 0 and one.legs]
    if not mottled:
        return rules.threshold
    steps = _THRESHOLDS[rules.threshold >= _THRESHOLDS]
    tried = [replace(rules, extent_threshold=float(step)) for step in steps]
    return _middle(steps[_as_good(_Table.of(mottled, tried=tried), _Table.recall_above_zero)])


def _middle(as_good: NDArray[np.float64]) -> float:
    return float(as_good[len(as_good) // 2])


def _as_good(table: _Table, worth_of: Callable[[_Table], NDArray[np.float64]]) -> NDArray[np.bool_]:
    """Tell which rules are no worse than the best by more than the standard error of their difference."""
    rng, count = np.random.default_rng(_SEED), len(table.truth)
    worth = np.stack([worth_of(table.take(rng.integers(count, size=count))) for _ in range(_SAMPLES)])
    behind = worth[:, [int(worth.mean(axis=0).argmax())]] - worth  # (samples, rules)
    as_good: NDArray[np.bool_] = behind.mean(axis=0) <= behind.std(axis=0)
    return as_good


@dataclass(frozen=True)
class _Table:
    """What each of some rules makes of the same photographs."""

    ours: NDArray[np.int64]
    """(rules, photographs): the score."""
    truth: NDArray[np.int64]
    set_of: NDArray[np.int64]

    @classmethod
    def of(cls, observed: Sequence[Observed], *, tried: Sequence[ScoringRules]) -> _Table:
        names = sorted({one.set_name for one in observed})
        return cls(
            np.array(
                [[patient_score(one, rules=each).reading.score or 0 for one in observed] for each in tried]
            ),
            np.array([one.truth.score for one in observed]),
            np.array([names.index(one.set_name) for one in observed]),
        )

    def take(self, chosen: NDArray[np.int64]) -> _Table:
        return _Table(self.ours[:, chosen], self.truth[chosen], self.set_of[chosen])

    def worth(self) -> NDArray[np.float64]:
        """(rules,)."""
        return ALARM_COST * (1 - self._worst_false_alarms()) + self.recall_above_zero()

    def _worst_false_alarms(self) -> NDArray[np.float64]:
        worst = np.zeros(len(self.ours))
        if not (self.truth == 0).any():
            return worst
        of_all = (self.ours[:, self.truth == 0] > 0).mean(axis=1)
        for name in np.unique(self.set_of):
            alarms = self.ours[:, (self.truth == 0) & (self.set_of == name)] > 0
            drawn = (alarms.sum(axis=1) + _PRIOR_HEALTHY * of_all) / (alarms.shape[1] + _PRIOR_HEALTHY)
            worst = np.maximum(worst, drawn)
        return worst

    def recall_above_zero(self) -> NDArray[np.float64]:
        """Sum of the recalls of the scores 1 to 5 that occur."""
        right = self.ours == self.truth
        present = [self.truth == score for score in SCORES[1:] if (self.truth == score).any()]
        recalls = [np.zeros(len(right)), *(right[:, rows].mean(axis=1) for rows in present)]
        return np.asarray(np.sum(recalls, axis=0))


def fit_set_mass(observed: Sequence[Observed], *, rules: ScoringRules) -> float:
    """Choose the smallest mass whose sets hold the truth in 90 % of photographs never seen.

    Split conformal prediction (Vovk 2005): of n photographs, the sets of ceil(0.9 * (n + 1)) hold it.
    """
    answered = [one for one in observed if one.truth.score is not None and one.legs]
    needed = math.ceil(COVERAGE * (len(answered) + 1))
    for mass in _MASSES:
        tried = replace(rules, set_mass=float(mass))
        held = sum(_holds(patient_score(one, rules=tried), one.truth) for one in answered)
        if held >= needed:
            return float(mass)
    return 1.0


def _holds(ours: PatientScore, truth: LegReading) -> bool:
    """Whether the set holds the score; where nothing was answered, nothing was said that is wrong."""
    if ours.reading.score is None:
        return True
    if truth.status is Status.AT_LEAST and truth.score is not None:
        return max(ours.prediction_set) >= truth.score
    return truth.score in ours.prediction_set


def fit_readable(observed: Sequence[Observed], *, rules: ScoringRules) -> float:
    """Choose the highest probability that refuses at most 1 % of the photographs that can be read.

    Of no set does it refuse more than 5 %: real photographs, which are few, are read with less certainty than
    made ones. It is no higher than needed: where 97 % of the unreadable photographs lie below, and never
    above what they reach. Without unreadable photographs among those observed it stays as it was.
    """
    readable = [one for one in observed if one.truth.score is not None]
    good = np.array([one.readable for one in readable])
    bad = np.array([one.readable for one in observed if one.truth.score is None])
    if len(bad) < _LEAST_UNREADABLE or len(good) == 0:
        return rules.readable_from
    of_sets = [
        [one.readable for one in readable if one.set_name == name]
        for name in {one.set_name for one in readable}
    ]
    lowest_good = min(
        float(np.quantile(good, MOST_REFUSED, method="lower")),
        *(float(np.quantile(of_set, MOST_REFUSED_OF_SET, method="lower")) for of_set in of_sets),
    )
    gap = max(0.0, lowest_good - float(bad.max()))
    between = lowest_good - (1 - _ABOVE_UNREADABLE) * gap
    enough = float(np.quantile(bad, _ENOUGH_REFUSED, method="higher")) + _JUST_ABOVE
    return round(min(max(min(between, enough), 0.01), 0.99), 4)


def patient_score(one: Observed, *, rules: ScoringRules) -> PatientScore:
    """Score what was observed, as the runtime would."""
    return score_patient([score_leg(leg, rules=rules) for leg in one.legs], rules=rules)


def _five(values: Sequence[float]) -> Five:
    one, two, three, four, five = (round(value, 4) for value in values)
    return (one, two, three, four, five)
