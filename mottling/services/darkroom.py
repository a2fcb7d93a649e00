"""The darkroom: where photographs are decoded, two that come in at a time, and one that is to be shown.

A photograph of twelve megapixels takes some fifty megabytes while it is open; twenty nurses at once would
otherwise take a gigabyte. What somebody waits to see does not stand behind what comes in and is scored.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Lock
from typing import TypeVar

from mottling.imaging.photo import jpeg_to_show, read_photo, sha256_of

__all__ = ["Darkroom"]

_COMING_IN_AT_ONCE = 2
_SHOWN_AT_ONCE = 1
_SHOWN_LONG_SIDE_PX = 2048
# Enough to find broken bytes, which only decoding does, and half the time of the full size.
_CHECKED_LONG_SIDE_PX = 1024
_KEPT_PICTURES = 16

Made = TypeVar("Made")


class Darkroom:
    """Checks photographs and makes the pictures that people look at: one size and one encoder for all."""

    def __init__(self) -> None:
        self._places = BoundedSemaphore(_COMING_IN_AT_ONCE)
        self._showing = BoundedSemaphore(_SHOWN_AT_ONCE)
        self._lock = Lock()
        self._pictures: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def check(self, data: bytes) -> None:
        """Refuse bytes that are no photograph.

        Raises:
            PhotoRefused: They are none, or cannot be read to the end.
        """
        self.work(lambda: read_photo(data, long_side_px=_CHECKED_LONG_SIDE_PX))

    def picture(self, data: bytes, *, shown_as: str = "") -> bytes:
        """Give an upright JPEG, long side ≤ 2048, that carries nothing but its pixels.

        Args:
            data: Of the photograph.
            shown_as: An id. What was drawn for one is not given for another, so that how long it takes does
                not tell that the photograph was shown before.
        """
        key = (shown_as, sha256_of(data))
        with self._lock:
            if key in self._pictures:
                self._pictures.move_to_end(key)
                return self._pictures[key]
        with self._showing:
            made = jpeg_to_show(data, long_side_px=_SHOWN_LONG_SIDE_PX)
        with self._lock:
            self._pictures[key] = made
            while len(self._pictures) > _KEPT_PICTURES:
                self._pictures.popitem(last=False)
        return made

    def work(self, make: Callable[[], Made]) -> Made:
        """Do something that decodes a photograph that comes in, when a place is free."""
        with self._places:
            return make()
