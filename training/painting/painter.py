"""Paints mottling on a photograph of skin: absorption in linear light, as strong as is asked for in ΔE."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from mottling.arrays import Mask, Rgb8
from training.samples import UNKNOWN, LabelMap
from training.synthetic.labels import outline, visibility
from training.synthetic.noise import Noise
from training.synthetic.pattern import draw_net
from training.synthetic.records import BLOTCHY_FAMILIES, TRAINED_FAMILIES, MottlingLook, PatternFamily
from training.tones import Tone

__all__ = ["Nets", "Painted", "Tint", "close_to_patch", "draw_tint", "many_nets", "paint"]

Field = NDArray[np.float32]

# A net is drawn once at a millimetre a pixel and then laid on many legs, turned, moved and stretched.
_STRETCH = (0.8, 1.3)

# When nets are mixed: how far they are stretched, how often a second one is laid over, and between which
# amounts the sum then rises from nothing to all.
_WIDE_STRETCH = (0.55, 1.8)
_SECOND_SHARE = 0.5
_MANY = 96
_PATCH, _PATCH_CELL_MM = (0.55, 1.0), 12.0
_CELL_MM = (8, 40)
_FINE_SHARE = 0.15
_RISES_FROM, _RISES_TO = (0.0, 0.2), (0.25, 1.0)

# What a difference is measured on, and how often it is corrected.
_SAMPLE_PX = 600
_CORRECTIONS = 3
_MOST_ABSORBED = 1.6
_GAMMA = 2.2

# Share of red, green and blue light that a net takes away, from pink to red-brown to violet to dusky; on
# dark skin grey-blue (synthetic-photos.md).
_TINTS = {
    Tone.LIGHT: ((0.15, 1.0, 0.75), (0.3, 1.0, 1.1), (0.55, 1.0, 0.45), (0.8, 1.0, 0.7)),
    Tone.MEDIUM: ((0.3, 1.0, 0.8), (0.6, 1.0, 0.6), (0.85, 1.0, 0.75), (1.0, 0.8, 0.4)),
    Tone.DARK: ((1.0, 1.0, 0.7), (0.85, 1.0, 0.6), (1.0, 0.95, 0.85), (1.0, 0.75, 0.3), (1.0, 0.6, 0.1)),
}
_TINT_SPREAD = 0.08

# How strong a net looks, in ΔE where it is darkest: from what is plainly seen to what nobody overlooks;
# weaker on dark skin.
_DIFFERENCE = {Tone.LIGHT: (7.0, 28.0), Tone.MEDIUM: (7.0, 24.0), Tone.DARK: (4.5, 16.0)}


@dataclass(frozen=True)
class Tint:
    """How a net colours skin."""

    absorbs: tuple[float, float, float]
    """Of red, green and blue, relative to each other."""
    difference: float
    """ΔE where the net is darkest."""


@dataclass(frozen=True)
class Painted:
    """A photograph with mottling on it."""

    photo: Rgb8
    mottling: LabelMap
    """1 where a reader would outline it, UNKNOWN where it is there but nobody can say."""


def draw_tint(rng: np.random.Generator, tone: Tone) -> Tint:
    """Draw a colour and a strength that go with a skin."""
    choices = _TINTS[tone]
    absorbs = np.array(choices[int(rng.integers(len(choices)))]) + rng.normal(0, _TINT_SPREAD, 3)
    red, green, blue = absorbs.clip(0.05, 1.3)
    low, high = _DIFFERENCE[tone]
    return Tint((float(red), float(green), float(blue)), float(low + (high - low) * rng.beta(1.2, 1.8)))


@dataclass
class Nets:
    """A few nets, each drawn when it is first asked for."""

    families: tuple[PatternFamily, ...]
    count: int = 24
    side_mm: int = 360
    """Beyond this a net is mirrored."""
    mixed: bool = False
    """Lay two over each other half of the time, with contrasts drawn anew, so that no net comes twice."""
    _drawn: dict[int, tuple[Field, Field, float]] = field(default_factory=dict)

    def lay(
        self, rng: np.random.Generator, shape: tuple[int, ...], *, mm_per_px: float
    ) -> tuple[Field, float]:
        """Lay one over a picture.

        Returns:
            The amount (H, W), positive dusky, negative blanched, and the size of its cells in pixels.
        """
        if not self.mixed:
            laid = self._lay_one(rng, shape, mm_per_px=mm_per_px, stretches=_STRETCH)
            return laid.amount(float(rng.uniform(0.05, 0.5))), laid.cell_px
        laid = self._lay_one(rng, shape, mm_per_px=mm_per_px, stretches=_WIDE_STRETCH)
        if rng.random() < _SECOND_SHARE:
            laid = _mix(laid, self._lay_one(rng, shape, mm_per_px=mm_per_px, stretches=_WIDE_STRETCH), rng)
        low, high = rng.uniform(*_RISES_FROM), rng.uniform(*_RISES_TO)
        risen = ((laid.dusky - low) / (high - low)).clip(0, 1)
        return replace(laid, dusky=risen).amount(float(rng.uniform(0.0, 0.5))), laid.cell_px

    def _lay_one(
        self,
        rng: np.random.Generator,
        shape: tuple[int, ...],
        *,
        mm_per_px: float,
        stretches: tuple[float, float],
    ) -> _Laid:
        number = int(rng.integers(self.count))
        if number not in self._drawn:
            self._drawn[number] = _draw(
                self.families[number % len(self.families)], number, side_mm=self.side_mm
            )
        dusky, pale, cell_mm = self._drawn[number]
        stretch, turn = float(rng.uniform(*stretches)), float(rng.uniform(0, 360))
        matrix = cv2.getRotationMatrix2D((0, 0), turn, mm_per_px / stretch)
        matrix[:, 2] = rng.uniform(0, self.side_mm, 2)
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        size = (shape[1], shape[0])
        laid, blanched = (
            cv2.warpAffine(part, matrix, size, flags=how, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
            for part in (dusky, pale)
        )
        return _Laid(laid, blanched, cell_mm * stretch / mm_per_px)


def many_nets() -> Nets:
    """Give what training paints with; one for all sources, because each net takes half a second to draw."""
    return Nets((*TRAINED_FAMILIES, *BLOTCHY_FAMILIES), count=_MANY, mixed=True)


@dataclass(frozen=True)
class _Laid:
    """A net over a picture: dusky and pale (H, W), and the size of its cells."""

    dusky: Field
    pale: Field
    cell_px: float

    def amount(self, blanching: float) -> Field:
        """Positive dusky, negative blanched (H, W)."""
        return np.asarray(self.dusky - np.float32(blanching) * self.pale, np.float32)


def _mix(one: _Laid, other: _Laid, rng: np.random.Generator) -> _Laid:
    """Both at once, or one where the other is."""
    share = np.float32(rng.uniform(0.3, 1.0))
    if rng.random() < 0.6:
        dusky = np.maximum(one.dusky, share * other.dusky)
        return _Laid(dusky, np.minimum(one.pale, other.pale), max(one.cell_px, other.cell_px))
    return _Laid(one.dusky * (1 - share + share * other.dusky), one.pale, one.cell_px)


def _draw(family: PatternFamily, number: int, *, side_mm: int) -> tuple[Field, Field, float]:
    rng = np.random.default_rng((number, 11))
    cell_mm = float(np.exp(rng.uniform(*np.log(_CELL_MM))))
    fine = rng.random() < _FINE_SHARE
    look = MottlingLook(
        family=family,
        cell_mm=cell_mm,
        line_mm=float(rng.uniform(1.5, 3.5) if fine else cell_mm * rng.uniform(0.25, 0.6)),
        blotch=float(rng.beta(2.2, 1.1)),
        warp=float(rng.uniform(0.25, 0.9)),
        softness=float(rng.uniform(0.3, 0.8)),
        strength=1.0,
        blanching=0.0,
        redness=0.0,
    )
    y, x = np.mgrid[:side_mm, :side_mm].astype(np.float32)
    points = torch.from_numpy(np.stack([x, y, np.zeros_like(x)], axis=-1).reshape(-1, 3))
    with torch.no_grad():
        net = draw_net(points, look, Noise(number, device=torch.device("cpu")))
    dusky, pale = (part.numpy().reshape(x.shape).astype(np.float32) for part in (net.dusky, net.pale))
    return dusky, pale, cell_mm


def close_to_patch(amount: Field, where: Mask, *, mm_per_px: float, rng: np.random.Generator) -> Field:
    """Close a net to one uneven patch in some place: a coin is a patch, not a hole between lines."""
    height, width = amount.shape
    cell_px = max(2.0, _PATCH_CELL_MM / mm_per_px)
    coarse = rng.uniform(*_PATCH, (int(height / cell_px) + 3, int(width / cell_px) + 3)).astype(np.float32)
    patch = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    return np.where(where, np.maximum(amount, patch), amount).astype(np.float32)


def paint(
    photo: Rgb8, amount: Field, skin: Mask, *, tint: Tint, cell_px: float, rng: np.random.Generator
) -> Painted:
    """Paint an amount of mottling on skin, so strong that it differs by what the tint asks for.

    Args:
        photo: The clean photograph.
        amount: (H, W) positive dusky, negative blanched.
        skin: What may be painted.
        tint: Colour and strength.
        cell_px: Size of the net's cells.
        rng: Of the few pixels on which the strength is measured.
    """
    painted, mottling = photo.copy(), np.zeros(skin.shape, np.uint8)
    inside = skin & (np.abs(amount) > 0)
    if not (inside & (amount > 0.5)).any():
        return Painted(painted, mottling)
    x, y, width, height = cv2.boundingRect(inside.astype(np.uint8))
    box = np.s_[y : y + height, x : x + width]
    soft = cv2.GaussianBlur(inside[box].astype(np.float32), (0, 0), 1.0) * inside[box]
    quantity = amount[box] * soft
    absorbs = np.array(tint.absorbs, np.float32)
    strength = _strength(photo[box], quantity, absorbs, asked=tint.difference, rng=rng)
    painted[box] = _absorb(photo[box], quantity * strength, absorbs)
    region = outline(quantity, inside[box], visibility(painted[box], photo[box]), cell_px=cell_px)
    mottling[box] = np.where(region.ignore, UNKNOWN, region.mottled).astype(np.uint8)
    return Painted(painted, mottling)


def _absorb(photo: Rgb8, quantity: Field, absorbs: Field) -> Rgb8:
    factor = cv2.exp(quantity[..., None] * (-absorbs / np.float32(_GAMMA)))  # linear light, encoded values
    return cv2.multiply(photo, factor, dtype=cv2.CV_8U).astype(np.uint8, copy=False)


def _strength(
    photo: Rgb8, quantity: Field, absorbs: Field, *, asked: float, rng: np.random.Generator
) -> float:
    """How much to absorb for a mean ΔE, found on a few of the darkest pixels."""
    rows, columns = np.nonzero(quantity > 0.5 * float(quantity.max()))
    chosen = rng.integers(len(rows), size=_SAMPLE_PX)
    pixels = photo[rows[chosen], columns[chosen]][None]  # (1, N, 3)
    amounts = quantity[rows[chosen], columns[chosen]][None]
    clean = cv2.cvtColor(pixels.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    strength = 0.4
    for _ in range(_CORRECTIONS):
        factor = np.exp(amounts[..., None] * (-strength * absorbs / _GAMMA)).astype(np.float32)
        marked = cv2.cvtColor(pixels.astype(np.float32) / 255 * factor, cv2.COLOR_RGB2LAB)
        reached = float(np.linalg.norm(marked - clean, axis=-1).mean())
        strength = min(_MOST_ABSORBED, strength * asked / max(reached, 0.1))
    return strength
