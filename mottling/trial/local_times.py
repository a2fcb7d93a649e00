"""What a clock on the wall means: once a year it shows an hour that there never is, once an hour twice."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

__all__ = ["moments_of"]


def moments_of(shown: datetime, zone: ZoneInfo) -> tuple[datetime, ...]:
    """Give the moments at which the clocks of a zone show a time, the earlier first, each with its offset.

    One, on nearly every day; none where the clocks are put forward over it; two where they are put back.

    Args:
        shown: What the clock shows, without an offset.
        zone: Of the site.
    """
    assert shown.tzinfo is None, "what a clock shows says no offset"
    folded = [shown.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    # A time that was skipped comes back from UTC as another one.
    there = [at for at in folded if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == shown]
    return tuple({at.astimezone(UTC): at for at in there}.values())
