"""Lets each part of a picture look at all the others, where the network sees coarsest.

Half of the thigh lies between the knee and the fold of the groin: to tell where, a place must know how far
away both are, and filters of five pixels carry that badly. Self-attention (Vaswani 2017, arXiv 1706.03762)
over the 13 x 13 places of a photograph of 416 pixels does; which place is which it learns from a filter over
its neighbours (conditional positions, Chu 2021, arXiv 2102.10882), so that any size of picture will do.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["Surroundings"]

_WIDTH = 128
_HEADS = 4
_BLOCKS = 2


class Surroundings(nn.Module):
    """What lies around each place; silent until it has learnt, so that an older network can go on."""

    def __init__(self, channels: int, *, gives: int) -> None:
        """Build it.

        Args:
            channels: Of the features that come in, (N, channels, h, w).
            gives: Channels of what is added to them, (N, gives, h, w).
        """
        super().__init__()
        self.narrow = nn.Conv2d(channels, _WIDTH, 1, bias=False)
        self.norm = nn.BatchNorm2d(_WIDTH)
        self.blocks = nn.ModuleList(_Block() for _ in range(_BLOCKS))
        self.widen = nn.Conv2d(_WIDTH, gives, 1)
        nn.init.zeros_(self.widen.weight)
        assert self.widen.bias is not None
        nn.init.zeros_(self.widen.bias)

    def forward(self, feature: Tensor) -> Tensor:
        """Look around in a batch of features."""
        x = self.norm(self.narrow(feature))  # (N, 128, h, w)
        for block in self.blocks:
            x = block(x)
        around: Tensor = self.widen(x)  # (N, gives, h, w)
        return around


class _Block(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.position = nn.Conv2d(_WIDTH, _WIDTH, 3, padding=1, groups=_WIDTH)
        self.before_looking = nn.LayerNorm(_WIDTH)
        self.ask = nn.Linear(_WIDTH, 3 * _WIDTH)
        self.answer = nn.Linear(_WIDTH, _WIDTH)
        self.before_thinking = nn.LayerNorm(_WIDTH)
        self.think = nn.Sequential(
            nn.Linear(_WIDTH, 2 * _WIDTH), nn.GELU(approximate="tanh"), nn.Linear(2 * _WIDTH, _WIDTH)
        )

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.position(x)
        height, width = x.shape[2:]
        places = x.flatten(2).transpose(1, 2)  # (N, h*w, 128)
        places = places + self.answer(self._look(self.before_looking(places)))
        places = places + self.think(self.before_thinking(places))
        seen: Tensor = places.transpose(1, 2).unflatten(2, (height, width))  # (N, 128, h, w)
        return seen

    def _look(self, places: Tensor) -> Tensor:
        asked = self.ask(places).unflatten(2, (3, _HEADS, _WIDTH // _HEADS))  # (N, h*w, 3, 4, 32)
        query, key, value = asked.permute(2, 0, 3, 1, 4).unbind(0)  # each (N, 4, h*w, 32)
        found = functional.scaled_dot_product_attention(query, key, value)  # (N, 4, h*w, 32)
        return torch.flatten(found.transpose(1, 2), 2)  # (N, h*w, 128)
