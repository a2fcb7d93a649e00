"""A quick look counts what the maps say."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

from tests.training.drawn_set import write_drawn_set
from training.network.mottling_network import Prediction
from training.running.quick_look import quick_look

_CPU = torch.device("cpu")


class _ByColour(nn.Module):
    """Reads drawn legs by their colours, as the tiny network does, or is blind."""

    def __init__(self, *, blind: bool) -> None:
        super().__init__()
        self._blind = blind

    def forward(self, photo: Tensor) -> Prediction:
        small = nn.functional.avg_pool2d(photo, 4)  # (N, 3, H/4, W/4)
        turn = torch.atan2(small[:, 1], small[:, 0])
        zone = (turn / (2 * torch.pi / 5)).round().long() % 5 + 1
        skin = small[:, :2].norm(dim=1) > 0.4
        skin &= small.sum(dim=1) > -2
        zones = 9.0 * nn.functional.one_hot(torch.where(skin, zone, 0), 6).permute(0, 3, 1, 2)
        mottling = torch.full_like(small[:, 2:], -1.0) if self._blind else small[:, 2:]
        seen = [((mottling[:, 0] > 0) & skin & (zone >= k)).flatten(1).sum(dim=1) > 40 for k in range(1, 6)]
        ordinal = torch.stack(seen, dim=1).float() - 0.5
        return Prediction(zones, mottling, ordinal, torch.ones(len(photo), 1), torch.zeros(len(photo), 64))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_drawn_set(tmp_path_factory.mktemp("drawn"), views=4, height=320)


def test_a_network_that_sees_all_has_full_marks(folder: Path):
    found = quick_look(_ByColour(blind=False), folder, device=_CPU)
    assert found["zone_iou"] > 0.9
    assert found["mottling_dice"] > 0.9
    assert found["kappa"] == found["exact"] == 1.0
    assert found["clean_above_0"] == found["mottled_at_0"] == 0.0


def test_a_network_that_is_blind_to_mottling_misses_all_of_it(folder: Path):
    found = quick_look(_ByColour(blind=True), folder, device=_CPU)
    assert found["zone_iou"] > 0.9
    assert found["mottling_dice"] == 0.0
    assert found["mottled_at_0"] == 1.0
    assert found["exact"] == 0.25
