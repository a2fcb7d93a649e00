"""One run of many kills: servers that answer HTTP, people who ask on, and a look at what is left."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from benchmarks.kill_looks import FAILED, apart, copy_that, kill_a_migration
from tests.killed.looks import BESIDE, Copies, beside, look, look_at_everything, make_trial
from tests.killed.server import BEFORE_THE_ANSWER, WITHIN_THE_ANSWER, Arms, Server, Servers
from tests.killed.visitors import Asked, Person, foreign_patient
from tests.killed.work import Work

__all__ = ["DATABASE", "MIGRATION", "Places", "Rehearsal", "points"]

_KEY = ("before a patient's key is drawn", "after a patient's key is drawn")
_PHOTO = ("before the photograph", "after the photograph, before the row")
_ROW = (
    "before the row",
    "between the row of the chain and the record",
    "before the commit",
    "in the middle of a commit",
)
_ANSWER = (BEFORE_THE_ANSWER, WITHIN_THE_ANSWER)
MIGRATION = "in the middle of a migration"
DATABASE = "the database is restarted, then the server killed"
_STEP = "at a random step"
_LOAD = "at a random moment, four people at work"
_OUTSIDE = "after the answer"
_STATEMENTS = 200
_STEPS = 80
_COMMIT_S = 0.004
_LOAD_S = 1.0
_DEADLY = 0.7
_LATE_S = 0.02


@dataclass(frozen=True)
class Places:
    """Where copies go, and the databases of PostgreSQL."""

    copies: Copies
    empty_database: Callable[[], str | None] = lambda: None
    """Makes a database for a migration, and takes the last one away; gives None where there are none."""
    restart: Callable[[], None] | None = None
    """Restarts the database as after a power cut."""


def points(*, on_postgresql: bool) -> list[str]:
    """List where something dies; what is random comes as often as what is named."""
    named = [*_KEY, *_PHOTO, *_ROW, *_ANSWER, *BESIDE, MIGRATION]
    named += [DATABASE] if on_postgresql else []
    return named + [_STEP] * (len(named) // 4) + [_LOAD] * (len(named) // 2)


class Rehearsal:
    """Kills, and remembers what was answered."""

    def __init__(self, servers: Servers, places: Places, *, seed: int) -> None:
        self.work = Work()
        self.tally = self.work.tally
        self._servers = servers
        self._places = places
        self._rng = np.random.default_rng(seed)
        self._points = points(on_postgresql=places.restart is not None)

    def begin(self) -> None:
        """Make the trial, and let everybody sign in."""
        everybody = self.work.everybody
        apart(lambda: make_trial(self._servers.settings, [person.user for person in everybody]))
        server = self._servers.start()
        for person in everybody:
            person.token = person.do(server, Asked("sign in", 0)).found
        server.kill()

    def kill_once(self) -> None:
        """Start a server, let people work, kill it or what works beside it, and look at what is left."""
        point = str(self._rng.choice(self._points))
        if point == MIGRATION:
            self._kill_a_migration()
            return
        server = self._servers.start()
        self.work.repeat(server)
        if point in BESIDE:
            self._beside(server, point)
        elif point in (_LOAD, DATABASE):
            self._under_load(server, point)
        else:
            self._at(server, point)
        if server.kill() == FAILED:
            self.tally.lost.append("a server that failed by itself")
        self.look()

    def _kill_a_migration(self) -> None:
        folder = self._servers.settings.data.with_name("old")
        statement = int(self._rng.integers(1, _STATEMENTS))
        records = self._places.empty_database()
        self.tally.lost += kill_a_migration(folder, statement=statement, records=records)
        self.tally.kills[MIGRATION] += 1

    def _beside(self, server: Server, point: str) -> None:
        """Let a command die beside the server, while a ward works."""
        work, patient = self.work, ""
        if BESIDE[point] == "erase":
            new = work.new_foreign()
            patient = foreign_patient(new.number)
            work.do(work.other, server, new)
            self.tally.erased.add(patient)
        settings, copies = self._servers.settings, self._places.copies
        # Some end well, so that there is a backup to restore.
        deadly = point if self._rng.random() < _DEADLY else ""
        process = copy_that(
            lambda: beside(settings, copies, act=BESIDE[point], point=deadly, patient=patient)
        )
        work.do(work.nurse, server, work.new())
        _, status = os.waitpid(process, 0)
        ended = os.waitstatus_to_exitcode(status)
        self.tally.kills[point if ended == -signal.SIGKILL else _OUTSIDE] += 1
        self.tally.backups += ended == 0 and BESIDE[point] == "back up"
        if ended == FAILED:
            self.tally.lost.append(f"a command that failed by itself: {point}")

    def _under_load(self, server: Server, point: str) -> None:
        """Let four people work, and kill the server meanwhile, or first the database."""
        people = [
            threading.Thread(target=self._work_on, args=(one, server, self._rng.spawn(1)[0]))
            for one in self.work.everybody
        ]
        server.is_alive()
        for each in people:
            each.start()
        self._let_some_time_pass()
        if point == DATABASE:
            assert self._places.restart is not None
            self._places.restart()
            self._let_some_time_pass()
        with suppress(ProcessLookupError):
            os.kill(server.process, signal.SIGKILL)
        for each in people:
            each.join()
        self.tally.kills[point] += 1

    def _let_some_time_pass(self) -> None:
        time.sleep(float(self._rng.uniform(0.05, _LOAD_S)))

    def _work_on(self, person: Person, server: Server, rng: np.random.Generator) -> None:
        """Work until the server is gone."""
        while self.work.do(person, server, self.work.any_of(person, rng)):
            pass

    def _at(self, server: Server, point: str) -> None:
        """Let a server die at a point, or after some steps."""
        work = self.work
        if self._rng.random() < 1 / 2:
            work.do(work.nurse, server, work.new())
        person, asked = work.nurse, work.new()
        if point in _KEY:
            person, asked = work.other, work.new_foreign()
        elif point in (*_ROW, *_ANSWER):
            person, asked = work.one_of_many(self._rng)
        delay_s = float(self._rng.uniform(0.0, _COMMIT_S))
        steps = int(self._rng.integers(1, _STEPS)) if point == _STEP else 0
        server.arm(Arms("" if point == _STEP else point, steps, delay_s))
        has_died = not work.do(person, server, asked)
        while point == _STEP and not has_died:
            person, asked = work.one_of_many(self._rng)
            has_died = not work.do(person, server, asked)
        if not has_died:
            time.sleep(_LATE_S)  # for one that dies a moment after the beginning of a commit
            has_died = server.is_dead()
        self.tally.kills[point if has_died else _OUTSIDE] += 1

    def look(self) -> None:
        """Read back what was answered since the last look."""
        tally, settings = self.tally, self._servers.settings
        tally.lost += apart(lambda: look(settings, tally.unseen, tally.erased))
        tally.unseen.clear()

    def look_at_everything(self) -> str:
        """Compute everything anew; gives what is wrong, or nothing."""
        copies = self._places.copies if self.tally.backups else None
        settings, photos = self._servers.settings, self.tally.photos
        return apart(lambda: look_at_everything(settings, photos, copies))
