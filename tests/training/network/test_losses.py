"""What the losses ask for, and what they leave alone."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pytest
import torch
from torch import Tensor

from mottling.scale import Zone
from training.network.losses import IGNORE, Losses, LossWeights, Target, losses
from training.network.mottling_network import Prediction

_SIDE = 8


class _Case(NamedTuple):
    prediction: Prediction
    target: Target


def _case(pictures: int = 1) -> _Case:
    """A knee with a mottled upper half, and a network that knows nothing yet."""
    zones = torch.full((pictures, _SIDE, _SIDE), int(Zone.KNEE))
    mottling = torch.zeros((pictures, _SIDE, _SIDE), dtype=torch.int64)
    mottling[:, : _SIDE // 2] = 1
    target = Target(
        zones=zones,
        mottling=mottling,
        at_least=torch.full((pictures,), 2),
        at_most=torch.full((pictures,), 2),
        has_score=torch.ones(pictures, dtype=torch.bool),
        readable=torch.ones(pictures),
        twin=torch.full((pictures,), -1),
    )
    prediction = Prediction(
        torch.zeros(pictures, 6, _SIDE, _SIDE),
        torch.zeros(pictures, 1, _SIDE, _SIDE),
        torch.zeros(pictures, 5),
        torch.zeros(pictures, 1),
        torch.zeros(pictures, 64),
    )
    return _Case(prediction, target)


def _loss(case: _Case) -> Losses:
    return losses(case.prediction, case.target, weights=LossWeights())


def _perfect(target: Target) -> Prediction:
    zones = 20.0 * torch.nn.functional.one_hot(target.zones, 6).permute(0, 3, 1, 2)
    steps = torch.arange(1, 6)
    return Prediction(
        zones,
        40.0 * (target.mottling[:, None] - 0.5),
        torch.where(steps <= target.at_least[:, None], 20.0, -20.0),
        torch.full((len(target.zones), 1), 20.0),
        torch.zeros(len(target.zones), 64),
    )


def test_a_perfect_answer_costs_nearly_nothing():
    target = _case().target
    assert float(losses(_perfect(target), target, weights=LossWeights()).total) < 1e-3


def test_the_weight_of_each_part_is_taken():
    case = _case()
    off = LossWeights(0, 0, 0, 0, 0, 0, 0)
    assert float(losses(case.prediction, case.target, weights=off).total) == 0
    ordinal = losses(case.prediction, case.target, weights=replace(off, ordinal=2.0))
    assert float(ordinal.total) == pytest.approx(2 * float(ordinal.ordinal))


@pytest.mark.parametrize("labels", ["zones", "mottling"])
def test_pixels_that_nobody_can_label_teach_nothing(labels: str):
    case = _case()
    known = getattr(case.target, labels).clone()
    known[:, 0] = IGNORE
    logits = getattr(case.prediction, labels).clone().requires_grad_()
    target = case.target._replace(**{labels: known})
    losses(case.prediction._replace(**{labels: logits}), target, weights=LossWeights()).total.backward()
    assert logits.grad is not None
    assert float(logits.grad[:, :, 0].abs().sum()) == 0
    assert float(logits.grad[:, :, 1].abs().sum()) > 0


def _gradient_of_ordinal(target: Target) -> list[bool]:
    """Which of the five steps are asked."""
    prediction = _case().prediction
    ordinal = prediction.ordinal.clone().requires_grad_()
    losses(prediction._replace(ordinal=ordinal), target, weights=LossWeights()).total.backward()
    assert ordinal.grad is not None
    return [bool(g != 0) for g in ordinal.grad[0]]


def test_an_open_score_asks_only_for_its_lower_bound():
    target = _case().target._replace(at_least=torch.tensor([2]), at_most=torch.tensor([5]))
    assert _gradient_of_ordinal(target) == [True, True, False, False, False]


def test_bounds_on_both_sides_leave_the_steps_between_alone():
    target = _case().target._replace(at_least=torch.tensor([1]), at_most=torch.tensor([3]))
    assert _gradient_of_ordinal(target) == [True, False, False, True, True]


def test_a_photograph_whose_readability_nobody_told_teaches_none():
    case = _case()
    unknown = case.target._replace(readable=torch.tensor([float("nan")]))
    assert float(losses(case.prediction, unknown, weights=LossWeights()).readable) == 0


def _twin_loss(gap: float) -> Tensor:
    """Of a painted picture that stands `gap` logits above its clean twin."""
    case = _case(2)
    mottling = torch.zeros(2, 1, _SIDE, _SIDE)
    mottling[0] = gap
    target = case.target._replace(twin=torch.tensor([1, -1]))
    return losses(case.prediction._replace(mottling=mottling), target, weights=LossWeights()).twin


def test_a_painted_leg_should_stand_above_its_clean_twin():
    assert float(_twin_loss(10.0)) < 0.01 < float(_twin_loss(0.0)) < float(_twin_loss(-3.0))


def test_without_twins_there_is_no_twin_loss():
    assert float(_loss(_case(2)).twin) == 0


def _evidence(mottling: Tensor, truth: Tensor) -> Tensor:
    case = _case(len(truth))
    prediction = case.prediction._replace(mottling=mottling[:, None].float())
    weights = LossWeights(0, 0, 0, 0, 0, 0, 0, evidence=1.0)
    return losses(prediction, case.target._replace(mottling=truth), weights=weights).total


def test_a_gleam_of_three_cells_on_a_clean_zone_costs_as_much_as_if_all_of_it_were_called():
    clean = torch.zeros(1, _SIDE, _SIDE, dtype=torch.int64)
    gleam = torch.full((1, _SIDE, _SIDE), -9.0)
    assert float(_evidence(gleam, clean)) < 1e-3
    gleam[0, 0, :3] = 9.0
    assert float(_evidence(gleam, clean)) == pytest.approx(float(_evidence(gleam.abs(), clean)))


def test_of_a_mottled_zone_the_highest_cells_are_enough():
    truth = _case().target.mottling
    said = torch.full((1, _SIDE, _SIDE), -9.0)
    assert float(_evidence(said, truth)) > 4
    said[0, 0, :3] = 9.0
    assert float(_evidence(said, truth)) < 1e-3


def test_a_zone_with_a_sliver_of_mottling_is_not_asked():
    sliver = torch.zeros(1, _SIDE, _SIDE, dtype=torch.int64)
    sliver[0, 0, 0] = 1
    assert float(_evidence(torch.full((1, _SIDE, _SIDE), 3.0), sliver)) == 0


def test_one_mottled_zone_weighs_as_much_as_many_clean_ones():
    truth = torch.zeros(4, _SIDE, _SIDE, dtype=torch.int64)
    truth[0, : _SIDE // 2] = 1
    said = torch.zeros(4, _SIDE, _SIDE, requires_grad=True)
    _evidence(said, truth).backward()
    assert said.grad is not None
    by_picture = said.grad.sum(dim=(1, 2))
    assert float(by_picture[0]) == pytest.approx(-float(by_picture[1:].sum()))
