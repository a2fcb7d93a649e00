"""Every figure of an evaluation: on which photographs it is taken, and how."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mottling.scale import SCORES, Status
from training.measuring.conditions import Light, View
from training.measuring.evaluation import Figures
from training.measuring.metrics import Figure, auc, kappa, with_interval
from training.measuring.outcomes import NONE, Outcomes
from training.tones import Tone

__all__ = [
    "MEANINGS",
    "all_figures",
    "figures_by_light",
    "figures_by_score",
    "figures_by_tone",
    "figures_by_view",
    "table_of",
]

Chosen = Callable[[Outcomes], NDArray[np.bool_]]
Value = Callable[[Outcomes], float]


@dataclass(frozen=True)
class _Measure:
    """One figure."""

    meaning: str
    chosen: Chosen
    """On which photographs."""
    value: Value


def _scorable(rows: Outcomes) -> NDArray[np.bool_]:
    """A reader could say something."""
    return np.asarray(rows.truth != NONE)


def _whole(rows: Outcomes) -> NDArray[np.bool_]:
    """The truth is a score, no lower bound, and we answered."""
    return rows.is_truly(Status.SCORED) & rows.answered


def _healthy(rows: Outcomes) -> NDArray[np.bool_]:
    return np.asarray(rows.is_truly(Status.SCORED) & (rows.truth == 0))


def _clearly_mottled(rows: Outcomes) -> NDArray[np.bool_]:
    return np.asarray(rows.truth >= 2)


def _has_maps(rows: Outcomes) -> NDArray[np.bool_]:
    return np.asarray(rows.zone_union_px.sum(axis=1) > 0)


def _has_twin(rows: Outcomes) -> NDArray[np.bool_]:
    return np.isfinite(rows.twin_fires)


def _has_clear_twin(rows: Outcomes) -> NDArray[np.bool_]:
    return _has_twin(rows) & (rows.truth >= 2)


def _covered(rows: Outcomes) -> float:
    """A lower bound is held by a set that reaches it."""
    open_ended = rows.is_truly(Status.AT_LEAST)
    inside = (rows.set_low <= rows.truth) & (rows.truth <= rows.set_high)
    return float(np.where(open_ended, rows.set_high >= rows.truth, inside).mean())


def _right_kind_and_score(rows: Outcomes) -> float:
    return float((rows.we_said(Status.AT_LEAST) & (rows.ours == rows.truth)).mean())


def _refused(rows: Outcomes) -> float:
    return float((~rows.answered).mean())


def _zone_iou(rows: Outcomes) -> float:
    """Mean over the zones of overlap / union, each summed over the photographs."""
    union = rows.zone_union_px.sum(axis=0)
    seen = union > 0
    return (
        float((rows.zone_overlap_px.sum(axis=0)[seen] / union[seen]).mean()) if seen.any() else float("nan")
    )


def _zone_iou_of(zone: int) -> Value:
    def iou(rows: Outcomes) -> float:
        union = int(rows.zone_union_px[:, zone - 1].sum())
        return float(rows.zone_overlap_px[:, zone - 1].sum()) / union if union else float("nan")

    return iou


def _auc_twins(rows: Outcomes) -> float:
    area = auc(rows.fires, rows.twin_fires)
    return float("nan") if area is None else area


def _exact(rows: Outcomes) -> float:
    return float((rows.ours == rows.truth).mean())


def _mean_error(rows: Outcomes) -> float:
    return float(abs(rows.ours - rows.truth).mean())


def _above_zero(rows: Outcomes) -> float:
    return float((rows.ours > 0).mean())


def _of_score(score: int) -> Chosen:
    return lambda rows: rows.is_truly(Status.SCORED) & (rows.truth == score)


_MEASURES = {
    "answered": _Measure(
        "part of the photographs that a reader could judge, and we did",
        _scorable,
        lambda r: float(r.answered.mean()),
    ),
    "quadratic_kappa": _Measure(
        "agreement beyond chance, errors squared", _whole, lambda r: kappa(r.truth, r.ours, power=2)
    ),
    "linear_kappa": _Measure(
        "agreement beyond chance, errors as they are", _whole, lambda r: kappa(r.truth, r.ours, power=1)
    ),
    "exact": _Measure("exactly the true score", _whole, _exact),
    "within_one": _Measure(
        "off by one at most", _whole, lambda r: float((abs(r.ours - r.truth) <= 1).mean())
    ),
    "mean_absolute_error": _Measure("mean distance to the true score", _whole, _mean_error),
    **{
        f"recall_{score}": _Measure(f"of those that are truly {score}, scored so", _of_score(score), _exact)
        for score in SCORES
    },
    "healthy_above_0": _Measure("healthy legs scored above 0", _healthy, _above_zero),
    "mottled_above_0": _Measure(
        "mottled legs with a score, or a lower bound, from 2 on: scored above 0",
        _clearly_mottled,
        _above_zero,
    ),
    "same_number": _Measure(
        "the true number, be it a score or a lower bound", lambda r: _scorable(r) & r.answered, _exact
    ),
    "at_least_right": _Measure(
        "cut or covered views: told as a lower bound, and the right one",
        lambda r: r.is_truly(Status.AT_LEAST),
        _right_kind_and_score,
    ),
    "unreadable_refused": _Measure(
        "photographs without a knee to judge, or unreadable as they came: not assessable",
        lambda r: r.is_truly(Status.NOT_ASSESSABLE) & ~r.ruined,
        _refused,
    ),
    "no_legs_above_0": _Measure(
        "photographs that nobody could judge, or of something else than mottled legs: scored above 0",
        lambda r: r.is_truly(Status.NOT_ASSESSABLE) & ~r.ruined,
        _above_zero,
    ),
    "ruined_refused": _Measure(
        "photographs blurred, shaken, darkened, blown out or covered: not assessable",
        lambda r: r.ruined,
        _refused,
    ),
    "set_coverage": _Measure(
        "prediction sets that hold the truth", lambda r: _scorable(r) & r.answered, _covered
    ),
    "set_size": _Measure(
        "scores in a prediction set, on average", _whole, lambda r: float((r.set_high - r.set_low + 1).mean())
    ),
    "zone_iou": _Measure("zones: overlap / union, mean of the five", _has_maps, _zone_iou),
    **{
        f"zone_{zone}_iou": _Measure(f"zone {zone}: overlap / union", _has_maps, _zone_iou_of(zone))
        for zone in SCORES[1:]
    },
    "mottling_dice": _Measure(
        "mottled region: Dice, mean of the mottled photographs",
        lambda r: np.isfinite(r.dice),
        lambda r: float(r.dice.mean()),
    ),
    "knees_found": _Measure(
        "kneecaps found, to a quarter of the way from knee to ankle",
        lambda r: r.knees > 0,
        lambda r: float(r.knees_found.sum() / r.knees.sum()),
    ),
    "twin_order": _Measure(
        "painted photographs more suspect than their clean twins",
        _has_twin,
        lambda r: float((r.fires > r.twin_fires).mean()),
    ),
    "twin_auc": _Measure("painted against clean twins: area under the curve", _has_twin, _auc_twins),
    "twin_auc_2_to_5": _Measure("the same, scores from 2 on", _has_clear_twin, _auc_twins),
}

MEANINGS = {name: measure.meaning for name, measure in _MEASURES.items()}

# What is also told for each tone (and light), each score and each view.
_BY_TONE = (
    "answered",
    "quadratic_kappa",
    "exact",
    "mean_absolute_error",
    "healthy_above_0",
    "mottling_dice",
    "zone_iou",
)
_BY_VIEW = (*_BY_TONE, "at_least_right", "same_number")
_BY_SCORE = ("answered", "exact", "within_one", "mean_absolute_error", "set_size", "mottling_dice")


def all_figures(rows: Outcomes, *, rng: np.random.Generator) -> Figures:
    """Take every figure that the photographs allow."""
    found = {name: _taken(measure, rows, rng) for name, measure in _MEASURES.items()}
    return {name: figure for name, figure in found.items() if figure.count > 0}


def figures_by_tone(rows: Outcomes, *, rng: np.random.Generator) -> dict[str, Figures]:
    """Take the main figures for each tone of skin."""
    return _of_parts({tone.value: rows.of_tone(tone) for tone in Tone}, rows, names=_BY_TONE, rng=rng)


def figures_by_score(rows: Outcomes, *, rng: np.random.Generator) -> dict[str, Figures]:
    """Take the main figures for each true score."""
    parts = {str(score): _of_score(score)(rows) for score in SCORES}
    return _of_parts(parts, rows, names=_BY_SCORE, rng=rng)


def figures_by_view(rows: Outcomes, *, rng: np.random.Generator) -> dict[str, Figures]:
    """Take the main figures for each view: one leg, both, or cut."""
    return _of_parts({view.value: rows.of_view(view) for view in View}, rows, names=_BY_VIEW, rng=rng)


def figures_by_light(rows: Outcomes, *, rng: np.random.Generator) -> dict[str, Figures]:
    """Take the main figures for dim, plain and bright photographs."""
    return _of_parts({light.value: rows.of_light(light) for light in Light}, rows, names=_BY_TONE, rng=rng)


def _of_parts(
    parts: Mapping[str, NDArray[np.bool_]],
    rows: Outcomes,
    *,
    names: Sequence[str],
    rng: np.random.Generator,
) -> dict[str, Figures]:
    """Take some figures for each part of the photographs that has any."""
    return {
        part: {name: _taken(_MEASURES[name], rows.take(chosen), rng) for name in names}
        for part, chosen in parts.items()
        if chosen.any()
    }


def table_of(rows: Outcomes) -> tuple[tuple[int, int, int, int, int, int, int], ...]:
    """Count the photographs with a sure score: a row for each truth, a column for each answer."""
    sure = rows.take(rows.is_truly(Status.SCORED))
    columns = np.where(sure.ours == NONE, len(SCORES), sure.ours)
    table = np.zeros((len(SCORES), len(SCORES) + 1), int)
    np.add.at(table, (sure.truth, columns), 1)
    return tuple((int(a), int(b), int(c), int(d), int(e), int(f), int(g)) for a, b, c, d, e, f, g in table)


def _taken(measure: _Measure, rows: Outcomes, rng: np.random.Generator) -> Figure:
    return with_interval(rows.take(measure.chosen(rows)), measure.value, rng=rng)
