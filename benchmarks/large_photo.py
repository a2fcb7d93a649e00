"""A photograph of 12 megapixels, as a tablet takes it, made of one of the demo's: legs, grain, JPEG at 92."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

__all__ = ["write_large_photo"]

_SHAPE = (3024, 4032)
_GRAIN = 12


def write_large_photo(path: Path) -> None:
    """Enlarge a demo photograph and add grain, so that decoding takes as long as a camera's picture."""
    small = Image.open(Path("mottling/demo/photos/03.jpg")).convert("RGB")
    upright = small.height > small.width
    size = (_SHAPE[0], _SHAPE[1]) if upright else (_SHAPE[1], _SHAPE[0])
    large = np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.int16)
    noise = np.random.default_rng(8).integers(-_GRAIN, _GRAIN + 1, (*large.shape[:2], 1), dtype=np.int16)
    Image.fromarray((large + noise).clip(0, 255).astype(np.uint8)).save(path, quality=92)
