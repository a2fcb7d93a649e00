"""What a trial learns from its first patients: readers err as much as they should, and what a score tells."""

from __future__ import annotations

import numpy as np
import pytest

from mottling.imaging.contract import ScoringRules
from mottling.imaging.scoring import LegEvidence, ZoneEvidence
from mottling.scale import LegReading, Status, Zone
from training.curves.measuring_patients import told_by
from training.measuring.metrics import kappa
from training.rules.fitting import Observed, ZoneLabel, patient_score
from training.rules.replay import READERS_KAPPA, Learnt, confusion, labels_of_score, learn, read_with_noise

_SHARES = np.array([0.3, 0.14, 0.14, 0.14, 0.14, 0.14])
_ZONES = (Zone.COIN, Zone.KNEE, Zone.LOWER_THIGH, Zone.UPPER_THIGH, Zone.BEYOND_GROIN)


def _leg(score: int, *, shown: float = 3.0) -> LegEvidence:
    """A leg that shows mottling up to a score, and its contrary above."""
    return LegEvidence(
        tuple(ZoneEvidence(zone, 500, shown if zone <= score else -shown, 0.5) for zone in _ZONES)
    )


def _patient(score: int, *, status: Status = Status.SCORED, shown: float = 3.0) -> Observed:
    return Observed(LegReading(status, score), (_leg(score, shown=shown), _leg(0, shown=shown)), (), 0.9, "")


def test_readings_agree_with_the_truth_as_two_readers_agree():
    rng = np.random.default_rng(2)
    truth = rng.choice(6, size=4000, p=_SHARES)
    read = read_with_noise([_patient(int(score)) for score in truth], confusion(_SHARES), rng=rng)
    scores = np.array([one.truth.score for one in read])
    assert kappa(truth, scores, power=2) == pytest.approx(READERS_KAPPA, abs=0.015)


def test_what_nobody_could_score_is_not_given_a_score():
    refused = Observed(LegReading(Status.NOT_ASSESSABLE, None), (), (), 0.1, "")
    assert read_with_noise([refused], confusion(_SHARES), rng=np.random.default_rng(1)) == [refused]


def test_a_score_tells_its_own_zone_on_one_leg_and_all_zones_above_on_both():
    labels = list(labels_of_score(_patient(3)))
    assert [label.zone for label in labels if label.mottled] == [Zone.LOWER_THIGH]
    clean = [label.zone for label in labels if not label.mottled]
    assert clean == [Zone.UPPER_THIGH, Zone.BEYOND_GROIN] * 2


def test_a_lower_bound_tells_nothing_of_what_lies_above():
    labels = list(labels_of_score(_patient(3, status=Status.AT_LEAST)))
    assert labels == [ZoneLabel(Zone.LOWER_THIGH, 3.0, mottled=True)]


@pytest.mark.parametrize("learnt", [Learnt.THRESHOLD, Learnt.SCORES])
def test_rules_that_call_everything_mottled_are_put_right_by_scores(learnt: Learnt):
    wrong = ScoringRules(slopes=(1.0,) * 5, biases=(3.0,) * 5)
    patients = [_patient(number % 6, shown=2.0) for number in range(60)]
    fitted = learn(patients, learnt, start=wrong)
    right = [patient_score(one, rules=fitted).reading.score == one.truth.score for one in patients]
    before = [patient_score(one, rules=wrong).reading.score == one.truth.score for one in patients]
    assert np.mean(before) < 0.5
    assert np.mean(right) > 0.9


def test_more_patients_tell_more_of_a_model_and_readers_who_err_make_it_look_worse():
    rng = np.random.default_rng(3)
    truth = rng.choice(6, size=300, p=_SHARES)
    ours = np.where(rng.random(300) < 0.8, truth, rng.permutation(truth))
    few, many = told_by((truth, ours), confusion(_SHARES), sizes=(20, 1000), rng=rng)
    assert many.exact[1] - many.exact[0] < 0.3 * (few.exact[1] - few.exact[0])
    assert many.kappa[0] < kappa(truth, ours, power=2) < many.kappa[1]
    assert many.kappa_read[1] < many.kappa[0]
