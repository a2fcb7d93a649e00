"""Ruins a photograph of a set so that nobody could read it, each always the same way."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from mottling.imaging.photo import read_bytes, read_photo, sha256_of
from training.measuring.truths import TruePhoto
from training.synthetic.ruin import Ruin, ruin

__all__ = ["RUINED_EVERY", "ruined_jpeg"]

RUINED_EVERY = 5
"""One photograph in so many is looked at a second time, ruined."""

_JPEG_QUALITY = 90


def ruined_jpeg(truth: TruePhoto) -> bytes:
    """Blur, shake, darken, blow out or cover a photograph; its own bytes decide how."""
    data = read_bytes(truth.photo)
    rng = np.random.default_rng(int(sha256_of(data)[:12], 16))
    kinds = list(Ruin)
    picture = ruin(read_photo(data).pixels, kinds[int(rng.integers(len(kinds)))], rng=rng)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()
