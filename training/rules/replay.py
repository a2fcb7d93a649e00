"""What a trial learns from its first patients without a new network: the rules of scoring, fitted anew.

A patient is one photograph as the runtime sees it, and a score that readers gave. Readers err; from a score
alone it is not known which leg it is of.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum

import numpy as np
from msgspec import structs
from numpy.typing import NDArray
from scipy.optimize import brentq

from mottling.imaging.contract import ScoringRules
from mottling.scale import MAX_SCORE, SCORES, LegReading, Status
from training.rules.fitting import Observed, ZoneLabel, fit_threshold, fit_zones

__all__ = [
    "READERS_KAPPA",
    "RULES_ALONE",
    "Learnt",
    "confusion",
    "labels_of_score",
    "learn",
    "read_with_noise",
]

READERS_KAPPA = 0.87
"""Quadratic kappa of what is read with the truth; two readers at the bedside agree by it (Ait-Oufella 2011,
doi 10.1007/s00134-011-2163-y)."""

_KINDS = len(SCORES)


class Learnt(StrEnum):
    """What is fitted, and from what."""

    THRESHOLD = "threshold"
    """One number, from scores."""
    SCORES = "scores"
    """All rules, from scores alone."""
    MASKS = "masks"
    """All rules, from scores and from the borders that readers drew on every photograph."""
    HEAD_SCORES = "head, scores"
    """The mottling head and all rules, from scores alone."""
    HEAD_MASKS = "head, masks"
    """The mottling head and all rules, from scores and borders."""


RULES_ALONE = (Learnt.THRESHOLD, Learnt.SCORES, Learnt.MASKS)
"""With the network as it is."""


def confusion(shares: NDArray[np.float64], *, kappa: float = READERS_KAPPA) -> NDArray[np.float64]:
    """Give the chance of each reading, (truth, read), with which readings reach a kappa with the truth.

    A reading misses by one as a rule, up or down alike; one miss in ten is by two.

    Args:
        shares: How common each true score is; they sum to 1.
        kappa: Quadratic, of readings with the truth.
    """
    apart = np.abs(np.subtract.outer(np.arange(_KINDS), np.arange(_KINDS)))
    misses = np.where(apart == 1, 0.9, np.where(apart == 2, 0.1, 0.0))
    misses /= misses.sum(axis=1, keepdims=True)

    def table(share: float) -> NDArray[np.float64]:
        return np.asarray((1 - share) * np.eye(_KINDS) + share * misses)

    def beyond(share: float) -> float:
        read = table(share)
        found = float((shares[:, None] * read * apart**2).sum())
        by_chance = float((np.outer(shares, shares @ read) * apart**2).sum())
        return 1 - found / by_chance - kappa

    return table(float(brentq(beyond, 0.0, 0.9)))


def read_with_noise(
    observed: Sequence[Observed], chances: NDArray[np.float64], *, rng: np.random.Generator
) -> list[Observed]:
    """Give photographs as readers read them; what nobody could score stays so."""
    return [_read(one, chances, rng=rng) for one in observed]


def _read(one: Observed, chances: NDArray[np.float64], *, rng: np.random.Generator) -> Observed:
    if one.truth.score is None:
        return one
    score = int(rng.choice(_KINDS, p=chances[one.truth.score]))
    status = Status.SCORED if score == MAX_SCORE else one.truth.status
    return replace(one, truth=LegReading(status, score))


def labels_of_score(one: Observed) -> Iterator[ZoneLabel]:
    """Say what a score alone tells of zones.

    Above a score that is no lower bound every zone is clean. Its own zone is mottled on the leg that shows it
    most; of the zones below nothing is known, nor of the other leg.
    """
    score = one.truth.score
    if score is None:
        return
    seen = [zone for leg in one.legs for zone in leg.zones]
    if one.truth.status is Status.SCORED:
        yield from (ZoneLabel(each.zone, each.evidence, mottled=False) for each in seen if each.zone > score)
    own = [each for each in seen if each.zone == score]
    if own:
        shown = max(own, key=lambda each: each.evidence)
        yield ZoneLabel(shown.zone, shown.evidence, mottled=True)


def learn(read: Sequence[Observed], learnt: Learnt, *, start: ScoringRules) -> ScoringRules:
    """Fit rules to what was read of some patients.

    Args:
        read: With the readers' scores.
        learnt: What is fitted.
        start: The rules in use, from which all starts.
    """
    rules = start
    if learnt is not Learnt.THRESHOLD:
        from_masks = learnt is Learnt.MASKS
        labels = [label for one in read for label in (one.labels if from_masks else labels_of_score(one))]
        slopes, biases = fit_zones(labels)
        rules = structs.replace(rules, slopes=slopes, biases=biases)
    return structs.replace(rules, threshold=fit_threshold(read, rules=rules))
