"""Every figure of the agreement report, from the cases of a trial."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.agreement.calibration import Calibration, calibration_of
from mottling.agreement.cases import Case
from mottling.agreement.coefficients import (
    COEFFICIENTS,
    ac2,
    exact,
    kappa_quadratic,
    mean_difference,
)
from mottling.agreement.intervals import Estimate, estimates, seeded
from mottling.agreement.model_shown import ModelShownFigures, model_shown_figures
from mottling.agreement.pairs import (
    Pair,
    bedside_pairs,
    model_pairs,
    reader_pairs,
    repeat_pairs,
    status_counts,
    tables_by_patient,
)
from mottling.agreement.reading import CentreCount, ReadingFigures, centre_counts, reading_figures
from mottling.scale import SCORES, Status
from mottling.trial.reading_rules import ReadingRules

__all__ = ["Comparison", "Figures", "Group", "figures_of"]

_FOREST = {"kappa_quadratic": kappa_quadratic, "ac2": ac2, "exact": exact}
_DRIFT = {"exact": exact, "difference": mean_difference}

Counts = NDArray[np.int64]

# The groups in which every figure of this project is given by tone (clinical facts, "Dark skin").
_TONES = {"1–2": (1, 2), "3–4": (3, 4), "5–6": (5, 6), "7": (7,), "8": (8,), "9–10": (9, 10)}
_GROUP_OF = {tone: name for name, tones in _TONES.items() for tone in tones}


@dataclass(frozen=True)
class Group:
    """The figures of some of the pairs: a centre's, a month's, a reader's."""

    name: str
    photographs: int
    """Pairs with two scores."""
    patients: int
    estimates: Mapping[str, Estimate]


@dataclass(frozen=True)
class Comparison:
    """One side against the other."""

    pairs: int
    photographs: int
    """Pairs with two scores."""
    patients: int
    table: Counts
    """(6, 6): rows are the first side's scores."""
    statuses: Mapping[tuple[Status, Status], int]
    """Pairs by the kind of answer of each side."""
    estimates: Mapping[str, Estimate]
    with_bounds: Mapping[str, Estimate]
    """The same with "at least k" taken as k."""
    recalls: tuple[tuple[int, int], ...]
    """By the second side's score: how many pairs have it, and in how many the first side said so too."""
    by_centre: tuple[Group, ...]
    by_month: tuple[Group, ...]
    """Of the reading, where readers are compared; else of the photograph."""
    by_device: tuple[Group, ...] = ()
    """The last one, without a name, is of photographs that do not say how they were taken."""
    by_tone: tuple[Group, ...] = ()
    """By groups of the Monk scale, light to dark; the last, without a name, is where nobody recorded it."""
    by_reader: tuple[Group, ...] = ()
    """Each reader as the row against whoever read the same photograph; or with himself, in repeats."""


@dataclass(frozen=True)
class Figures:
    """The agreement report."""

    cases: int
    patients: int
    centres: tuple[CentreCount, ...]
    readers: Comparison
    """Between the first two readers of a photograph."""
    repeats: Comparison
    """A reader against himself."""
    bedside: Comparison
    """The ward's final record against the committee's verdict."""
    model: Comparison
    """What the model said against the committee's verdict."""
    calibration: Calibration
    reading: ReadingFigures
    model_shown: ModelShownFigures


def figures_of(cases: Sequence[Case], *, sites: Sequence[str], rules: ReadingRules) -> Figures:
    """Compute every figure; the same cases give the same intervals.

    Args:
        cases: Every visit that is expected or was photographed.
        sites: The trial file's centres, in its order.
        rules: By which the committee read.
    """
    between = reader_pairs(cases, readers_per_photo=rules.readers_per_photo)
    again = repeat_pairs(cases)
    return Figures(
        cases=len(cases),
        patients=len({case.patient for case in cases}),
        centres=centre_counts(cases, sites),
        readers=_compared(between, sites, by_reader=_both_ways(between)),
        repeats=_compared(again, sites, by_reader=again),
        bedside=_compared(bedside_pairs(cases), sites),
        model=_compared(model_pairs(cases), sites),
        calibration=calibration_of(cases),
        reading=reading_figures(cases, rules=rules),
        model_shown=model_shown_figures(cases, rules=rules),
    )


def _compared(pairs: Sequence[Pair], sites: Sequence[str], *, by_reader: Sequence[Pair] = ()) -> Comparison:
    tables = tables_by_patient(pairs)
    total = tables.sum(0).astype(np.int64)
    readers = sorted({pair.row_by for pair in by_reader})
    months = sorted({_month(pair) for pair in pairs})
    devices = sorted({_device(pair) for pair in pairs}, key=lambda name: (name == "", name))
    there = {_tone(pair) for pair in pairs}
    return Comparison(
        pairs=len(pairs),
        photographs=int(total.sum()),
        patients=len(tables),
        table=total,
        statuses=Counter(status_counts(pairs)),
        estimates=estimates(tables, rng=seeded()),
        with_bounds=estimates(tables_by_patient(pairs, bounds_as_scores=True), rng=seeded()),
        recalls=tuple((int(total[:, score].sum()), int(total[score, score])) for score in SCORES),
        by_centre=_groups(pairs, [site for site in sites if _has(pairs, site)], of=_site, figures=_FOREST),
        by_month=_groups(pairs, months, of=_month, figures=_DRIFT),
        by_device=_groups(pairs, devices, of=_device, figures=_FOREST),
        by_tone=_groups(pairs, [tone for tone in (*_TONES, "") if tone in there], of=_tone, figures=_FOREST),
        by_reader=_groups(by_reader, readers, of=_reader, figures=COEFFICIENTS),
    )


def _groups(
    pairs: Sequence[Pair],
    names: Sequence[str],
    *,
    of: Callable[[Pair], str],
    figures: Mapping[str, Callable[[NDArray[np.float64]], NDArray[np.float64]]],
) -> tuple[Group, ...]:
    groups = []
    for name in names:
        tables = tables_by_patient([pair for pair in pairs if of(pair) == name])
        found = estimates(tables, rng=seeded(), coefficients=figures)
        groups.append(Group(name, int(tables.sum()), len(tables), found))
    return tuple(groups)


def _both_ways(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    turned = (
        Pair(pair.case, pair.column, pair.row, row_by=pair.column_by, column_by=pair.row_by) for pair in pairs
    )
    return (*pairs, *turned)


def _has(pairs: Sequence[Pair], site: str) -> bool:
    return any(pair.case.site == site for pair in pairs)


def _site(pair: Pair) -> str:
    return pair.case.site


def _device(pair: Pair) -> str:
    return pair.case.device or ""


def _tone(pair: Pair) -> str:
    return "" if pair.case.tone is None else _GROUP_OF[pair.case.tone]


def _reader(pair: Pair) -> str:
    return pair.row_by


def _month(pair: Pair) -> str:
    """Name the month in which it was read, where readers are compared, or photographed; in UTC."""
    at = pair.at or pair.case.taken_at
    assert at is not None, "what was read was photographed"
    return f"{at:%Y-%m}"
