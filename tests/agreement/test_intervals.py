import numpy as np
import pytest
from scipy import stats

from benchmarks.agreement_coverage import MIX as MIX_OF_A_TRIAL
from benchmarks.agreement_coverage import READERS
from mottling.agreement.coefficients import (
    COEFFICIENTS,
    exact,
    mean_difference,
)
from mottling.agreement.intervals import Estimate, estimates, seeded

MIX = np.array([0.42, 0.35, 0.14, 0.03, 0.03, 0.03])


def a_trial(patients, *, rng, right=0.75, visits=2):
    """Two readers who are each right so often, and else one score off."""
    tables = np.zeros((patients, 6, 6))
    for table in tables:
        for truth in rng.choice(6, visits, p=MIX):
            off = rng.choice([0, -1, 1], 2, p=[right, (1 - right) / 2, (1 - right) / 2])
            table[tuple(np.clip(truth + off, 0, 5))] += 1
    return tables


def test_the_same_records_give_the_same_intervals():
    tables = a_trial(40, rng=np.random.default_rng(1))
    assert estimates(tables, rng=seeded()) == estimates(tables, rng=seeded())


def test_an_interval_holds_its_value_and_the_value_is_that_of_all_pairs():
    tables = a_trial(60, rng=np.random.default_rng(2))
    for name, one in estimates(tables, rng=seeded(), resamples=500).items():
        assert one.value == pytest.approx(float(COEFFICIENTS[name](tables.sum(0))))
        assert one.low is not None
        assert one.low <= one.value <= one.high


def test_photographs_of_one_patient_count_as_one_draw():
    alone = a_trial(40, rng=np.random.default_rng(3), visits=1)
    copied = alone * 4  # four photographs of each patient that say the same
    apart = np.repeat(alone, 4, axis=0)

    def width(tables):
        one = estimates(tables, rng=seeded(), coefficients={"exact": exact})["exact"]
        return one.high - one.low

    assert width(copied) == pytest.approx(width(alone))
    assert width(apart) < 0.7 * width(copied)


def reach_of(values):
    """Student's t, as sure as the spread of the values is; computed apart from the code under test."""
    patients = len(values)
    freedom = min(patients - 1, 2 * patients / (stats.kurtosis(values, fisher=False) - 1))
    return float(stats.t.ppf(0.975, freedom))


def test_an_interval_of_a_mean_is_that_of_student_with_the_degrees_of_freedom_of_its_spread():
    """Of 48 patients eight are one score apart: the spread is as unsure as of 30."""
    tables = np.zeros((48, 6, 6))
    tables[:40, 1, 1] = tables[40:46, 1, 2] = tables[46:, 2, 1] = 1
    values = tables[:, 2, 1] - tables[:, 1, 2]
    reach = reach_of(values)
    assert 2.03 < reach < 2.2
    half = reach * values.std(ddof=1) / np.sqrt(48)
    named = {"difference": mean_difference}
    ours = estimates(tables, rng=seeded(), coefficients=named, resamples=9000)["difference"]
    # What is left is the luck of the draws, some 1 % of the width.
    assert (ours.low, ours.high) == pytest.approx(
        (values.mean() - half, values.mean() + half), abs=0.06 * half
    )


def test_a_share_is_as_far_from_perfect_below_as_above_on_the_scale_of_disagreement():
    tables = np.zeros((90, 6, 6))
    tables[:72, 1, 1] = tables[72:, 1, 2] = 1
    ours = estimates(tables, rng=seeded(), coefficients={"exact": exact}, resamples=9000)["exact"]
    assert (1 - ours.low) / (1 - ours.value) == pytest.approx((1 - ours.value) / (1 - ours.high))
    # By the delta method: the standard error of the logarithm of a share of 0.2 of 90.
    half = reach_of(tables[:, 1, 1]) * np.sqrt(0.8 / (0.2 * 90))
    assert np.log((1 - ours.low) / 0.2) == pytest.approx(half, rel=0.06)


def test_where_resamples_stand_at_the_wall_the_ends_are_those_that_scipy_gives_moved_outwards():
    """Of 40 patients two disagree: one resample in eight has no disagreement at all."""
    tables = np.zeros((40, 6, 6))
    tables[:38, 1, 1] = tables[38:, 1, 2] = 1
    agreed = tables[:, 1, 1]
    level = 2 * stats.norm.cdf(np.sqrt(40 / 39) * reach_of(agreed)) - 1
    assert level > 0.97
    ours = estimates(tables, rng=seeded(), coefficients={"exact": exact}, resamples=9000)["exact"]
    found = stats.bootstrap(
        (agreed,),
        np.mean,
        n_resamples=9000,
        method="BCa",
        confidence_level=level,
        rng=np.random.default_rng(7),
    )
    # Half of a patient's weight: a share has steps of 1/40.
    assert (ours.low, ours.high) == pytest.approx(tuple(found.confidence_interval), abs=0.0126)


def test_intervals_of_a_reader_with_himself_hold_the_truth_as_often_as_they_say():
    """Of 48 repeats few are more than one score apart, and AC2 rests on those: BCa held 0.88."""
    habits = READERS.values()
    chances = np.mean([np.einsum("t,ta,tb->ab", MIX_OF_A_TRIAL, one, one) for one in habits], axis=0)
    truth = {name: float(COEFFICIENTS[name](48 * chances)) for name in ("ac2", "kappa_quadratic")}
    named = {name: COEFFICIENTS[name] for name in truth}
    rng, held, trials = np.random.default_rng(1), dict.fromkeys(truth, 0), 400
    for _ in range(trials):
        drawn = rng.choice(36, 48, p=chances.ravel() / chances.sum())
        tables = np.eye(36)[drawn].reshape(48, 6, 6)
        for name, one in estimates(tables, rng=rng, coefficients=named, resamples=300).items():
            held[name] += one.low <= truth[name] <= one.high
    # At 0.95 it is 380; 368 or fewer come of it once in fifty draws, and of 0.88 nearly always.
    assert min(held.values()) > 368


def test_of_all_alike_there_is_a_share_without_interval_and_no_kappa():
    tables = np.zeros((30, 6, 6))
    tables[:, 0, 0] = 1
    found = estimates(tables, rng=seeded(), resamples=200)
    assert found["exact"] == Estimate(1.0)
    assert found["kappa_quadratic"] == Estimate(None)


def test_forty_nine_of_fifty_have_a_kappa_whose_interval_is_not_estimable():
    tables = np.zeros((50, 6, 6))
    tables[:, 0, 0] = 1
    tables[0] = 0
    tables[0, 0, 1] = 1
    found = estimates(tables, rng=seeded())
    assert found["kappa_quadratic"].value == pytest.approx(0.0, abs=1e-12)
    assert found["kappa_quadratic"].low is None
    assert found["ac2"].value == pytest.approx(0.999, abs=5e-4)


@pytest.mark.parametrize("patients", [0, 1, 4])
def test_a_handful_of_patients_have_figures_without_intervals(patients):
    tables = a_trial(patients, rng=np.random.default_rng(4))
    found = estimates(tables, rng=seeded())
    assert {one.low for one in found.values()} == {None}
    assert (found["exact"].value is None) == (patients == 0)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    rng = np.random.default_rng(5)
    right = np.array([[0.5 if one == other else 0.1 for other in range(6)] for one in range(6)])
    chances = (right / right.sum()).ravel()
    truth = float(exact(right))
    held = 0
    for _ in range(40):
        tables = rng.multinomial(2, chances, size=80).reshape(80, 6, 6).astype(float)
        one = estimates(tables, rng=rng, coefficients={"exact": exact}, resamples=300)["exact"]
        held += one.low <= truth <= one.high
    # Of 40 intervals at 95 %, 32 or fewer would hold it once in five thousand times.
    assert held > 32
