"""Why somebody did something: a few words that are kept, and never none."""

from __future__ import annotations

from mottling.errors import RecordRefused

__all__ = ["reason"]

_MOST_SIGNS = 2000


def reason(because: str) -> str:
    """Give a reason as it is kept.

    Raises:
        RecordRefused: There is none, or it is too long.
    """
    if not because.strip() or len(because) > _MOST_SIGNS:
        raise RecordRefused(
            f"The reason has {len(because.strip())} characters",
            remedy=f"Say why in at most {_MOST_SIGNS} characters",
        )
    return because.strip()
