"""Maps of known legs give known scores."""

import math

import numpy as np
import pytest
from msgspec.structs import replace

from mottling.imaging.contract import ScoringRules
from mottling.imaging.scoring import (
    LegEvidence,
    LegScore,
    ZoneEvidence,
    measure_leg,
    score_leg,
    score_patient,
)
from mottling.scale import LegReading, Status, Zone
from tests.tiny_model import leg_zones

RULES = ScoringRules()


def one_leg(mottled=(), *, up_to=Zone.BEYOND_GROIN, sure=0.99):
    zones = leg_zones(legs=1, up_to=up_to)
    mottling = np.where(np.isin(zones, mottled), np.float32(sure), np.float32(0.01))
    return score_leg(measure_leg(zones, mottling, rules=RULES), rules=RULES)


@pytest.mark.parametrize("highest", [1, 2, 3, 4, 5])
def test_the_highest_mottled_zone_is_the_score(highest):
    assert one_leg(range(1, highest + 1)).reading == LegReading(Status.SCORED, highest)


def test_a_clean_leg_with_its_knee_in_view_scores_zero():
    assert one_leg().reading == LegReading(Status.SCORED, 0)


def test_mottling_where_the_view_ends_is_a_lower_bound():
    assert one_leg([1, 2, 3], up_to=Zone.LOWER_THIGH).reading == LegReading(Status.AT_LEAST, 3)


def test_a_clean_thigh_without_its_knee_is_never_a_zero():
    zones = np.where(leg_zones(legs=1) >= Zone.LOWER_THIGH, leg_zones(legs=1), 0).astype(np.uint8)
    leg = score_leg(measure_leg(zones, np.zeros(zones.shape, np.float32), rules=RULES), rules=RULES)
    assert leg.reading == LegReading(Status.NOT_ASSESSABLE, None)


def test_a_leg_that_is_not_there_cannot_be_scored():
    nothing = np.zeros((8, 8), np.uint8)
    leg = score_leg(measure_leg(nothing, np.zeros((8, 8), np.float32), rules=RULES), rules=RULES)
    assert leg.reading.status is Status.NOT_ASSESSABLE
    patient = score_patient([leg], rules=RULES)
    assert patient.prediction_set == ()
    assert patient.visible_up_to == 0


def test_a_few_pixels_of_a_zone_do_not_make_it_mottled():
    zones = leg_zones(legs=1)
    mottling = np.zeros(zones.shape, np.float32)
    spots = np.flatnonzero(zones.ravel() == Zone.UPPER_THIGH)
    mottling.ravel()[spots[: len(spots) // 80]] = 1.0
    leg = measure_leg(zones, mottling, rules=RULES)
    assert score_leg(leg, rules=RULES).reading.score == 0
    assert leg.zones[3].mottled_share == pytest.approx(1 / 80, abs=0.001)


def test_the_worse_leg_is_the_patients_score():
    patient = score_patient([one_leg([1]), one_leg([1, 2, 3])], rules=RULES)
    assert patient.reading == LegReading(Status.SCORED, 3)
    assert max(range(6), key=patient.probabilities.__getitem__) == 3


def test_probabilities_sum_to_one_and_the_set_holds_the_score():
    patient = score_patient([one_leg([1, 2], sure=0.8)], rules=RULES)
    assert sum(patient.probabilities) == pytest.approx(1)
    assert patient.reading.score in patient.prediction_set
    held = sum(patient.probabilities[k] for k in patient.prediction_set)
    assert held >= RULES.set_mass


def _with_faint_thigh(*, knee_sure):
    zones = leg_zones(legs=1)
    mottling = np.full(zones.shape, np.float32(0.01))
    mottling[zones == Zone.KNEE] = knee_sure
    mottling[zones == Zone.LOWER_THIGH] = 0.7  # P(mottled) = 0.37 by the biases of a map never calibrated
    return measure_leg(zones, mottling, rules=RULES)


@pytest.mark.parametrize(
    ("extent_threshold", "knee_sure", "score"),
    [(None, 0.99, 2), (0.3, 0.99, 3), (0.45, 0.99, 2), (0.3, 0.6, 0), (0.9, 0.99, 2)],
    ids=["as before", "spreads", "too faint", "no mottled leg", "never above the threshold"],
)
def test_a_further_zone_of_a_mottled_leg_needs_less_to_be_believed(extent_threshold, knee_sure, score):
    rules = replace(RULES, extent_threshold=extent_threshold)
    leg = score_leg(_with_faint_thigh(knee_sure=knee_sure), rules=rules)
    assert leg.reading == LegReading(Status.SCORED, score)


def test_mottling_that_no_outline_would_show_does_not_count_however_likely_it_is():
    rules = ScoringRules(slopes=(0.5,) * 5, biases=(0.0,) * 5, threshold=0.6, extent_threshold=0.3)
    zones = leg_zones(legs=1)
    mottling = np.full(zones.shape, np.float32(0.01))
    mottling[zones == Zone.KNEE] = 0.99
    scores = []
    for thigh in (rules.mottled_from - 0.01, rules.mottled_from + 0.01):
        mottling[zones == Zone.LOWER_THIGH] = thigh
        leg = score_leg(measure_leg(zones, mottling, rules=rules), rules=rules)
        assert leg.at_least[2] > rules.extent_threshold
        scores.append(leg.reading.score)
    assert scores == [2, 3]


def test_the_set_of_a_lower_bound_reaches_up_to_five():
    patient = score_patient([one_leg([1, 2], up_to=Zone.KNEE)], rules=RULES)
    assert patient.reading == LegReading(Status.AT_LEAST, 2)
    assert patient.prediction_set[-1] == 5


def test_doubt_between_two_scores_widens_the_set_towards_the_likelier():
    doubtful = LegScore(LegReading(Status.SCORED, 2), (1.0, 1.0, 0.45, 0.0, 0.0), 5)
    assert score_patient([doubtful], rules=RULES).prediction_set == (2, 3)


def test_a_leg_that_cannot_be_judged_adds_no_probability():
    unjudged = LegScore(LegReading(Status.NOT_ASSESSABLE, None), (0.4, 0.4, 0.4, 0.4, 0.0), 4)
    patient = score_patient([one_leg(), unjudged], rules=RULES)
    assert patient.probabilities[0] > 0.99


def test_of_no_leg_nothing_is_likely_and_nothing_is_in_view():
    patient = score_patient([], rules=RULES)
    assert patient.reading == LegReading(Status.NOT_ASSESSABLE, None)
    assert (patient.probabilities, patient.prediction_set, patient.visible_up_to) == (
        (1, 0, 0, 0, 0, 0),
        (),
        0,
    )


def leg_of(**evidence):
    """A leg whose zones in view have this evidence."""
    return LegEvidence(tuple(ZoneEvidence(Zone[name], 100, logit, 0.1) for name, logit in evidence.items()))


def test_each_zone_is_believed_by_its_own_slope_and_bias_and_one_out_of_view_says_nothing():
    rules = ScoringRules(slopes=(1.0, 2.0, 3.0, 4.0, 5.0), biases=(0.1, -0.2, 0.3, -0.4, 0.5))
    leg = score_leg(leg_of(COIN=1.5, KNEE=0.4, LOWER_THIGH=-0.7), rules=rules)
    coin, knee, thigh = (1 / (1 + math.exp(-x)) for x in (1.5 + 0.1, 0.8 - 0.2, -2.1 + 0.3))
    assert leg.at_least == pytest.approx((coin, knee, thigh, 0, 0))
    assert leg.visible_up_to == Zone.LOWER_THIGH


def test_what_is_as_likely_as_the_threshold_counts():
    rules = ScoringRules(threshold=0.5, slopes=(1.0,) * 5, biases=(0.0,) * 5)
    assert score_leg(leg_of(KNEE=0.0, LOWER_THIGH=-9.0), rules=rules).reading == LegReading(Status.SCORED, 2)


def strip(**cells):
    """Zones in one row: so many cells of each, and some of no leg."""
    of_legs = [np.full(count, Zone[name], np.uint8) for name, count in cells.items()]
    return np.concatenate([np.zeros(50, np.uint8), *of_legs])[np.newaxis]


def test_a_zone_is_in_view_from_its_own_share_of_the_legs_skin_on():
    zones = strip(COIN=10, KNEE=19, LOWER_THIGH=10, UPPER_THIGH=9, BEYOND_GROIN=52)
    rules = ScoringRules(min_zone_shares=(0.1, 0.2, 0.1, 0.1, 0.1))
    leg = measure_leg(zones, np.zeros(zones.shape, np.float32), rules=rules)
    assert [(one.zone, one.skin_px) for one in leg.zones] == [
        (Zone.COIN, 10),
        (Zone.LOWER_THIGH, 10),
        (Zone.BEYOND_GROIN, 52),
    ]


def test_a_pixel_is_mottled_from_the_limit_on():
    zones = strip(COIN=4)
    mottling = np.full(zones.shape, 0.25, np.float32)
    mottling[0, -1] = 0.5
    leg = measure_leg(zones, mottling, rules=ScoringRules(mottled_from=0.5))
    assert leg.zones[0].mottled_share == 0.25


def test_the_steepest_slope_still_gives_a_probability():
    rules = ScoringRules(slopes=(1000.0,) * 5)
    assert score_leg(leg_of(COIN=9.2, KNEE=-9.2), rules=rules).at_least == (1, 0, 0, 0, 0)


@pytest.mark.parametrize(("mottling", "logit"), [(1.0, 9.21), (0.0, -9.21), (0.5, 0.0)])
def test_a_map_that_is_sure_gives_an_evidence_that_is_finite(mottling, logit):
    zones = leg_zones(legs=1)
    leg = measure_leg(zones, np.full(zones.shape, mottling, np.float32), rules=RULES)
    assert [zone.evidence for zone in leg.zones] == pytest.approx([logit] * 5, abs=0.01)


@pytest.mark.parametrize(
    ("score", "sixteenths", "mass", "found"),
    [
        (2, (0, 5, 8, 3, 0, 0), 0.75, (1, 2)),
        (2, (0, 3, 8, 5, 0, 0), 0.75, (2, 3)),
        (2, (0, 4, 8, 4, 0, 0), 0.75, (2, 3)),
        (2, (3, 4, 8, 1, 0, 0), 0.9, (0, 1, 2)),
        (2, (0, 8, 8, 0, 0, 0), 0.5, (2,)),
        (1, (6, 8, 2, 0, 0, 0), 0.85, (0, 1)),
        (0, (10, 4, 2, 0, 0, 0), 0.9, (0, 1, 2)),
        (0, (8, 2, 1, 1, 1, 3), 0.7, (0, 1, 2, 3)),
        (4, (0, 0, 5, 1, 8, 2), 0.9, (2, 3, 4, 5)),
        (5, (0, 0, 0, 2, 4, 10), 0.85, (4, 5)),
        (3, (2, 2, 2, 4, 3, 3), 1.0, (0, 1, 2, 3, 4, 5)),
        (2, (5, 0, 10, 1, 0, 0), 0.75, (0, 1, 2)),
        (4, (0, 1, 0, 0, 10, 5), 0.75, (4, 5)),
    ],
)
def test_the_set_is_the_shortest_row_around_the_score_that_holds_the_mass(score, sixteenths, mass, found):
    at_least = tuple(sum(sixteenths[k:]) / 16 for k in range(1, 6))
    leg = LegScore(LegReading(Status.SCORED, score), at_least, 5)
    patient = score_patient([leg], rules=ScoringRules(set_mass=mass))
    assert patient.probabilities == tuple(part / 16 for part in sixteenths)
    assert patient.prediction_set == found


def test_a_set_that_shall_hold_everything_ends_though_the_parts_sum_to_less_than_one():
    at_least = (0.98, 0.31, 0.28, 0.25, 0.08)
    leg = LegScore(LegReading(Status.SCORED, 1), at_least, 5)
    patient = score_patient([leg], rules=ScoringRules(set_mass=1.0))
    assert math.fsum(patient.probabilities) < 1
    assert patient.prediction_set == (0, 1, 2, 3, 4, 5)
