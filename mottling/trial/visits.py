"""When a photograph is due: windows in elapsed hours after randomisation, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mottling.trial.charter import Visit

__all__ = ["Window", "closes_after", "window_of"]


@dataclass(frozen=True)
class Window:
    """When one visit of one patient is due. Both ends belong to it."""

    opens_at: datetime
    due_at: datetime
    closes_at: datetime

    def holds(self, at: datetime) -> bool:
        """Say whether a time lies in the window."""
        return self.opens_at <= at <= self.closes_at


def window_of(visit: Visit, *, randomised_at: datetime) -> Window:
    """Give a visit's window.

    Hours are counted in UTC: a local clock that is put forward or back in between moves nothing.

    Args:
        visit: From the trial file.
        randomised_at: When the patient was randomised; aware.
    """
    assert randomised_at.tzinfo is not None, "times are aware"
    randomised_at = randomised_at.astimezone(UTC)
    due_at = randomised_at + timedelta(hours=visit.due_h)
    opens_at = due_at - timedelta(hours=visit.tolerance_h)
    return Window(opens_at, due_at, randomised_at + closes_after(visit))


def closes_after(visit: Visit) -> timedelta:
    """Say how long after randomisation a visit's window closes; alike for every patient."""
    return timedelta(hours=visit.due_h) + timedelta(hours=visit.tolerance_h)
