"""Brings decoded pictures of any depth and colour to 8-bit sRGB."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from mottling.errors import PhotoRefused

__all__ = ["to_plain", "to_srgb"]

_PLAIN_MODES = ("L", "RGB", "CMYK")


def to_srgb(image: Image.Image) -> Image.Image:
    """Convert a decoded picture to RGB, through its embedded colour profile if it has one.

    What is transparent lies on white, as every viewer shows it.

    Raises:
        PhotoRefused: Its pixels are numbers without a range, as scanners and microscopes write.
    """
    profile = image.info.get("icc_profile")
    plain = to_plain(image)
    if isinstance(profile, bytes) and profile:
        plain = _through_profile(plain, profile)
    return plain if plain.mode == "RGB" else plain.convert("RGB")


def to_plain(image: Image.Image) -> Image.Image:
    """Bring a decoded picture to grey, RGB or CMYK of 8 bits, without transparency.

    Raises:
        PhotoRefused: As `to_srgb`.
    """
    if image.mode in _PLAIN_MODES:
        return image
    if image.mode.startswith("I;16"):
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.mode in ("I", "F"):
        raise PhotoRefused(
            "The picture holds numbers of 32 bits, whose black and white nobody knows",
            remedy="Give the photograph as the camera wrote it",
        )
    if image.has_transparency_data:
        # Pasted and not composed: of a large picture that takes half the memory.
        over, white = image.convert("RGBA"), Image.new("RGB", image.size, "white")
        white.paste(over, mask=over)
        return white
    return image.convert("L" if image.mode == "1" else "RGB")


def _through_profile(image: Image.Image, profile: bytes) -> Image.Image:
    """Convert with the embedded profile; one that is broken, or of other channels, is as good as none."""
    from PIL import ImageCms  # noqa: PLC0415 - most photographs need no colour engine

    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if (source.profile.profile_description or "").startswith("sRGB"):
            return image
        target = ImageCms.createProfile("sRGB")
        changed = ImageCms.profileToProfile(image, source, target, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image
