"""How alike a challenger and the model in use have scored the same photographs, in all and by site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mottling.agreement.coefficients import COEFFICIENTS, Tables
from mottling.agreement.intervals import Estimate, estimates, seeded
from mottling.scale import SCORES
from mottling.store.shadows import ShadowPair

__all__ = ["ShadowAgreement", "ShadowFigures", "agreement_of"]

_FIGURES = ("exact", "kappa_quadratic", "difference")


@dataclass(frozen=True)
class ShadowFigures:
    """The photographs of one site, or of all."""

    site: str
    """Empty for all."""
    photographs: int
    scored_by_both: int
    """A lower bound counts as its score."""
    only_in_use: int
    """The challenger found no score."""
    only_shadow: int
    neither: int
    exact: Estimate
    """Share of the same score."""
    kappa: Estimate
    """Quadratic weights."""
    difference: Estimate
    """How much higher the challenger scores, on average."""


@dataclass(frozen=True)
class ShadowAgreement:
    """A challenger beside the model in use."""

    name: str
    all: ShadowFigures
    by_site: tuple[ShadowFigures, ...]


def agreement_of(name: str, pairs: Sequence[ShadowPair]) -> ShadowAgreement:
    """Compare two models on the photographs that both have seen; intervals are over patients."""
    sites = sorted({pair.site for pair in pairs})
    return ShadowAgreement(
        name=name,
        all=_figures("", pairs),
        by_site=tuple(_figures(site, [pair for pair in pairs if pair.site == site]) for site in sites),
    )


def _figures(site: str, pairs: Sequence[ShadowPair]) -> ShadowFigures:
    answered = [(pair.in_use.score is not None, pair.shadow.score is not None) for pair in pairs]
    found = estimates(
        _tables(pairs),
        rng=seeded(),
        coefficients={one: COEFFICIENTS[one] for one in _FIGURES},
    )
    return ShadowFigures(
        site=site,
        photographs=len(pairs),
        scored_by_both=answered.count((True, True)),
        only_in_use=answered.count((True, False)),
        only_shadow=answered.count((False, True)),
        neither=answered.count((False, False)),
        exact=found["exact"],
        kappa=found["kappa_quadratic"],
        difference=found["difference"],
    )


def _tables(pairs: Sequence[ShadowPair]) -> Tables:
    """Count pairs of scores by patient: the challenger's are the rows."""
    counted = [
        (pair.patient, pair.shadow.score, pair.in_use.score)
        for pair in pairs
        if pair.shadow.score is not None and pair.in_use.score is not None
    ]
    places = {patient: place for place, patient in enumerate(dict.fromkeys(one for one, _, _ in counted))}
    tables = np.zeros((len(places), len(SCORES), len(SCORES)))
    for patient, row, column in counted:
        tables[places[patient], row, column] += 1
    return tables
