"""Which device a photograph says that it was taken with: the maker and model in its EXIF."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

__all__ = ["device_of"]

_MAKER_TAG, _MODEL_TAG = 0x010F, 0x0110
_MOST_SIGNS = 80


def device_of(data: bytes) -> str | None:
    """Read maker and model from a photograph's bytes; None where the file does not say.

    A file that was edited can say anything: this is for counting, never for proof. HEIC is not looked into.
    """
    try:
        with Image.open(BytesIO(data)) as image:
            found = image.getexif()
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    maker, model = (_clean(found.get(tag)) for tag in (_MAKER_TAG, _MODEL_TAG))
    # Many phones write the maker into the model too.
    named = model if model.lower().startswith(maker.lower()) else f"{maker} {model}"
    return named.strip()[:_MOST_SIGNS] or None


def _clean(value: object) -> str:
    text = value if isinstance(value, str) else ""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
