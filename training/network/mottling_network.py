"""The network: zones, mottling and an ordinal score that is read off those two maps.

The score is pooled from the maps and has no road of its own to the picture: a photograph that comes with a
score and no mask teaches the maps, and what the network says can always be shown.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mottling.scale import MAX_SCORE, Zone
from training.network.encoder import CHANNELS, Features, Lite0
from training.network.surroundings import Surroundings

__all__ = ["MottlingNetwork", "Prediction"]

# A feature pyramid of this width (Lin 2017, arXiv 1612.03144), thinned to depthwise-separable filters.
_WIDTH = 64

# Sharpness of the pooling: 60 sure pixels among 4,000 clean ones pool to about 0.97.
_POOL_SHARPNESS = 12.0

_EPS = 1e-4


class Prediction(NamedTuple):
    """What the network says; logits unless said otherwise.

    zones (N, 6, H/4, W/4), mottling (N, 1, H/4, W/4), ordinal (N, 5) for score >= 1..5, readable (N, 1),
    embedding (N, 64): no logit, but the encoder's finest features over the skin of the legs, on average.
    """

    zones: Tensor
    mottling: Tensor
    ordinal: Tensor
    readable: Tensor
    embedding: Tensor


class _SeparableConv(nn.Sequential):
    """A 5x5 filter for each channel, then a mix of the channels."""

    def __init__(self, channels: int) -> None:
        super().__init__(
            nn.Conv2d(channels, channels, 5, padding=2, groups=channels, bias=False),
            nn.Conv2d(channels, channels, 1, bias=False),
            nn.BatchNorm2d(channels),
            nn.ReLU(inplace=True),
        )


class MottlingNetwork(nn.Module):
    """Lite0, a light pyramid, and heads for zones, mottling, score and readability.

    Shape: (N, 3, H, W), H and W multiples of 32, normalised as `mottling.imaging.preprocess` does.
    """

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Lite0()
        self.lateral = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels, _WIDTH, 1, bias=False), nn.BatchNorm2d(_WIDTH))
            for channels in CHANNELS
        )
        self.context = nn.Linear(_WIDTH, _WIDTH)
        self.surroundings = Surroundings(CHANNELS[-1], gives=_WIDTH)
        self.merge = nn.ModuleList(_SeparableConv(_WIDTH) for _ in CHANNELS)
        self.zone_trunk = _SeparableConv(_WIDTH)
        self.zone_head = nn.Conv2d(_WIDTH, len(Zone), 1)
        self.mottling_trunk = _SeparableConv(_WIDTH)
        self.mottling_head = nn.Conv2d(_WIDTH, 1, 1)
        self.readable_head = nn.Linear(2 * _WIDTH, 1)
        self.ordinal_slope = nn.Parameter(torch.zeros(MAX_SCORE))
        self.ordinal_bias = nn.Parameter(torch.zeros(MAX_SCORE))
        assert self.mottling_head.bias is not None
        nn.init.constant_(self.mottling_head.bias, -2.0)  # most skin is not mottled

    def forward(self, photo: Tensor) -> Prediction:
        """Look at a batch of photographs."""
        features = self.encoder(photo)
        levels = [
            lateral(feature) for lateral, feature in zip(self.lateral, features, strict=True)
        ]  # (N, 64, H/4..32, W/4..32)
        coarse = levels[3]
        whole = coarse.mean(dim=(2, 3))  # (N, 64)
        around = self.surroundings(features[3])  # (N, 64, H/32, W/32)
        x = self.merge[3](coarse + self.context(whole)[:, :, None, None] + around)
        for level in (2, 1, 0):
            x = functional.interpolate(x, scale_factor=2.0, mode="nearest")
            x = self.merge[level](x + levels[level])  # (N, 64, H/2^(level+2), W/2^(level+2))
        zones = self.zone_head(self.zone_trunk(x))  # (N, 6, H/4, W/4)
        mottling = self.mottling_head(self.mottling_trunk(x))  # (N, 1, H/4, W/4)
        both = torch.cat([whole, x.mean(dim=(2, 3))], dim=1)  # (N, 128)
        return Prediction(
            zones,
            mottling,
            self._ordinal(zones, mottling),
            self.readable_head(both),
            _embedding(features, zones),
        )

    def _ordinal(self, zones: Tensor, mottling: Tensor) -> Tensor:
        """Pool the two maps to logits of score >= 1..5."""
        share = zones.float().softmax(dim=1)[:, 1:].flip(1).cumsum(1).flip(1)  # (N, 5, h, w): zone >= k
        present = (share * mottling.float().sigmoid()).flatten(2)  # (N, 5, h*w)
        weight = (present * _POOL_SHARPNESS).softmax(dim=2)
        pooled = (present * weight).sum(dim=2).clamp(_EPS, 1 - _EPS)  # (N, 5)
        return self.ordinal_slope.exp() * pooled.logit() + self.ordinal_bias


def _embedding(features: Features, zones: Tensor) -> Tensor:
    """Average what the encoder sees first, colour and texture, over what the network takes for legs.

    For drift alone: nothing is learnt from it, and it needs no weights of its own.
    """
    leg = 1 - zones.detach().float().softmax(dim=1)[:, :1]  # (N, 1, H/4, W/4)
    half = functional.avg_pool2d(leg, 2)  # (N, 1, H/8, W/8)
    seen = ((features.at_4, leg), (features.at_8, half))
    return torch.cat([_average(feature.detach(), weight) for feature, weight in seen], dim=1)  # (N, 64)


def _average(feature: Tensor, weight: Tensor) -> Tensor:
    """Weigh cells; where there is no leg at all, a cell's worth of nothing keeps it finite."""
    total = (feature.float() * weight).sum(dim=(2, 3))  # (N, C)
    return total / weight.sum(dim=(2, 3)).clamp(min=1)
