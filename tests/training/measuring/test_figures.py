"""Each figure is taken on the photographs that its meaning names."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from mottling.scale import LegReading, Status
from training.measuring import metrics
from training.measuring.conditions import Light, View
from training.measuring.evaluation import Figures
from training.measuring.figures import (
    all_figures,
    figures_by_light,
    figures_by_tone,
    figures_by_view,
    table_of,
)
from training.measuring.outcomes import Outcome, Outcomes
from training.tones import Tone

_REFUSED = LegReading(Status.NOT_ASSESSABLE, None)


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_RESAMPLES", 5)


def _scored(score: int, ours: int | None, *, cluster: str = "a") -> Outcome:
    return Outcome(
        truth=LegReading(Status.SCORED, score),
        ours=_REFUSED if ours is None else LegReading(Status.SCORED, ours),
        cluster=cluster,
        tone=Tone.LIGHT,
        prediction_set=() if ours is None else (ours,),
        fires=0.0 if ours is None else float(ours > 0),
        twin_fires=None,
        zone_overlap_px=(),
        zone_union_px=(),
        dice=None,
        knees=0,
        knees_found=0,
    )


def _figures(*rows: Outcome) -> Figures:
    return all_figures(Outcomes.of(rows), rng=np.random.default_rng(1))


def test_agreement_is_taken_on_what_was_answered_and_the_rest_is_told_apart():
    found = _figures(_scored(2, 2), _scored(3, 2), _scored(4, None))
    assert found["answered"].value == pytest.approx(2 / 3, abs=1e-4)
    assert (found["exact"].value, found["exact"].count) == (0.5, 2)


def test_recall_counts_an_unanswered_photograph_as_missed():
    assert _figures(_scored(4, 4), _scored(4, None))["recall_4"].value == 0.5


def test_healthy_legs_alarm_when_scored_above_zero():
    found = _figures(_scored(0, 0), _scored(0, 1), _scored(0, None), _scored(3, 3))
    assert found["healthy_above_0"].value == pytest.approx(1 / 3, abs=1e-4)


@pytest.mark.parametrize(
    ("status", "score", "right"),
    [(Status.AT_LEAST, 2, 1.0), (Status.SCORED, 2, 0.0), (Status.AT_LEAST, 3, 0.0)],
)
def test_a_cut_view_needs_the_right_kind_and_the_right_score(status: Status, score: int, right: float):
    row = replace(_scored(2, 2), truth=LegReading(Status.AT_LEAST, 2), ours=LegReading(status, score))
    assert _figures(row)["at_least_right"].value == right


def test_mottled_legs_that_are_scored_zero_or_not_at_all_do_not_fire():
    bound = replace(_scored(2, 2), truth=LegReading(Status.AT_LEAST, 2))
    found = _figures(bound, _scored(3, 1), _scored(4, 0), _scored(5, None), _scored(1, 0), _scored(0, 0))
    assert (found["mottled_above_0"].value, found["mottled_above_0"].count) == (0.5, 4)
    assert found["same_number"].value == 0.4


def test_a_lower_bound_is_covered_by_a_set_that_reaches_it():
    row = replace(_scored(2, 1), truth=LegReading(Status.AT_LEAST, 2), prediction_set=(1, 2))
    assert _figures(row)["set_coverage"].value == 1.0
    assert _figures(replace(row, prediction_set=(0, 1)))["set_coverage"].value == 0.0


def test_ruined_photographs_count_for_refusal_alone():
    ruined = replace(_scored(0, 3), truth=_REFUSED, ruined=True)
    other = replace(_scored(0, 0), truth=_REFUSED)
    found = _figures(_scored(1, 1), ruined, replace(ruined, ours=_REFUSED), other)
    assert (found["ruined_refused"].value, found["ruined_refused"].count) == (0.5, 2)
    assert (found["unreadable_refused"].value, found["unreadable_refused"].count) == (0.0, 1)
    assert found["no_legs_above_0"].value == 0.0
    assert found["answered"].count == 1


def test_zones_are_summed_over_the_photographs_before_they_are_divided():
    small = replace(_scored(0, 0), zone_overlap_px=(0, 1, 0, 0, 0), zone_union_px=(0, 2, 0, 0, 0))
    large = replace(_scored(0, 0), zone_overlap_px=(0, 98, 0, 0, 0), zone_union_px=(0, 98, 0, 0, 0))
    assert _figures(small, large)["zone_2_iou"].value == 0.99


def test_twins_are_ordered_and_parted():
    above = replace(_scored(2, 2), fires=0.9, twin_fires=0.1)
    below = replace(_scored(1, 1), fires=0.3, twin_fires=0.4)
    found = _figures(above, below)
    assert found["twin_order"].value == 0.5
    assert found["twin_auc"].value == 0.75
    assert found["twin_auc_2_to_5"].value == 1.0


def test_a_figure_without_photographs_is_left_out():
    assert "knees_found" not in _figures(_scored(0, 0))


def test_tones_are_told_apart():
    rows = Outcomes.of([_scored(2, 2), replace(_scored(2, 1), tone=Tone.DARK)])
    found = figures_by_tone(rows, rng=np.random.default_rng(1))
    assert {tone: figures["exact"].value for tone, figures in found.items()} == {"light": 1.0, "dark": 0.0}


def test_the_table_has_a_column_for_what_was_not_assessable():
    table = table_of(Outcomes.of([_scored(2, 3), _scored(2, None)]))
    assert table[2] == (0, 0, 0, 1, 0, 0, 1)


def test_views_and_lights_are_told_apart_and_what_was_ruined_belongs_to_none():
    rows = Outcomes.of(
        [
            replace(_scored(2, 2), view=View.BOTH, light=Light.PLAIN),
            replace(_scored(2, 0), view=View.ONE, light=Light.DIM),
            replace(_scored(0, None), view=View.ONE, light=Light.DIM, ruined=True),
        ]
    )
    by_view = figures_by_view(rows, rng=np.random.default_rng(1))
    assert {view: figures["exact"].value for view, figures in by_view.items()} == {
        "both legs": 1.0,
        "one leg": 0.0,
    }
    by_light = figures_by_light(rows, rng=np.random.default_rng(1))
    assert {light: figures["answered"].count for light, figures in by_light.items()} == {"dim": 1, "plain": 1}
