"""Times a step of training with the encoder's normalisation joined to its filters, and apart.

`python -m benchmarks.training_step` takes both in turn in one process, so that other work weighs on
both alike, and prints medians, their ratio and photographs a second.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from unittest.mock import patch

import torch
from torch import Tensor, nn

import training.network.encoder
from training.network.mottling_network import MottlingNetwork

__all__ = ["main"]

_SIZE_PX, _BATCH = 256, 12
_ROUNDS = 7


def main() -> None:
    """Print both times and their ratio."""
    torch.manual_seed(0)
    network = _network()
    photos = torch.randn(_BATCH, 3, _SIZE_PX, _SIZE_PX).to(memory_format=torch.channels_last)
    joined: list[float] = []
    apart: list[float] = []
    _seconds(network, photos)  # the first step makes its buffers
    for _ in range(_ROUNDS):
        joined.append(_seconds(network, photos))
        with patch.object(training.network.encoder, "_filter", _filter_apart):
            apart.append(_seconds(network, photos))
    ours, theirs = statistics.median(joined), statistics.median(apart)
    print(f"joined {ours:.3f} s, apart {theirs:.3f} s, ratio {ours / theirs:.2f}")
    print(f"{_BATCH / ours:.1f} photographs of {_SIZE_PX} px a second, drawing and optimiser left out")


def _network() -> MottlingNetwork:
    network = MottlingNetwork()
    network.encoder.load_imagenet()
    network.encoder.freeze(3)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stub
    network.train()
    for module in network.encoder.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.eval()
    return network


def _filter_apart(conv: Callable[[Tensor], Tensor], norm: nn.BatchNorm2d, x: Tensor) -> Tensor:
    normed: Tensor = norm(conv(x))
    return normed


def _seconds(network: MottlingNetwork, photos: Tensor) -> float:
    began = time.perf_counter()
    said = network(photos)
    total = said.zones.square().mean() + said.mottling.square().mean() + said.ordinal.square().mean()
    network.zero_grad(set_to_none=True)
    total.backward()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
