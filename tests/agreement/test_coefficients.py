"""Each coefficient against values of independent programs, and where it is not estimable.

The oracles ran apart from this project: statsmodels 0.15 (`cohens_kappa`), irrCAC 0.4.4 (`CAC.gwet`),
krippendorff 0.9 and pingouin 0.6 (`intraclass_corr`, ICC(A,1)).
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import cohen_kappa_score

from mottling.agreement.coefficients import (
    COEFFICIENTS,
    ac2,
    alpha_ordinal,
    exact,
    icc_agreement,
    kappa,
    kappa_linear,
    kappa_quadratic,
    mean_absolute_difference,
    mean_difference,
    within_one,
)

# 133 photographs, made up.
MADE_UP = np.array(
    [
        [41, 6, 1, 0, 0, 0],
        [5, 30, 7, 1, 0, 0],
        [0, 6, 14, 3, 0, 0],
        [0, 1, 2, 5, 1, 0],
        [0, 0, 0, 1, 3, 1],
        [0, 0, 0, 0, 1, 4],
    ],
    dtype=float,
)

# Two abstractors, 100 women (Gwet 2014, Handbook of Inter-Rater Reliability; `cont3x3abstractors` of irrCAC).
# The vignettes of R's irrCAC print kappa 0.7964094, and 0.8921569 with quadratic weights.
ABSTRACTORS = np.array([[13, 0, 0], [0, 20, 7], [0, 4, 56]], dtype=float)

ORACLES = [
    (MADE_UP, kappa, 0.629984544),
    (MADE_UP, kappa_linear, 0.7838299646),
    (MADE_UP, kappa_quadratic, 0.9006853293),
    (MADE_UP, ac2, 0.958621261827),
    (MADE_UP, alpha_ordinal, 0.863442987341),
    (MADE_UP, icc_agreement, 0.901358397821),
    (ABSTRACTORS, kappa, 0.7964094022),
    (ABSTRACTORS, kappa_linear, 0.842902028),
    (ABSTRACTORS, kappa_quadratic, 0.8921568627),
    (ABSTRACTORS, ac2, 0.940236879278),
    (ABSTRACTORS, alpha_ordinal, 0.834007670182),
    (ABSTRACTORS, icc_agreement, 0.893120031406),
]

# Four observers, twelve units, some not seen (Krippendorff 2011, "Computing Krippendorff's
# Alpha-Reliability", section C); 0.815 for ordinal data.
NOBODY = -1
FOUR_OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, NOBODY, NOBODY, NOBODY],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, NOBODY, 3],
    [NOBODY, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, NOBODY],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, NOBODY],
]


@pytest.mark.parametrize(("table", "coefficient", "value"), ORACLES)
def test_a_coefficient_is_what_an_independent_program_gives(table, coefficient, value):
    assert float(coefficient(table)) == pytest.approx(value, abs=1e-9)


def test_alpha_is_what_krippendorff_printed():
    coincidences = np.zeros((6, 6))
    for unit in zip(*FOUR_OBSERVERS, strict=True):
        seen = [score for score in unit if score != NOBODY]
        for one in range(len(seen)):
            for other in range(len(seen)):
                if one != other:
                    coincidences[seen[one], seen[other]] += 1 / (len(seen) - 1)
    assert float(alpha_ordinal(coincidences / 2)) == pytest.approx(0.815387503755, abs=1e-9)


def pairs_of(table):
    rows, columns = np.nonzero(table)
    return np.repeat(np.stack([rows, columns], axis=1), table[rows, columns].astype(int), axis=0)


@settings(max_examples=25)
@given(arrays(np.int64, (6, 6), elements=st.integers(0, 9)))
def test_kappas_are_those_of_scikit_learn(table):
    rows, columns = pairs_of(table).T
    if len(set(rows)) < 2 and len(set(columns)) < 2:
        return
    for coefficient, weights in ((kappa, None), (kappa_linear, "linear"), (kappa_quadratic, "quadratic")):
        expected = cohen_kappa_score(rows, columns, labels=range(6), weights=weights)
        assert float(coefficient(table.astype(float))) == pytest.approx(expected, abs=1e-9)


def test_plain_figures_are_counted_by_hand():
    table = np.zeros((6, 6))
    table[0, 0], table[2, 1], table[1, 4] = 5, 3, 2
    assert float(exact(table)) == pytest.approx(0.5)
    assert float(within_one(table)) == pytest.approx(0.8)
    assert float(mean_difference(table)) == pytest.approx(-0.3)
    assert float(mean_absolute_difference(table)) == pytest.approx(0.9)


def test_kappa_is_not_estimable_when_everybody_has_one_score():
    table = np.zeros((6, 6))
    table[0, 0] = 50
    for coefficient in (kappa, kappa_linear, kappa_quadratic, alpha_ordinal, icc_agreement):
        assert np.isnan(coefficient(table))
    assert float(exact(table)) == 1.0
    assert float(ac2(table)) == 1.0


def test_one_that_differs_among_fifty_zeros_takes_kappa_to_zero_and_leaves_ac2():
    table = np.zeros((6, 6))
    table[0, 0], table[0, 1] = 49, 1
    assert float(kappa_quadratic(table)) == pytest.approx(0.0, abs=1e-12)
    assert float(ac2(table)) == pytest.approx(0.999, abs=5e-4)
    assert float(exact(table)) == pytest.approx(0.98)


def test_nothing_is_estimable_from_nothing():
    assert {
        name for name, value_of in COEFFICIENTS.items() if not np.isnan(value_of(np.zeros((6, 6))))
    } == set()


def test_many_tables_at_once_give_what_each_gives_alone():
    tables = np.stack([MADE_UP, MADE_UP.T, np.diag([50.0, 0, 0, 0, 0, 0])])
    for value_of in COEFFICIENTS.values():
        np.testing.assert_allclose(value_of(tables), [value_of(table) for table in tables])


@settings(max_examples=25)
@given(arrays(np.int64, (6, 6), elements=st.integers(0, 9)))
def test_who_is_the_row_changes_nothing_but_the_sign_of_the_difference(table):
    table = table.astype(float)
    for name, value_of in COEFFICIENTS.items():
        sign = -1 if name == "difference" else 1
        np.testing.assert_allclose(value_of(table.T), sign * value_of(table), atol=1e-9)
