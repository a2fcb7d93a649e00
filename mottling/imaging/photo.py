"""From the bytes of a file to an upright photograph in sRGB, or a sentence that says why not."""

from __future__ import annotations

import hashlib
import io
import struct
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from mottling.arrays import Rgb8
from mottling.errors import PhotoRefused
from mottling.imaging.colour import to_plain, to_srgb
from mottling.imaging.file_kinds import MAX_BYTES, FileKind, file_kind

__all__ = ["MAX_PIXELS", "Photo", "jpeg_to_show", "read_bytes", "read_photo", "sha256_of"]

MAX_PIXELS = 80_000_000
"""Beyond that a small file can fill the memory; phones write 12 to 50 megapixels."""

_JPEG_QUALITY = 88

# Exif: the tag that says how the camera was held, and what brings the picture upright again.
_ORIENTATION_TAG = 0x0112
_UPRIGHT_BY = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_UPRIGHT_ALREADY = (FileKind.HEIC, FileKind.TIFF)  # their decoders turn the picture themselves
_ON_ITS_SIDE = (5, 6, 7, 8)

# What the decoders are known to raise at bytes that are not what their beginning says.
_BROKEN = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    RuntimeError,
    struct.error,
)


@dataclass(frozen=True)
class Photo:
    """An upright photograph, decoded at its own size or smaller."""

    pixels: Rgb8
    kind: FileKind
    full_width: int
    """Of the upright photograph at full size, in pixels."""
    full_height: int
    sha256: str
    """Of the file's bytes."""

    @property
    def full_px_per_px(self) -> float:
        """How many pixels of the full photograph one pixel of `pixels` stands for, each way."""
        return self.full_width / int(self.pixels.shape[1])


def read_bytes(path: Path) -> bytes:
    """Read a file that should be a photograph, unless it is too large to be one.

    Raises:
        PhotoRefused: It cannot be opened, or is too large.
    """
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PhotoRefused(
            f"{path} cannot be opened: {error.strerror}", remedy="Check the name and the rights of the file"
        ) from error


def read_photo(data: bytes, *, long_side_px: int | None = None) -> Photo:
    """Decode a photograph.

    Args:
        data: The bytes of the file.
        long_side_px: Where given, a larger photograph is decoded smaller, though never below this: faster
            by half for a JPEG.

    Raises:
        PhotoRefused: The bytes are no photograph, broken, too large, or several pictures.
    """
    kind = file_kind(data)
    with ThreadPoolExecutor(1) as beside:
        sha256 = beside.submit(sha256_of, data)  # decoding keeps one core busy
        try:
            image = _open(data, kind)
            _refuse_bomb(image.size)
            _refuse_several(image, kind)
            held = 1 if kind in _UPRIGHT_ALREADY else int(image.getexif().get(_ORIENTATION_TAG, 1))
            full_size = image.size[::-1] if held in _ON_ITS_SIDE else image.size
            picture = to_srgb(_decode(image, long_side_px))
            pixels = np.asarray(picture.transpose(_UPRIGHT_BY[held]) if held in _UPRIGHT_BY else picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise _too_many_pixels() from error
        except _BROKEN as error:
            raise _broken(kind, error) from error
        return Photo(pixels, kind, full_size[0], full_size[1], sha256.result())


def sha256_of(data: bytes) -> str:
    """Name the bytes of a file by their hash."""
    return hashlib.sha256(data).hexdigest()


def jpeg_to_show(data: bytes, *, long_side_px: int) -> bytes:
    """Make an upright JPEG to look at, without Exif, place or profile.

    Args:
        data: The bytes of the file.
        long_side_px: The most; a smaller photograph keeps its size.

    Raises:
        PhotoRefused: As `read_photo`.
    """
    picture = Image.fromarray(read_photo(data, long_side_px=long_side_px).pixels)
    picture.thumbnail((long_side_px, long_side_px), Image.Resampling.LANCZOS, reducing_gap=None)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=_JPEG_QUALITY)
    return out.getvalue()


def _open(data: bytes, kind: FileKind) -> Image.Image:
    """Read the header; the pixels wait."""
    if kind is FileKind.HEIC:
        return _open_heic(data)
    formats = ("JPEG", "MPO") if kind is FileKind.JPEG else (kind.value.upper(),)
    if kind is FileKind.PNG:
        Image.open(io.BytesIO(data), formats=formats).verify()  # decoding looks at no check sum
    return Image.open(io.BytesIO(data), formats=formats)


def _open_heic(data: bytes) -> Image.Image:
    """Decode the main picture, which the library brings upright by itself."""
    import pi_heif  # noqa: PLC0415 - only these photographs need it

    main = pi_heif.open_heif(io.BytesIO(data))
    _refuse_bomb(main.size)
    image: Image.Image = main.to_pillow()
    return image


def _refuse_bomb(size: tuple[int, int]) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_many_pixels()


def _too_many_pixels() -> PhotoRefused:
    return PhotoRefused(
        f"The picture has more than {MAX_PIXELS / 1e6:.0f} million pixels",
        remedy="Set the camera to 50 megapixels or less",
    )


def _refuse_several(image: Image.Image, kind: FileKind) -> None:
    """A JPEG may carry a second view of the same moment behind the first; it is not looked at."""
    if kind is not FileKind.JPEG and getattr(image, "n_frames", 1) > 1:
        raise PhotoRefused("The file holds several pictures, or a moving one", remedy="Give one photograph")


def _decode(image: Image.Image, long_side_px: int | None) -> Image.Image:
    """Decode, at a reduced size where the format can and the caller has no use for more."""
    if long_side_px is not None and image.mode in ("L", "RGB"):
        ratio = max(image.size) / long_side_px
        if ratio > 1:
            # The decoder divides by what it is asked for, and a thin line has less than a pixel of it.
            image.draft(image.mode, (max(1, int(image.size[0] / ratio)), max(1, int(image.size[1] / ratio))))
    image.load()
    factor = 1 if long_side_px is None else max(image.size) // long_side_px
    if factor <= 1:
        return image
    small = to_plain(image).reduce(factor)
    small.info = image.info
    return small


def _broken(kind: FileKind, error: Exception) -> PhotoRefused:
    """Tell a file that was cut off from one that is damaged."""
    said = str(error).lower()
    if "truncated" in said or "end of file" in said or isinstance(error, EOFError):
        return PhotoRefused(
            f"The {kind.value} file is cut off: the rest of the photograph is missing",
            remedy="Send the photograph again, and wait until it has been sent whole",
        )
    return PhotoRefused(
        f"The {kind.value} file is damaged and cannot be decoded", remedy="Take or send the photograph again"
    )
