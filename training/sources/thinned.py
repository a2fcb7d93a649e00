"""Takes a part of a rendered net away again, or makes it fainter, each time it is drawn.

A rendered net costs a second and comes back a dozen times: a network then knows the photograph and no longer
looks (mottling Dice 0.88 on its own photographs, 0.63 on others). Between a photograph and its clean twin lie
all photographs of the same leg with less mottling on it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Mask
from training.painting.extents import Legs, in_patches, legs_of, possible_scores, up_to
from training.samples import UNKNOWN, LabelMap, Sample
from training.sources.stream import Source
from training.synthetic.labels import visibility

__all__ = ["ThinnedSource", "thin"]

Field = NDArray[np.float32]

_THINNED_SHARE = 0.6

# How strong what stays is, as a part of what was rendered; and how often it stays as it was.
_STRENGTH = (0.55, 1.2)
_AS_STRONG_SHARE = 0.4

# Below this part of its strength a net is gone, up to the other one nobody can say.
_GONE, _THERE = 0.06, 0.45

# A net is seen where its darkest lines are: they stand this much above what can just be seen, and are looked
# for this far around each pixel of the outline.
_LINES_SEEN = 1.3
_AROUND_PX = 9


class ThinnedSource:
    """Draws rendered photographs, most of the mottled ones with less of their mottling."""

    def __init__(self, source: Source) -> None:
        """Wrap a source whose mottled photographs bring their clean twins."""
        self._source = source

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one photograph; its twin is the same clean one."""
        sample = self._source.draw(rng)
        return thin(sample, rng) if rng.random() < _THINNED_SHARE else sample


def thin(sample: Sample, rng: np.random.Generator) -> Sample:
    """Keep a part of the mottling; unchanged without a twin, or where the legs are too small to tell."""
    legs = legs_of(sample.zones)
    if sample.twin is None or legs is None:
        return sample
    kept = _kept(legs, rng)
    if rng.random() >= _AS_STRONG_SHARE:
        kept = kept * np.float32(rng.uniform(*_STRENGTH))
    twin = sample.twin.astype(np.float32)
    blended = twin + kept[..., None] * (sample.photo.astype(np.float32) - twin)
    photo = np.rint(blended).clip(0, 255).astype(np.uint8)
    seen = _seen_around(visibility(photo, sample.twin), legs.skin)
    return Sample(photo, sample.zones, _labels(sample.mottling, kept, seen), twin=sample.twin)


def _kept(legs: Legs, rng: np.random.Generator) -> Field:
    """How much of the net stays (H, W): all, only below some zone, or only in patches."""
    scores = possible_scores(legs)
    how = int(rng.integers(3))
    if how == 0 or not scores:
        return np.ones(legs.skin.shape, np.float32)
    if how == 1:
        return in_patches(legs, rng)
    return up_to(legs, scores[int(rng.integers(len(scores)))], rng)


def _seen_around(visible: Field, skin: Mask) -> Mask:
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_AROUND_PX, _AROUND_PX))
    lines = cv2.dilate(visible * skin, disc)
    seen: Mask = cv2.GaussianBlur(lines, (0, 0), _AROUND_PX / 3) >= _LINES_SEEN
    return seen


def _labels(mottling: LabelMap, kept: Field, seen: Mask) -> LabelMap:
    outlined = mottling == 1
    there = outlined & (kept >= _THERE) & seen
    gone = kept <= _GONE
    labels = np.where(there, 1, np.where(outlined & ~gone, UNKNOWN, 0))
    unknown_before = (mottling == UNKNOWN) & ~gone
    return np.where(unknown_before, UNKNOWN, labels).astype(np.uint8)
