"""The phone: colour mosaic, photon noise, its denoising, tone curve, sharpening and JPEG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from mottling.arrays import Rgb8
from training.path_traced.records import Handset

__all__ = ["meter", "shoot"]

Field = NDArray[np.float32]
_GREY = 0.25
_BRIGHTEST = 1.1
_FULL = 0.6
"""How far white balance goes."""
_WHITE = 60000
_READ_NOISE = 0.0012


def meter(light: Field, phone: Handset) -> Field:
    """Choose gains for red, green and blue from the picture without mottling."""
    small = cv2.resize(light, (48, 48), interpolation=cv2.INTER_AREA).reshape(-1, 3)
    mean = small.mean(0)
    balance = (mean.mean() / np.maximum(mean, 1e-4)) ** _FULL
    bright = (small * balance).mean(1)
    gain = min(
        _GREY / np.exp(np.log(np.maximum(bright, 1e-4)).mean()), _BRIGHTEST / np.quantile(bright, 0.98)
    )
    own = np.array([1 + phone.warm, 1 + phone.green, 1 - phone.warm])
    return np.asarray(balance * own * gain * phone.exposure, np.float32)


def shoot(light: Field, gains: Field, phone: Handset, *, seed: int) -> Rgb8:
    """Take the picture; the same seed gives a twin the same noise."""
    blurred = cv2.GaussianBlur(light * gains, (0, 0), phone.blur_px)
    raw = _mosaic(np.clip(blurred, 0, 1.6), phone, np.random.default_rng(seed))
    encoded = _developed(raw, phone)
    if phone.smear > 0.05:
        smooth = cv2.bilateralFilter(encoded, 5, 0.02 + 0.05 * phone.smear, 1.5)
        encoded = (1 - phone.smear) * encoded + phone.smear * smooth
    grey = encoded.mean(2, keepdims=True)
    detail = grey - cv2.GaussianBlur(grey, (0, 0), 1.1)[..., None]
    encoded = grey + (encoded - grey) * phone.saturation + phone.sharpen * detail
    pixels = (np.clip(encoded, 0, 1) * 255 + 0.5).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", pixels[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, phone.jpeg])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR_RGB), np.uint8)


def _mosaic(light: Field, phone: Handset, rng: np.random.Generator) -> Field:
    """One colour a pixel, as a sensor sees it, with its noise; then the other two guessed again."""
    single = light[..., 1].copy()
    single[::2, ::2], single[1::2, 1::2] = light[::2, ::2, 0], light[1::2, 1::2, 2]
    noise = rng.standard_normal(single.shape, dtype=np.float32)
    single = single + noise * np.sqrt(np.maximum(single, 0) / phone.photons + _READ_NOISE**2)
    packed = np.clip(single / 1.7 * _WHITE, 0, 65535).astype(np.uint16)
    guessed = cv2.cvtColor(packed, cv2.COLOR_BayerRGGB2RGB)
    return np.asarray(guessed.astype(np.float32) / _WHITE * 1.7, np.float32)


def _developed(raw: Field, phone: Handset) -> Field:
    """A curve with a toe and a shoulder, then the sRGB encoding."""
    light = np.maximum(raw - phone.toe * 0.05, 0)
    rolled = light * (1 + phone.shoulder * light / 2.2) / (1 + phone.shoulder * light)
    encoded = np.where(
        rolled <= 0.0031308, 12.92 * rolled, 1.055 * np.maximum(rolled, 1e-6) ** (1 / 2.4) - 0.055
    )
    curved = encoded + phone.contrast * encoded * (1 - encoded) * (encoded - 0.45)
    return np.asarray(curved, np.float32)
