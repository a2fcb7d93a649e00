"""Ruins a photograph so that nobody could read it: for the pictures that are not assessable."""

from __future__ import annotations

from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Rgb8

__all__ = ["Ruin", "ruin"]

_GAMMA = 2.2


class Ruin(StrEnum):
    """What went wrong. A picture without a leg is a garment or a room, not a ruined leg."""

    BLURRED = "blurred"
    SHAKEN = "shaken"
    DARK = "dark"
    BLOWN = "blown"
    COVERED = "covered"
    """A thumb or a pocket over the lens."""


def ruin(photo: Rgb8, kind: Ruin, *, rng: np.random.Generator) -> Rgb8:
    """Ruin a photograph; the same state of `rng` ruins it the same way."""
    seen = np.asarray((photo.astype(np.float32) / 255) ** _GAMMA, np.float32)
    light = _RUINS[kind](seen, rng)
    noise = rng.standard_normal(light.shape, dtype=np.float32) * np.float32(rng.uniform(0.003, 0.02))
    encoded = np.clip(np.clip(light, 0, 1) ** (1 / _GAMMA) + noise, 0, 1)
    return np.asarray(encoded * 255 + 0.5).astype(np.uint8)


def _blurred(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    width_px = max(light.shape[:2]) * float(rng.uniform(0.018, 0.05))
    return np.asarray(cv2.GaussianBlur(light, (0, 0), width_px), np.float32)


def _shaken(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    side = int(max(light.shape[:2]) * rng.uniform(0.08, 0.2)) | 1
    kernel = np.zeros((side, side), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = side / 2 * np.array([np.cos(angle), np.sin(angle)])
    first, last = (tuple(int(v) for v in side / 2 + sign * reach) for sign in (-1, 1))
    cv2.line(kernel, first, last, (1.0,), 1)
    return np.asarray(cv2.filter2D(light, -1, kernel / max(float(kernel.sum()), 1e-6)), np.float32)


def _dark(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    return light * np.float32(rng.uniform(0.001, 0.008))


def _blown(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    return light * np.float32(rng.uniform(15, 60)) + np.float32(0.3)


def _covered(light: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Nearly all of the frame is a blurred thumb, red where light shines through, or the dark of cloth."""
    height, width = light.shape[:2]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    angle = rng.uniform(0, 2 * np.pi)
    way = (x / width - 0.5) * np.cos(angle) + (y / height - 0.5) * np.sin(angle)
    open_share = np.clip((way - rng.uniform(0.3, 0.6)) / 0.25, 0, 1)[..., None]
    thumb = np.array([0.35, 0.07, 0.04]) if rng.random() < 0.6 else np.array([0.02, 0.018, 0.016])
    cover = thumb * rng.uniform(0.3, 1.2) * (1 + 0.3 * way[..., None])
    return np.asarray(light * open_share + cover * (1 - open_share), np.float32)


_RUINS = {
    Ruin.BLURRED: _blurred,
    Ruin.SHAKEN: _shaken,
    Ruin.DARK: _dark,
    Ruin.BLOWN: _blown,
    Ruin.COVERED: _covered,
}
