"""The network that most would take instead: a U-Net (Ronneberger 2015) on a ResNet-34 (He 2015), untrained.

Five decoder levels of 256 to 16 channels, as the usual libraries build it. Only its time counts.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.operators import load_torchvision

__all__ = ["UnetResNet34"]

_DECODER = (256, 128, 64, 32, 16)
_SKIPS = (256, 128, 64, 64, 0)


class _Block(nn.Module):
    def __init__(self, below: int, beside: int, gives: int) -> None:
        super().__init__()
        self.first, self.second = _filtered(below + beside, gives), _filtered(gives, gives)

    def forward(self, below: Tensor, beside: Tensor | None) -> Tensor:
        x = functional.interpolate(below, scale_factor=2.0, mode="nearest")
        x = x if beside is None else torch.cat([x, beside], dim=1)
        out: Tensor = self.second(self.first(x))
        return out


def _filtered(takes: int, gives: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(takes, gives, 3, padding=1, bias=False), nn.BatchNorm2d(gives), nn.ReLU(inplace=True)
    )


class UnetResNet34(nn.Module):
    """Shape: (N, 3, H, W) to (N, 7, H, W): six zones and mottling."""

    def __init__(self) -> None:
        super().__init__()
        body = load_torchvision().models.resnet34(weights=None)
        self.stem = nn.Sequential(body.conv1, body.bn1, body.relu)
        self.pool = body.maxpool
        self.stages = nn.ModuleList([body.layer1, body.layer2, body.layer3, body.layer4])
        widths = (512, *_DECODER)
        self.blocks = nn.ModuleList(
            _Block(below, beside, gives)
            for below, beside, gives in zip(widths[:-1], _SKIPS, _DECODER, strict=True)
        )
        self.head = nn.Conv2d(_DECODER[-1], 7, 3, padding=1)

    def forward(self, photo: Tensor) -> Tensor:
        """Segment a batch of photographs."""
        seen = [self.stem(photo)]
        x = self.pool(seen[0])
        for stage in self.stages:
            x = stage(x)
            seen.append(x)
        for block, beside in zip(self.blocks, [*seen[-2::-1], None], strict=True):
            x = block(x, beside)
        out: Tensor = self.head(x)
        return out
