"""Pictures for readers in few sizes: whoever looks at the network sees no size come a second time."""

from __future__ import annotations

__all__ = ["padded"]

# A picture of 2048 pixels takes some 0.3 to 1 MB: nearly all fall into two or three sizes.
_STEP_BYTES = 512 * 1024


def padded(jpeg: bytes) -> bytes:
    """Fill a JPEG up with zeros, which stand after its end and which no decoder reads."""
    return jpeg + bytes(-len(jpeg) % _STEP_BYTES)
