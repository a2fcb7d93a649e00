"""What photographs suffer: turned, cut, far, dim, tinted, noisy; the labels follow.

Nothing here makes or removes mottling. A photograph and its clean twin suffer alike.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

import numpy as np

from mottling.arrays import Mask
from mottling.scale import Zone
from training.augmentation.complexion import darken
from training.augmentation.nuisances import add_nuisances
from training.samples import UNKNOWN, LabelMap, Sample
from training.synthetic.labels import visibility

# The package asks the network for its newest version when it is imported.
os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")

import albumentations as A  # noqa: N812 - after the variable above; the name its users know
import cv2

__all__ = ["Augmentation", "Strength"]

# A net encloses pale skin that differs from its twin by nothing; its lines are no farther than this.
_SEEN_WITHIN_PX = 11

# So many sizes between the smallest and the largest are drawn.
_SCALES = 33

# With less of the picture being leg, nobody is asked whether it can be judged.
_LEAST_LEG_SHARE = 0.01


@dataclass(frozen=True)
class Strength:
    """How far a photograph is changed."""

    any_turn_share: float = 0.35
    """Part of the pictures turned by any angle; the others lean by up to `lean_deg`."""
    lean_deg: float = 25.0
    far_share: float = 0.15
    """Part of the pictures where the legs are small."""
    far_scale: tuple[float, float] = (0.4, 0.85)
    near_scale: tuple[float, float] = (0.85, 1.6)
    strong_share: float = 0.7
    """Part of the pictures with strong changes of light, colour and camera; the others are left plain."""
    nuisance_share: float = 0.5
    """Part of the pictures with marks on the leg that are not mottling."""
    darkened_share: float = 0.0
    """Part of the pictures whose light skin is made dark."""
    ruined_share: float = 0.05
    """Part of the pictures made unreadable: nobody could judge them."""


def _turns(strength: Strength) -> A.BaseCompose:
    fill = {"border_mode": cv2.BORDER_CONSTANT, "fill": 0, "fill_mask": 0}
    any_turn = A.Affine(rotate=(-180, 180), fit_output=True, p=1.0, **fill)
    lean = A.Affine(rotate=(-strength.lean_deg, strength.lean_deg), shear=(-6, 6), p=1.0, **fill)
    share = strength.any_turn_share
    return A.Sequential(
        [
            A.HorizontalFlip(p=0.5),
            A.OneOf([A.Sequential([any_turn], p=share), A.Sequential([lean], p=1 - share)], p=0.9),
        ]
    )


def _strong() -> A.BaseCompose:
    """Light, colour and camera, each as strong as life and no stronger."""
    light = A.SomeOf(
        [
            A.RandomBrightnessContrast(brightness_limit=0.25, contrast_limit=0.25, p=1.0),
            A.RandomGamma(gamma_limit=(65, 150), p=1.0),
            A.PlasmaBrightnessContrast(brightness_range=(-0.25, 0.2), contrast_range=(-0.2, 0.2), p=1.0),
            A.Illumination(intensity_range=(0.05, 0.2), p=1.0),
            A.RandomToneCurve(scale=0.2, p=1.0),
        ],
        n=2,
        p=0.9,
    )
    colour = A.OneOf(
        [
            A.HueSaturationValue(hue_shift_limit=6, sat_shift_limit=35, val_shift_limit=0, p=1.0),
            A.RGBShift(r_shift_limit=22, g_shift_limit=14, b_shift_limit=22, p=1.0),
            A.PlanckianJitter(mode="cied", p=1.0),
            A.ToGray(p=0.1),
        ],
        p=0.85,
    )
    camera = A.SomeOf(
        [
            A.GaussianBlur(blur_limit=(3, 5), p=1.0),
            A.MotionBlur(blur_limit=(3, 5), p=1.0),
            A.Downscale(scale_range=(0.5, 0.9), p=1.0),
            A.GaussNoise(std_range=(0.01, 0.04), p=1.0),
            A.ISONoise(color_shift=(0.01, 0.03), intensity=(0.05, 0.2), p=1.0),
            A.ImageCompression(quality_range=(35, 90), p=1.0),
            _poor_copy(),
            A.Sharpen(alpha=(0.1, 0.4), p=1.0),
        ],
        n=2,
        p=0.8,
    )
    return A.Sequential([light, colour, camera])


def _poor_copy() -> A.BaseCompose:
    """Small, squeezed hard and enlarged again, as messages leave pictures: blocks, blotches of hue."""
    small = A.Downscale(scale_range=(0.45, 0.75), p=1.0)
    return A.Sequential([small, A.ImageCompression(quality_range=(15, 40), p=1.0)], p=1.0)


def _plain() -> A.BaseCompose:
    return A.Sequential(
        [
            A.RandomBrightnessContrast(brightness_limit=0.1, contrast_limit=0.1, p=0.5),
            A.RGBShift(r_shift_limit=8, g_shift_limit=5, b_shift_limit=8, p=0.4),
        ]
    )


def _ruin() -> A.BaseCompose:
    """So blurred, dark or blown that nobody could judge it."""
    return A.OneOf(
        [
            A.GaussianBlur(blur_limit=(19, 35), p=1.0),
            A.MotionBlur(blur_limit=(25, 45), p=1.0),
            A.RandomBrightnessContrast(brightness_limit=(-0.95, -0.82), contrast_limit=(-0.6, -0.3), p=1.0),
            A.RandomBrightnessContrast(brightness_limit=(0.75, 0.95), contrast_limit=(0.2, 0.6), p=1.0),
            A.Downscale(scale_range=(0.02, 0.045), p=1.0),
        ],
        p=1.0,
    )


class Augmentation:
    """Changes samples of any size to squares of one size."""

    def __init__(self, size_px: int, *, strength: Strength, seed: int) -> None:
        """Build the changes once; each call draws anew.

        Args:
            size_px: Side of the squares.
            strength: How far photographs are changed.
            seed: Of every draw that follows, until another one is given.
        """
        self._strength = strength
        self._rng = np.random.default_rng(seed)
        targets = {"twin": "image", "zones": "mask", "mottling": "mask"}
        near = _scaled(size_px, strength.near_scale, p=1 - strength.far_share)
        far = _scaled(size_px, strength.far_scale, p=strength.far_share)
        self._frame = A.Compose(
            [
                _turns(strength),
                A.OneOf([far, near], p=1.0),
                A.PadIfNeeded(size_px, size_px, border_mode=cv2.BORDER_CONSTANT, fill=0, fill_mask=0),
                A.RandomCrop(size_px, size_px),
            ],
            additional_targets=targets,
            seed=seed,
        )
        looks = {"strong": _strong(), "plain": _plain(), "ruin": _ruin()}
        self._looks = {
            name: A.Compose([look], additional_targets={"twin": "image"}, seed=seed + index)
            for index, (name, look) in enumerate(looks.items())
        }

    def begin(self, seed: int) -> None:
        """Draw from a seed from now on: what follows does not depend on what was drawn before."""
        self._rng = np.random.default_rng(seed)
        for number, change in enumerate((self._frame, *self._looks.values())):
            change.set_random_seed(seed + number)

    def __call__(self, sample: Sample) -> Sample:
        """Change one sample; what nobody can judge any more has no zones and no mottling."""
        if self._rng.random() < self._strength.darkened_share:
            sample = darken(sample, self._rng)
        if self._rng.random() < self._strength.nuisance_share:
            sample = add_nuisances(sample, self._rng)
        framed = self._framed(sample)
        if self._rng.random() < self._strength.ruined_share:
            return self._ruined(framed)
        strong = self._rng.random() < self._strength.strong_share
        return self._looked(framed, "strong" if strong else "plain")

    def _framed(self, sample: Sample) -> Sample:
        twin = sample.photo if sample.twin is None else sample.twin
        out = self._frame(image=sample.photo, twin=twin, zones=sample.zones, mottling=sample.mottling)
        return replace(
            sample,
            photo=out["image"],
            twin=None if sample.twin is None else out["twin"],
            zones=out["zones"],
            mottling=out["mottling"],
            readable=sample.readable and _leg_in_view(out["zones"], before=sample.zones),
        )

    def _looked(self, sample: Sample, look: str) -> Sample:
        if sample.twin is None:
            return replace(sample, photo=self._looks[look](image=sample.photo)["image"])
        out = self._looks[look](image=sample.photo, twin=sample.twin)
        return _hide_unseen(replace(sample, photo=out["image"], twin=out["twin"]))

    def _ruined(self, sample: Sample) -> Sample:
        unknown = np.full_like(sample.zones, UNKNOWN)
        ruined = self._looked(replace(sample, twin=None), "ruin")
        return replace(ruined, zones=unknown, mottling=unknown, at_least=0, at_most=5, readable=False)


def _leg_in_view(zones: LabelMap, *, before: LabelMap) -> bool | None:
    """Whether a cut has left something to judge; None where so little is left that nobody can say."""
    if not _is_skin(before).any():
        return True
    share = float(_is_skin(zones).mean())
    if share >= _LEAST_LEG_SHARE:
        return True
    return None if share > 0 or (zones == UNKNOWN).any() else False


def _is_skin(zones: LabelMap) -> Mask:
    skin: Mask = (zones != Zone.NOT_SKIN) & (zones != UNKNOWN)
    return skin


def _hide_unseen(sample: Sample) -> Sample:
    """Leave mottling open where light and camera have taken it away: nobody could outline it."""
    if sample.twin is None or not (sample.mottling == 1).any():
        return sample
    visible = visibility(sample.photo, sample.twin)
    around = cv2.dilate(visible, np.ones((_SEEN_WITHIN_PX,) * 2, np.uint8))
    unseen = (sample.mottling == 1) & (around < 1)
    return replace(sample, mottling=np.where(unseen, UNKNOWN, sample.mottling).astype(np.uint8))


def _scaled(size_px: int, scale: tuple[float, float], *, p: float) -> A.BasicTransform:
    """Bring the long side to a part or a multiple of a size, at once and by area as the runtime does.

    Thin nets break up where pixels are skipped, and fade where a small picture is enlarged again.
    """
    sides = np.round(np.linspace(*scale, _SCALES) * size_px).astype(int)
    return A.LongestMaxSize(max_size=sides.tolist(), area_for_downscale="image", p=p)
