import numpy as np
import pytest
from scipy import stats

from mottling.agreement.coefficients import COEFFICIENTS, exact
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


def test_an_interval_is_the_one_that_scipy_gives():
    tables = np.zeros((90, 6, 6))
    tables[:72, 1, 1] = tables[72:, 1, 2] = 1
    ours = estimates(tables, rng=seeded(), coefficients={"exact": exact}, resamples=9000)["exact"]
    agreed = (tables[:, 1, 1],)
    found = stats.bootstrap(agreed, np.mean, n_resamples=9000, method="BCa", rng=np.random.default_rng(7))
    # What is left is the luck of two draws: a fifth of one patient's weight.
    assert (ours.low, ours.high) == pytest.approx(tuple(found.confidence_interval), abs=0.012)


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
