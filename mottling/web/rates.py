"""How often one person, or one address, may ask for the same thing: guesses and floods are answered 429.

Counted in this process's memory: where several servers serve a trial, each counts what comes to it. What is
counted is of the last minute, and a restart forgets it. Wrong passwords and PINs are counted in the records
besides, which all servers share and no restart forgets.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

__all__ = ["Rates"]

_MINUTE_S = 60.0
# Far more than a trial has people; the ones that asked longest ago are let go first.
_KEPT = 10_000


@dataclass(frozen=True)
class _Left:
    """How many requests somebody had left, and when that was counted."""

    requests: float
    at_s: float


class Rates:
    """A minute's requests come back evenly: who has used them up may ask again after a moment."""

    def __init__(self) -> None:
        self._left: OrderedDict[str, _Left] = OrderedDict()

    def allows(self, who: str, *, per_minute: int, at_s: float) -> bool:
        """Say whether one more request is allowed, and count it if so.

        Args:
            who: Whose requests are counted together.
            per_minute: How many are allowed, at once or one after the other.
            at_s: Now, on a clock that never goes back.
        """
        before = self._left.pop(who, _Left(per_minute, at_s))
        came_back = (at_s - before.at_s) * per_minute / _MINUTE_S
        left = min(float(per_minute), before.requests + came_back)
        is_allowed = left >= 1
        self._left[who] = _Left(left - 1 if is_allowed else left, at_s)
        if len(self._left) > _KEPT:
            self._left.popitem(last=False)
        return is_allowed
