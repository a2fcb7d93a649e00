"""How dark a skin is, in three tones of the Monk scale."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Tone", "tone_of"]

# Monk scale, up to and with.
_LIGHTEST, _MEDIUM = 3, 6


class Tone(StrEnum):
    """Skin, coarsely enough that real photographs can be told by eye."""

    LIGHT = "light"
    """Monk 1 to 3."""
    MEDIUM = "medium"
    """Monk 4 to 6."""
    DARK = "dark"
    """Monk 7 to 10."""
    UNKNOWN = "unknown"


def tone_of(monk: int) -> Tone:
    """Give the coarse tone of a tone of the Monk scale, 1 to 10."""
    if monk <= _LIGHTEST:
        return Tone.LIGHT
    return Tone.MEDIUM if monk <= _MEDIUM else Tone.DARK
