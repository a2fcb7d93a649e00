"""The phone: from light to the pixels of a JPEG; the same draw gives the twin the same noise."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from mottling.arrays import Rgb8
from training.synthetic.records import Phone

__all__ = ["Exposure", "measure", "shoot"]

_MIDDLE = 0.33
_BRIGHT = 0.93
_GREY_WORLD = 0.45

Light = NDArray[np.float32]


class Exposure:
    """Factors on red, green and blue that the phone chose for one scene."""

    def __init__(self, gains: Light) -> None:
        self.gains = gains


def measure(scene: Tensor, phone: Phone) -> Exposure:
    """Meter the clean scene (H, W, 3): half way to a grey world, and no more than a little blown."""
    light = scene.detach().cpu().numpy().reshape(-1, 3)[::7]
    mean = light.mean(axis=0)
    balance = (mean.mean() / np.maximum(mean, 1e-3)) ** _GREY_WORLD
    luminance = (light * balance).mean(axis=1)
    gain = min(
        _MIDDLE / max(float(luminance.mean()), 1e-3),
        1.15 * _BRIGHT / max(float(np.quantile(luminance, 0.97)), 1e-3),
    )
    own = np.array([phone.red_gain, 1.0, phone.blue_gain])
    return Exposure((balance * own * gain * phone.exposure).astype(np.float32))


def shoot(scene: Tensor, exposure: Exposure, phone: Phone, *, seed: int) -> Rgb8:
    """Take the picture: lens, sensor, tone curve, sharpening, JPEG."""
    rng = np.random.default_rng(seed)
    light = scene.detach().cpu().numpy().astype(np.float32) * exposure.gains
    light = _lens(light, phone)
    light = np.maximum(light + _noise(light, phone, rng), 0)
    encoded = _tone(light, phone)
    encoded = _chroma(encoded, phone)
    if phone.sharpen:
        encoded = encoded + phone.sharpen * (encoded - cv2.GaussianBlur(encoded, (0, 0), phone.sharpen_px))
    pixels = (np.clip(encoded, 0, 1) * 255 + 0.5).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, phone.jpeg])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR_RGB), np.uint8)


def _lens(light: Light, phone: Phone) -> Light:
    height, width = light.shape[:2]
    blurred = cv2.GaussianBlur(light, (0, 0), phone.blur_px)
    if phone.motion_px:
        blurred = cv2.filter2D(blurred, -1, _streak(phone.motion_px, phone.motion_deg))
    if phone.glare:
        small = cv2.resize(np.minimum(blurred, 1.5), (32, 32), interpolation=cv2.INTER_AREA)
        veil = cv2.resize(cv2.GaussianBlur(small, (0, 0), 8), (width, height), interpolation=cv2.INTER_LINEAR)
        blurred = blurred * (1 - phone.glare) + phone.glare * veil
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j].astype(np.float32)
    return np.asarray(blurred * (1 - phone.vignette * 0.5 * (x * x + y * y))[..., None], np.float32)


def _streak(length_px: float, angle_deg: float) -> Light:
    side = 2 * math.ceil(length_px) + 1
    kernel = np.zeros((side, side), np.float32)
    middle = side // 2
    angle = math.radians(angle_deg)
    ends = [
        (
            round(16 * (middle + sign * length_px / 2 * math.cos(angle))),
            round(16 * (middle + sign * length_px / 2 * math.sin(angle))),
        )
        for sign in (-1, 1)
    ]
    cv2.line(kernel, ends[0], ends[1], (1.0,), 1, cv2.LINE_AA, 4)
    return kernel / max(float(kernel.sum()), 1e-6)


def _noise(light: Light, phone: Phone, rng: np.random.Generator) -> Light:
    """Shot and read noise, smeared as a phone's own cleaning leaves it."""
    drawn = cv2.GaussianBlur(rng.standard_normal(light.shape, dtype=np.float32), (0, 0), phone.noise_px)
    evened = drawn / max(float(drawn.std()), 1e-6)
    return np.asarray(evened * phone.noise * np.sqrt(np.maximum(light, 0) + 0.03), np.float32)


def _tone(light: Light, phone: Phone) -> Light:
    """Roll the highlights off, encode as sRGB, add contrast and colour."""
    knee = phone.shoulder
    over = np.maximum(light - knee, 0)
    rolled = np.where(light > knee, knee + (1.05 - knee) * over / (over + (1.05 - knee) + 1e-6), light)
    encoded = np.where(
        rolled <= 0.0031308, 12.92 * rolled, 1.055 * np.maximum(rolled, 1e-6) ** (1 / 2.4) - 0.055
    )
    grey = encoded.mean(axis=2, keepdims=True)
    coloured = grey + (encoded - grey) * phone.saturation
    return np.asarray(0.5 + (coloured - 0.5) * (1 + (phone.contrast - 1) * 0.6), np.float32)


def _chroma(encoded: Light, phone: Phone) -> Light:
    grey = encoded.mean(axis=2, keepdims=True)
    return np.asarray(grey + cv2.GaussianBlur(encoded - grey, (0, 0), phone.chroma_px), np.float32)
