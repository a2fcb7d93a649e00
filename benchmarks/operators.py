"""Torchvision beside a build of torch that lacks its compiled operators.

PyPI's Linux wheel of torchvision is built for CUDA. Beside a CPU build of torch its extension cannot be
loaded, and `import torchvision` fails with "operator torchvision::nms does not exist", because it attaches
shape rules to two operators that nobody declared. Once their schemas are declared, everything that is
written in Python works: networks, feature pyramids, losses, transforms. `ops.nms` and `io.decode_jpeg`
do not.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

import torch

from mottling.errors import TrainingRefused

__all__ = ["load_torchvision"]

# The operators to which torchvision 0.28 attaches a shape rule without looking whether they exist.
_SCHEMAS = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
}


def load_torchvision() -> ModuleType:
    """Import torchvision, with the schemas of its operators declared where its extension cannot be loaded.

    Raises:
        TrainingRefused: torchvision is not installed.
    """
    _declare_missing()
    return importlib.import_module("torchvision")


@cache
def _declare_missing() -> torch.library.Library:
    """Declare what is missing. The declarations hold as long as the library that is returned."""
    _load_extension()
    library = torch.library.Library("torchvision", "FRAGMENT")  # type: ignore[no-untyped-call]  # torch
    for name, schema in _SCHEMAS.items():
        if not hasattr(torch.ops.torchvision, name):
            library.define(name + schema)  # type: ignore[no-untyped-call]  # torch
    return library


def _load_extension() -> None:
    spec = find_spec("torchvision")
    if spec is None or spec.origin is None:
        raise TrainingRefused(
            "torchvision is not installed",
            remedy="Install what the tests and benchmarks need: pip install '.[test]'",
        )
    for extension in Path(spec.origin).parent.glob("_C.*"):
        # A CPU build of torch has no CUDA libraries to link with: that is the case this file is for.
        with suppress(OSError):
            torch.ops.load_library(extension)  # type: ignore[no-untyped-call]  # torch
