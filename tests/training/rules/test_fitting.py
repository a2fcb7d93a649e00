"""Fitted rules: calibrated zones, few false alarms, sets that hold the truth."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from msgspec.structs import replace

from mottling.imaging.contract import ScoringRules
from mottling.imaging.scoring import LegEvidence, ZoneEvidence
from mottling.scale import LegReading, Status, Zone
from training.rules.fitting import (
    Observed,
    ZoneLabel,
    fit_extent_threshold,
    fit_readable,
    fit_rules,
    fit_set_mass,
    fit_threshold,
    fit_zones,
    patient_score,
)

_SKIN = list(Zone)[1:]
_RULES = ScoringRules(slopes=(1, 1, 1, 1, 1), biases=(0, 0, 0, 0, 0))


def _labels(count: int, *, zone: Zone, slope: float, bias: float) -> list[ZoneLabel]:
    """Labels that follow the model, from evenly spread evidence."""
    rng = np.random.default_rng(zone)
    evidence = rng.uniform(-6, 6, count)
    mottled = rng.random(count) < 1 / (1 + np.exp(-(slope * evidence + bias)))
    return [ZoneLabel(zone, float(e), bool(m)) for e, m in zip(evidence, mottled, strict=True)]


def test_slopes_and_biases_of_each_zone_are_found_again():
    labels = [
        *_labels(1500, zone=Zone.COIN, slope=2.0, bias=-3.0),
        *_labels(1500, zone=Zone.KNEE, slope=0.7, bias=1.0),
    ]
    slopes, biases = fit_zones(labels)
    assert slopes[:2] == pytest.approx((2.0, 0.7), rel=0.25)
    assert biases[:2] == pytest.approx((-3.0, 1.0), abs=0.8)


def test_a_zone_without_labels_follows_the_others():
    slopes, biases = fit_zones(_labels(800, zone=Zone.KNEE, slope=1.5, bias=-2.0))
    assert slopes[4] == pytest.approx(1.5, rel=0.15)
    assert biases[4] == pytest.approx(-2.0, abs=0.4)


def test_a_few_labels_that_are_perfectly_parted_give_no_endless_slope():
    slopes, _ = fit_zones([ZoneLabel(Zone.COIN, value, value > 0) for value in (-4.0, -3.0, 3.0, 4.0)])
    assert max(slopes) < 4


def test_labels_that_point_the_wrong_way_give_no_negative_slope():
    slopes, _ = fit_zones([ZoneLabel(Zone.COIN, value, value < 0) for value in (-4.0, -2.0, 2.0, 4.0)])
    assert min(slopes) > 0


def _seen(score: int, evidence: float, *, set_name: str = "a", truth: int | None = None) -> Observed:
    """A leg in full view whose zones up to the score show this evidence, the others none."""
    zones = tuple(
        ZoneEvidence(zone, 500, evidence if zone <= score else -9.0, 0.1 if zone <= score else 0.0)
        for zone in _SKIN
    )
    reading = LegReading(Status.SCORED, score if truth is None else truth)
    labels = tuple(ZoneLabel(one.zone, one.evidence, one.zone <= (reading.score or 0)) for one in zones)
    return Observed(reading, (LegEvidence(zones),), labels, 0.95, set_name)


def test_the_threshold_lies_above_the_false_alarms_of_healthy_legs():
    healthy = [_seen(2, -1.0, truth=0)] * 5 + [_seen(0, 0.0)] * 45
    mottled = [_seen(score, 2.0) for score in range(1, 6)] * 5
    chosen = fit_threshold([*healthy, *mottled], rules=_RULES)
    assert 1 / (1 + math.exp(1.0)) < chosen < 1 / (1 + math.exp(-2.0))


@pytest.mark.parametrize(("where", "above"), [("hard", True), ("easy", False)])
def test_the_set_with_the_most_false_alarms_decides(where, above):
    easy = [_seen(0, 0.0, set_name="easy")] * 150
    hard = [_seen(2, 1.0, truth=0, set_name=where)] * 32 + [_seen(0, 0.0, set_name=where)] * 8
    plain = [_seen(score, 2.0, set_name="easy") for score in range(1, 6)] * 6
    faint = [_seen(score, 0.5, set_name="easy") for score in range(1, 6)] * 4
    chosen = fit_threshold([*easy, *hard, *plain, *faint], rules=_RULES)
    assert (chosen > 1 / (1 + math.exp(-1.0))) is above


def test_leaving_out_a_few_photographs_hardly_moves_the_threshold():
    rng = np.random.default_rng(3)
    healthy = [_seen(int(rng.integers(1, 4)), float(rng.normal(-0.5, 1.2)), truth=0) for _ in range(40)]
    mottled = [_seen(score, float(rng.normal(0.5, 1.2))) for score in range(1, 6) for _ in range(5)]
    observed = [*healthy, *mottled]
    chosen = [
        fit_threshold([one for i, one in enumerate(observed) if i % 10 != left_out], rules=_RULES)
        for left_out in range(10)
    ]
    assert max(chosen) - min(chosen) <= 0.3  # of single best thresholds: 0.6


def test_of_thresholds_that_are_worth_the_same_the_one_with_the_fewest_alarms_is_chosen():
    rng = np.random.default_rng(5)
    # Each step up loses about as many mottled legs as it spares healthy ones.
    healthy = [_seen(2, float(e), truth=0) for e in rng.normal(-1.5, 1.0, 60)]
    mottled = [_seen(score, float(e)) for score in range(1, 6) for e in rng.normal(1.5, 1.0, 12)]
    chosen = fit_threshold([*healthy, *mottled], rules=_RULES)
    alarms = np.mean([patient_score(one, rules=_RULES).reading.score != 0 for one in healthy])
    fewer = np.mean(
        [patient_score(one, rules=replace(_RULES, threshold=chosen)).reading.score != 0 for one in healthy]
    )
    assert 0.5 < chosen < 0.8
    assert fewer < alarms


def _reaching(score: int, highest_evidence: float) -> Observed:
    """A leg whose mottling is plain but in its highest zone."""
    one = _seen(score, 3.0)
    zones = tuple(
        dataclasses.replace(zone, evidence=highest_evidence if zone.zone == score else zone.evidence)
        for zone in one.legs[0].zones
    )
    return dataclasses.replace(one, legs=(LegEvidence(zones),))


@pytest.mark.parametrize("beyond", [-0.8, -9.0], ids=["faint beyond", "clean beyond"])
def test_a_further_zone_counts_from_where_it_tells_mottled_from_clean(beyond):
    rules = replace(_RULES, threshold=0.66)
    faint = [_reaching(score, -0.2) for score in range(2, 6)] * 10
    one_more = [
        dataclasses.replace(_reaching(score + 1, beyond), truth=LegReading(Status.SCORED, score))
        for score in range(1, 5)
    ]
    chosen = fit_extent_threshold([*faint, *one_more * 10], rules=rules)
    assert 1 / (1 + math.exp(-beyond)) < chosen <= 1 / (1 + math.exp(0.2))


def test_without_mottled_legs_every_zone_needs_the_threshold():
    rules = replace(_RULES, threshold=0.66)
    assert fit_extent_threshold([_seen(0, 0.0)] * 20, rules=rules) == 0.66


def test_without_sure_scores_the_threshold_stays():
    unreadable = Observed(LegReading(Status.NOT_ASSESSABLE, None), (), (), 0.1, "a")
    assert fit_threshold([unreadable], rules=_RULES) == _RULES.threshold


def test_sets_of_the_chosen_mass_hold_nine_truths_in_ten_and_no_more_than_needed():
    rng = np.random.default_rng(3)
    observed = [
        _seen(int(k), float(rng.normal(1.0, 1.0)), truth=int(t))
        for k, t in zip(rng.integers(0, 6, 120), rng.integers(0, 6, 120), strict=True)
    ]
    sure = [_seen(3, 3.0)] * 60
    assert fit_set_mass(sure, rules=_RULES) == 0.5
    mass = fit_set_mass(observed, rules=_RULES)
    sets = [patient_score(one, rules=replace(_RULES, set_mass=mass)).prediction_set for one in observed]
    held = sum(one.truth.score in chosen for one, chosen in zip(observed, sets, strict=True))
    assert held >= math.ceil(0.9 * 121)
    assert mass > 0.9


def test_unreadable_photographs_decide_where_reading_begins():
    good = [_seen(2, 1.0)] * 99 + [_seen(2, 1.0)]
    bad = [Observed(LegReading(Status.NOT_ASSESSABLE, None), (), (), 0.1 + 0.01 * i, "a") for i in range(20)]
    chosen = fit_readable([*good, *bad], rules=_RULES)
    assert 0.29 < chosen < 0.95
    assert fit_readable(good, rules=_RULES) == _RULES.readable_from


def test_one_readable_photograph_in_a_hundred_may_be_refused():
    good = [
        Observed(LegReading(Status.SCORED, 1), (), (), readable, "a")
        for readable in np.linspace(0.5, 0.99, 200).tolist()
    ]
    bad = [Observed(LegReading(Status.NOT_ASSESSABLE, None), (), (), 0.7, "a")] * 20
    chosen = fit_readable([*good, *bad], rules=_RULES)
    assert sum(one.readable < chosen for one in good) <= 2


def _readable(value: float, name: str) -> Observed:
    return Observed(LegReading(Status.SCORED, 1), (), (), value, name)


def test_of_a_few_real_photographs_that_are_read_with_less_certainty_most_are_kept():
    made = [_readable(0.99, "made")] * 300
    real = [_readable(value, "real") for value in np.linspace(0.45, 0.9, 20).tolist()]
    bad = [Observed(LegReading(Status.NOT_ASSESSABLE, None), (), (), 0.9, "made")] * 20
    chosen = fit_readable([*made, *real, *bad], rules=_RULES)
    assert sum(one.readable < chosen for one in real) <= 1


def test_the_last_unreadable_photographs_do_not_cost_readable_ones():
    good = [_readable(value, "made") for value in np.linspace(0.6, 0.99, 200).tolist()]
    bad = [
        Observed(LegReading(Status.NOT_ASSESSABLE, None), (), (), value, "made")
        for value in [*np.linspace(0.05, 0.2, 98).tolist(), 0.65, 0.97]
    ]
    assert 0.15 < fit_readable([*good, *bad], rules=_RULES) < 0.3


def test_a_few_alarms_of_a_small_set_do_not_decide_alone():
    large = [_seen(0, 0.0, set_name="large")] * 200
    small = [_seen(2, 1.2, truth=0, set_name="small")] * 2 + [_seen(0, 0.0, set_name="small")] * 10
    # Where a lower threshold reads many more of the mottled legs.
    mottled = [_seen(score, 0.8, set_name="large") for score in range(1, 6)] * 9
    mottled += [_seen(score, 3.0, set_name="large") for score in range(1, 6)] * 21
    assert fit_threshold([*large, *small, *mottled], rules=_RULES) < 1 / (1 + math.exp(-0.8))


def test_all_rules_are_fitted_together_and_the_others_stay():
    observed = [_seen(score, 2.0) for score in range(6)] * 8
    rules = fit_rules(observed, start=ScoringRules(min_knee=0.2))
    assert rules.min_knee == 0.2
    assert rules.slopes != ScoringRules().slopes
    ours = [patient_score(one, rules=rules).reading for one in observed]
    assert ours == [one.truth for one in observed]
