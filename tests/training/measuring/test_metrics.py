"""Figures with known values, and intervals over patients."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from training.measuring.metrics import Scores, agreement, auc, kappa, share_above_zero, with_interval


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def _scores(truth: list[int], ours: list[int], cluster: list[int] | None = None) -> Scores:
    return Scores(np.array(truth), np.array(ours), np.array(cluster or list(range(len(truth)))))


def test_equal_scores_agree_fully():
    found = agreement(_scores([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]), rng=_rng())
    assert found["quadratic_kappa"].value == found["linear_kappa"].value == found["exact"].value == 1.0
    assert found["mean_absolute_error"].value == 0.0


def test_kappa_has_the_value_of_the_textbook():
    # Two raters, 0 and 1 only: 20 yes-yes, 15 no-no, 5 and 10 apart; kappa 0.4.
    truth = [1] * 20 + [1] * 5 + [0] * 10 + [0] * 15
    ours = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    assert agreement(_scores(truth, ours), rng=_rng())["quadratic_kappa"].value == pytest.approx(0.4)


def test_recall_is_of_each_true_score():
    found = agreement(_scores([0, 0, 3, 3], [0, 1, 3, 3]), rng=_rng())
    assert found["recall_0"].value == 0.5
    assert found["recall_3"].value == 1.0
    assert found["recall_5"].value is None
    assert found["recall_5"].count == 0


def test_kappa_of_a_single_score_cannot_be_estimated():
    assert agreement(_scores([2, 2], [2, 2]), rng=_rng())["quadratic_kappa"].value is None


def test_photographs_of_one_patient_do_not_narrow_the_interval():
    truth, ours = [0, 1, 2, 3] * 10, [0, 1, 2, 2] * 10
    apart = with_interval(_scores(truth, ours), lambda s: float((s.truth == s.ours).mean()), rng=_rng())
    of_four = [0, 1, 2, 3] * 10
    together = with_interval(
        _scores(truth, ours, of_four), lambda s: float((s.truth == s.ours).mean()), rng=_rng()
    )
    assert apart.low is not None
    assert together.low is not None
    assert together.low < apart.low < 0.75


def test_the_share_above_zero_counts_false_alarms():
    assert share_above_zero(_scores([0, 0, 0, 0], [0, 2, 0, 0]), rng=_rng()).value == 0.25


def test_the_area_under_the_curve_needs_both_kinds():
    assert auc([0.9, 0.8], [0.1, 0.85]) == 0.75
    assert auc([0.5], [0.5, 0.5]) == 0.5
    assert auc([], [0.1]) is None


@pytest.mark.parametrize(("power", "weights"), [(1, "linear"), (2, "quadratic")])
def test_kappa_is_that_of_scikit_learn(power: int, weights: str):
    truth, ours = np.random.default_rng(2).integers(0, 6, (2, 200))
    theirs = cohen_kappa_score(truth, ours, weights=weights, labels=list(range(6)))
    assert kappa(truth, ours, power=power) == pytest.approx(theirs)
