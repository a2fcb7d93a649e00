"""What wards and readers ask for, what they were answered, and what they must ask again."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from tests.house import NINA, NOAH, RAVI, RITA
from tests.killed.visitors import Asked, Died, Person, Reached, Refused, SignedOut, slot_of

__all__ = ["Tally", "Work"]

_FOREIGN = 1_000_000


@dataclass
class Tally:
    """What was asked, answered and found again."""

    kills: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    photos: dict[int, str] = field(default_factory=dict)
    """Acknowledged photographs: number to id."""
    unseen: list[Asked] = field(default_factory=list)
    """Acknowledged since the last look."""
    erased: set[str] = field(default_factory=set)
    """Patients whose erasure was asked: their photographs may be gone."""
    backups: int = 0
    """Commands that made a whole one."""


class Work:
    """Two nurses and two readers. Usable from a thread each."""

    def __init__(self) -> None:
        self.nurse, self.other, self.reader, self.second = map(Person, (NINA, NOAH, RITA, RAVI))
        self.tally = Tally()
        self.waiting: list[tuple[Person, Asked]] = []
        """What got no answer."""
        self._scored: set[int] = set()
        self._next = 0
        self._foreign = 0
        self._lock = threading.Lock()

    @property
    def everybody(self) -> Sequence[Person]:
        """Who works here."""
        return (self.nurse, self.other, self.reader, self.second)

    def any_of(self, person: Person, rng: np.random.Generator) -> Asked:
        """Draw what somebody asks for in the middle of the work."""
        if person in (self.reader, self.second):
            return Asked("read", int(rng.integers(6)))
        if person is self.other:
            return self.new_foreign()
        return self.step(rng) if rng.random() < 1 / 2 else self.new()

    def one_of_many(self, rng: np.random.Generator) -> tuple[Person, Asked]:
        """Draw somebody, and what is asked for."""
        draw = rng.random()
        if draw < 3 / 8:
            return self.nurse, self.new()
        if draw < 3 / 4:
            return self.nurse, self.step(rng)
        if draw < 7 / 8:
            reader = (self.reader, self.second)[int(rng.integers(2))]
            return reader, Asked("read", int(rng.integers(6)))
        return self.other, Asked("sign in", 0)

    def new(self) -> Asked:
        """Take one more photograph."""
        with self._lock:
            self._next += 1
            return Asked("photo", self._next)

    def new_foreign(self) -> Asked:
        """Take one more photograph, of a patient of the other site, who has none yet."""
        with self._lock:
            self._foreign += 1
            return Asked("foreign", _FOREIGN + self._foreign)

    def step(self, rng: np.random.Generator) -> Asked:
        """Go on with a photograph whose visit is to be confirmed; take another where there is none."""
        with self._lock:
            ready = [
                number
                for number in self.tally.photos
                if number < _FOREIGN and number not in self._scored and slot_of(number)[2]
            ]
            if ready:
                number = ready[int(rng.integers(len(ready)))]
                self._scored.add(number)
                return Asked("lock", number, self.tally.photos[number])
        return self.new()

    def do(self, person: Person, server: Reached, asked: Asked) -> bool:
        """Ask for one thing; gives whether there was an answer. What got none waits."""
        try:
            done = person.do(server, asked)
        except Died:
            with self._lock:
                self.waiting.append((person, asked))
            return False
        except SignedOut as error:
            self.tally.lost.append(f"a session: {error}")
            return False
        except Refused as error:
            self._note_refused(person, asked, str(error))
            return True
        self._note(done)
        return (
            self.do(person, server, replace(asked, act="keep", again=False)) if asked.act == "lock" else True
        )

    def repeat(self, server: Reached, *, of: Person | None = None) -> None:
        """Ask again for what got no answer, as a tablet and a person do."""
        with self._lock:
            mine = [one for one in self.waiting if of in (None, one[0])]
            self.waiting = [one for one in self.waiting if one not in mine]
        for person, asked in mine:
            self.do(person, server, replace(asked, again=True))

    def _note(self, done: Asked) -> None:
        with self._lock:
            self.tally.answered[done.act] += 1
            self.tally.unseen.append(done)
            if done.act in ("photo", "foreign"):
                self.tally.photos[done.number] = done.found

    def _note_refused(self, person: Person, asked: Asked, said: str) -> None:
        with self._lock:
            if asked.again and "already" in said:
                self.tally.unseen.append(asked)  # it was stored, and only the answer was lost
            elif "does not answer, or went away" in said:
                self.waiting.append((person, asked))
            else:
                self.tally.refused.append(f"{asked.act} {asked.number}: {said}")
