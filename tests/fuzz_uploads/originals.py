"""Whole photographs of every kind that a ward sends, made in memory: what is mutated."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from functools import cache

import numpy as np
import pillow_heif
from PIL import Image, ImageCms
from PIL.TiffImagePlugin import IFDRational

from tests.tiny_model import draw_photo, leg_zones

__all__ = ["originals"]


@cache
def originals() -> Mapping[str, bytes]:
    """Name each photograph by its kind and by what is special about it; small, so that many go through."""
    rgb = Image.fromarray(draw_photo(leg_zones(160, 120)))
    return dict([*_jpegs(rgb), *_pngs(rgb), *_webps(rgb), *_tiffs(rgb), *_heics(rgb)])


def exif_block() -> bytes:
    """What a camera writes: how it was held, its maker, a place, a moment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "Maker of the camera"
    exif[0x011A] = IFDRational(72, 1)
    exif.get_ifd(0x8769)[0x9003] = "2026:03:02 08:00:00"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (48.0, 51.0, 24.0)
    return exif.tobytes()


def icc_block() -> bytes:
    """A colour profile that is not sRGB by its name, so that the colour engine has work to do."""
    return _without_its_time(ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes())


def _srgb_by_another_name() -> bytes:
    profile = _without_its_time(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    return profile.replace(b"s\0R\0G\0B", b"x\0R\0G\0B").replace(b"sRGB built-in", b"xRGB built-in")


def _without_its_time(profile: bytes) -> bytes:
    """Take out when a profile was made, which is now: the same number would give other bytes each time."""
    return profile[:24] + bytes(12) + profile[36:]


def _jpegs(rgb: Image.Image) -> Iterator[tuple[str, bytes]]:
    yield "JPEG", _written(rgb, "JPEG", quality=90)
    yield "JPEG grey", _written(rgb.convert("L"), "JPEG")
    yield "JPEG CMYK", _written(rgb.convert("CMYK"), "JPEG")
    yield "JPEG progressive", _written(rgb, "JPEG", progressive=True)
    yield "JPEG with restarts", _written(rgb, "JPEG", restart_marker_rows=1)
    yield "JPEG with Exif", _written(rgb, "JPEG", exif=exif_block())
    yield "JPEG with a profile", _written(rgb, "JPEG", icc_profile=_srgb_by_another_name())
    yield "JPEG of many pixels", _written(rgb.resize((1600, 1200)), "JPEG", quality=40)
    yield "JPEG of two views", _written(rgb, "MPO", save_all=True, append_images=[rgb.rotate(2)])


def _pngs(rgb: Image.Image) -> Iterator[tuple[str, bytes]]:
    deep = Image.fromarray(np.asarray(rgb.convert("L"), np.uint16) * 257)
    yield "PNG", _written(rgb, "PNG")
    yield "PNG transparent", _written(rgb.convert("RGBA"), "PNG")
    yield "PNG palette", _written(rgb.quantize(16), "PNG", transparency=3)
    yield "PNG grey and transparent", _written(rgb.convert("LA"), "PNG")
    yield "PNG of two colours", _written(rgb.convert("1"), "PNG")
    yield "PNG of 16 bits", _written(deep, "PNG")
    yield "PNG with Exif", _written(rgb, "PNG", exif=exif_block())
    yield "PNG with a profile", _written(rgb, "PNG", icc_profile=_srgb_by_another_name())
    yield "PNG moving", _written(rgb, "PNG", save_all=True, append_images=[rgb.rotate(5)])


def _webps(rgb: Image.Image) -> Iterator[tuple[str, bytes]]:
    yield "WebP", _written(rgb, "WEBP", quality=80)
    yield "WebP lossless", _written(rgb, "WEBP", lossless=True)
    yield "WebP transparent", _written(rgb.convert("RGBA"), "WEBP")
    yield "WebP with all", _written(rgb, "WEBP", exif=exif_block(), icc_profile=_srgb_by_another_name())
    yield "WebP moving", _written(rgb, "WEBP", save_all=True, append_images=[rgb.rotate(5)])


def _tiffs(rgb: Image.Image) -> Iterator[tuple[str, bytes]]:
    deep = Image.fromarray(np.asarray(rgb.convert("L"), np.uint16) * 257)
    yield "TIFF", _written(rgb, "TIFF")
    yield "TIFF LZW", _written(rgb, "TIFF", compression="tiff_lzw")
    yield "TIFF deflate", _written(rgb, "TIFF", compression="tiff_adobe_deflate")
    yield "TIFF JPEG", _written(rgb, "TIFF", compression="jpeg")
    yield "TIFF packbits", _written(rgb.convert("L"), "TIFF", compression="packbits")
    yield "TIFF fax", _written(rgb.convert("1"), "TIFF", compression="group4")
    yield "TIFF of 16 bits", _written(deep, "TIFF")
    yield "TIFF CMYK", _written(rgb.convert("CMYK"), "TIFF", icc_profile=icc_block())
    yield "TIFF of floats", _written(rgb.convert("F"), "TIFF")
    yield "TIFF of two pages", _written(rgb, "TIFF", save_all=True, append_images=[rgb])


def _heics(rgb: Image.Image) -> Iterator[tuple[str, bytes]]:
    # One after the other: the encoder is asked once for each, and is the slowest of all.
    yield "HEIC", _heic(rgb)
    yield "HEIC with Exif", _heic(rgb, exif=exif_block())
    yield "HEIC with a profile", _heic(rgb, icc_profile=_srgb_by_another_name())
    yield "HEIC transparent", _heic(rgb.convert("RGBA"))
    yield "HEIC grey", _heic(rgb.convert("L"))
    yield "HEIC of two pictures", _heic(rgb, and_then=[rgb])


def _written(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _heic(image: Image.Image, *, and_then: list[Image.Image] | None = None, **options: bytes) -> bytes:
    made = pillow_heif.from_pillow(image)
    for more in and_then or []:
        made.add_from_pillow(more)
    out = io.BytesIO()
    made.save(out, quality=80, **options)
    return out.getvalue()
