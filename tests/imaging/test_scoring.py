"""Maps of known legs give known scores."""

import numpy as np
import pytest

from mottling.imaging.contract import ScoringRules
from mottling.imaging.scoring import LegScore, measure_leg, score_leg, score_patient
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
    rules = RULES.model_copy(update={"extent_threshold": extent_threshold})
    leg = score_leg(_with_faint_thigh(knee_sure=knee_sure), rules=rules)
    assert leg.reading == LegReading(Status.SCORED, score)


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
