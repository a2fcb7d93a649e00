"""The order in which a reader reads and what comes back, drawn so that a restart changes nothing.

Each reader has an order of his own. A share of the photographs comes back to him unannounced, after some
others; how many others is drawn as well, so that nobody can count to it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush

from mottling.trial.adjudication import PhotoToRead, is_for, wants_reader, wants_second_look
from mottling.trial.reading_rules import ReadingRules

__all__ = ["Lot", "Planned", "plan_of"]

# Each page draws for every photograph anew. Two draws for four readers of 8,000 photographs, in some 20 MB.
_DRAWS_KEPT = 2**16


@dataclass(frozen=True)
class Planned:
    """One photograph that a reader is shown, or was shown."""

    photo_id: str
    is_repeat: bool = False
    is_second_look: bool = False
    """Read once more because the model lies far from its verdict: recorded, and told to nobody."""


@dataclass(frozen=True)
class Lot:
    """Draws for one reader; nobody can foresee it who does not hold the store."""

    seed: str
    """Of the store, the same for its whole life."""
    reader: str

    def draw(self, what: str, photo_id: str) -> float:
        """Give a number from 0 to 1, always the same for the same question."""
        return _drawn(self.seed, what, self.reader, photo_id)


@lru_cache(_DRAWS_KEPT)
def _drawn(seed: str, *asked: str) -> float:
    digest = hmac.digest(seed.encode(), "\0".join(asked).encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") / 2**64


def plan_of(
    lot: Lot, photos: Sequence[PhotoToRead], shown: Sequence[Planned], *, rules: ReadingRules
) -> tuple[Planned, ...]:
    """Plan what a reader still sees, as far as it can be known now. The first one comes next.

    Once it is shown, the plan is what followed it, unless wards or other readers did something meanwhile.
    So the number of photographs to come never says that one of them is a repeat.

    Args:
        lot: Draws for this reader.
        photos: Every photograph that is to be read.
        shown: What this reader was shown so far, in this order.
        rules: Of the trial file.
    """
    desk = _Desk(lot, rules)
    known = {photo.photo_id for photo in photos if lot.reader not in photo.met}
    came_back = {one.photo_id for one in shown if one.is_repeat}
    for place, one in enumerate(shown):
        if not one.is_repeat and one.photo_id in known - came_back:
            desk.expect(one.photo_id, place)
    scope = rules.scope_of(lot.reader)
    waiting = [
        Planned(photo.photo_id, is_second_look=wants_second_look(photo, rules=rules))
        for photo in photos
        if not (lot.reader in photo.readers or lot.reader in photo.without)
        and is_for(photo, scope, rules=rules)
        and wants_reader(photo, rules=rules)
    ]
    return desk.planned(sorted(waiting, key=lambda one: lot.draw("order", one.photo_id)), at=len(shown))


class _Desk:
    """Puts photographs in order, and those that come back between them."""

    def __init__(self, lot: Lot, rules: ReadingRules) -> None:
        self._lot = lot
        self._rules = rules
        self._back: list[tuple[int, float, str]] = []
        """When each photograph comes back at the earliest, the next one first."""

    def expect(self, photo_id: str, place: int) -> None:
        """Let a photograph that is shown at a place come back later, if it is drawn."""
        if self._lot.draw("repeat", photo_id) >= self._rules.repeats_share:
            return
        more = int(self._lot.draw("wait", photo_id) * (self._rules.repeat_after + 1))
        due = place + 1 + self._rules.repeat_after + more
        heappush(self._back, (due, self._lot.draw("order", photo_id), photo_id))

    def planned(self, waiting: Sequence[Planned], *, at: int) -> tuple[Planned, ...]:
        """Go on from a place until nothing is left, or what is left would come back too soon."""
        planned: list[Planned] = []
        first_ones = iter(waiting)
        while True:
            place = at + len(planned)
            if self._back and self._back[0][0] <= place:
                planned.append(Planned(heappop(self._back)[2], is_repeat=True))
                continue
            first_one = next(first_ones, None)
            if first_one is None:
                return tuple(planned)
            self.expect(first_one.photo_id, place)
            planned.append(first_one)
