"""Torchvision can be imported beside the build of torch that this machine holds."""

from __future__ import annotations

import pytest
import torch

from benchmarks import operators
from benchmarks.operators import load_torchvision
from mottling.errors import TrainingRefused


def test_a_feature_pyramid_of_torchvision_runs():
    pyramid = load_torchvision().ops.FeaturePyramidNetwork([8, 16], 4)
    maps = pyramid({"fine": torch.zeros(1, 8, 8, 8), "coarse": torch.zeros(1, 16, 4, 4)})
    assert maps["fine"].shape == (1, 4, 8, 8)


def test_operators_that_exist_are_not_declared_again():
    load_torchvision()
    # Declaring a second time would raise.
    operators._declare_missing.__wrapped__()
    assert hasattr(torch.ops.torchvision, "nms")


def test_without_torchvision_the_remedy_names_the_extra(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(operators, "find_spec", lambda _: None)
    with pytest.raises(TrainingRefused, match=r"pip install '\.\[test\]'"):
        operators._load_extension()
