"""Where a visit stands: by what is on record of it, and by its window as long as nothing is."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from mottling.services.views import VisitState
from mottling.trial.changes import Withdrawal
from mottling.trial.visits import Window

__all__ = ["Photographed", "state_by_window", "state_on_record"]


class Photographed(Protocol):
    """How far the visit's photograph has come, from whichever book it was looked up in."""

    @property
    def own(self) -> object | None:
        """The own score, once it is locked."""

    @property
    def final(self) -> object | None:
        """The final bedside record, once it is confirmed."""


def state_on_record(photo: Photographed | None, *, is_not_done: bool) -> VisitState | None:
    """Say where a visit stands by its photograph; None where nothing is on record."""
    if is_not_done:
        return VisitState.NOT_DONE
    if photo is None:
        return None
    if photo.own is None:
        return VisitState.TO_SCORE
    return VisitState.TO_CONFIRM if photo.final is None else VisitState.DONE


def state_by_window(window: Window, withdrawal: Withdrawal | None, *, at: datetime) -> VisitState:
    """Say where a visit stands of which nothing is on record."""
    if withdrawal is not None and withdrawal.ends(window):
        return VisitState.WITHDRAWN
    if at < window.opens_at:
        return VisitState.NOT_YET
    return VisitState.DUE if at <= window.closes_at else VisitState.OVERDUE
