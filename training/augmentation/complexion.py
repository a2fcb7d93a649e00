"""Darkens the skin of a leg as melanin does: openly licensed photographs show few dark legs.

Melanin lies over the vessels, so it takes its share of the light from clean and from mottled skin alike; what
glistens on the skin stays as bright as it was.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask, Rgb8
from mottling.scale import Zone
from training.samples import UNKNOWN, Sample

__all__ = ["darken"]

Field = NDArray[np.float32]

# Logarithm of the light that melanin takes of red, green and blue, green being 1: between Monk tones 1 and 10
# the spectral skin of training/synthetic/skin.py loses 1.50, 2.04 and 2.59.
_ABSORBS = (0.7, 1.0, 1.35)
_ABSORBS_SPREAD = 0.06

# Of the green light: from Monk tone 1 to about 4, or to 9.
_LEAST, _MOST = 0.4, 1.7

# Skin darker than this already (mean of its green channel) stays as it is.
_DARK_ALREADY = 80

# From this brightness on, a pixel is a reflection rather than skin.
_GLISTENS_FROM, _GLISTENS_TO = 0.8, 1.0
_EDGE_PX = 1.0

# Where nobody knows whether there is skin, the dark fades over this many half widths of the leg: an edge
# would show where the zones of a photograph end.
_FADES_OVER = 0.6
_GAMMA = 2.2


def darken(sample: Sample, rng: np.random.Generator) -> Sample:
    """Give a leg a darker complexion, the same on the photograph and its twin.

    Returns the sample unchanged where no skin is known, or it is dark already.
    """
    skin = (sample.zones != Zone.NOT_SKIN) & (sample.zones != UNKNOWN)
    if not skin.any() or float(sample.photo[..., 1][skin].mean()) < _DARK_ALREADY:
        return sample
    absorbs = np.array(_ABSORBS) + rng.normal(0, _ABSORBS_SPREAD, 3)
    taken = (rng.uniform(_LEAST, _MOST) * absorbs / _GAMMA).astype(np.float32)
    share = _share_of_skin(skin, sample.zones == UNKNOWN)
    twin = None if sample.twin is None else _absorb(sample.twin, share, taken)
    return replace(sample, photo=_absorb(sample.photo, share, taken), twin=twin)


def _share_of_skin(skin: Mask, unknown: Mask) -> Field:
    """1 on skin, 0 where there is none, falling between where nobody knows (H, W)."""
    half_width_px = float(cv2.distanceTransform(skin.astype(np.uint8), cv2.DIST_L2, 3).max())
    away_px = cv2.distanceTransform((~skin).astype(np.uint8), cv2.DIST_L2, 3)
    fading = (1 - away_px / (_FADES_OVER * half_width_px)).clip(0, 1)
    share = np.where(unknown, fading, skin).astype(np.float32)
    return cv2.GaussianBlur(share, (0, 0), _EDGE_PX).astype(np.float32, copy=False)


def _absorb(photo: Rgb8, share: Field, taken: Field) -> Rgb8:
    """Take light of linear strength from encoded values, but not from reflections."""
    dullest = photo.min(axis=2).astype(np.float32) / 255
    glistens = ((dullest - _GLISTENS_FROM) / (_GLISTENS_TO - _GLISTENS_FROM)).clip(0, 1)
    factor = cv2.exp(-(share * (1 - glistens))[..., None] * taken)  # (H, W, 3)
    return cv2.multiply(photo, factor, dtype=cv2.CV_8U).astype(np.uint8, copy=False)
