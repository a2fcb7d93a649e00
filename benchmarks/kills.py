"""How many acknowledged records are lost when the server is killed: `python -m benchmarks.kills --kills 500`.

Each time a server process opens the store and does what it is asked; what it answered counts as acknowledged.
Then it dies by SIGKILL: at a named point, after a random number of statements and files, or at a random
moment of the clock. What was asked when it died is asked again of the next one. After each kill what was
acknowledged since is read back; every hundred kills and at the end the whole chain and every photograph are
computed anew, and the last backup is restored.

A kill of the process leaves what the system holds: losing power is another test, and needs another machine.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from benchmarks.kill_looks import FAILED, apart, begin, copy_that, kill_a_migration, look, look_at_everything
from benchmarks.kill_points import POINTS, Done, Folders, Order, serve

_AT_A_STEP = "at a random step"
_AT_RANDOM = "at a random moment of the clock"
_MOST_STEPS = 200
_LONGEST_S = 0.5
_COMMIT_S = 0.004
_NEVER_S = 3600.0
_FULL_CHECK_EVERY = 100


@dataclass
class Tally:
    """What was asked, answered and found again."""

    kills: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    lost: list[str] = field(default_factory=list)
    photos: dict[int, str] = field(default_factory=dict)
    """Acknowledged photographs: number to id."""
    unseen: list[Done] = field(default_factory=list)
    """Acknowledged since the last look."""
    erased: set[int] = field(default_factory=set)
    """Numbers whose erasure was asked: their photographs may be gone."""
    backups: int = 0

    def note(self, done: Done) -> None:
        """Note what the server answered."""
        self.answered += 1
        self.unseen.append(done)
        if done.act in {"photo", "enrol"}:
            self.photos[done.number] = done.photo_id
        self.backups += done.act == "backup"


class Rehearsal:
    """One run of many kills."""

    def __init__(self, folders: Folders, *, seed: int) -> None:
        self._folders = folders
        self._rng = np.random.default_rng(seed)
        self._next = 1_000_000 * seed
        self._waiting: Order | None = None
        self.tally = Tally()

    def kill_once(self) -> None:
        """Start a server, ask it for this and that, kill it, and look at what is left."""
        points = [*POINTS, *[_AT_A_STEP, _AT_RANDOM] * (len(POINTS) // 2)]
        point = str(self._rng.choice(points))
        self.tally.kills[point] += 1
        if POINTS.get(point) == "migrate":
            statement = int(self._rng.integers(1, 12))
            self.tally.lost += kill_a_migration(self._folders.data.with_name("old"), statement=statement)
            return
        here, there = Pipe()
        process = _fork(self._folders, here, there)
        there.close()
        delay_s = float(self._rng.uniform(0.0, _LONGEST_S)) if point == _AT_RANDOM else _NEVER_S
        timer = threading.Timer(delay_s, os.kill, (process, signal.SIGKILL))
        with suppress(EOFError, ConnectionError):
            here.recv()
            timer.start()
            self._ask(here, point)
        timer.cancel()
        if timer.ident is not None:
            timer.join()
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        here.close()
        if os.waitstatus_to_exitcode(status) == FAILED:
            self.tally.lost.append("a server that failed by itself")
        self.look()

    def _ask(self, wire: Connection, point: str) -> None:
        if self._waiting is not None:
            self._do(wire, self._waiting)
        for order in self._orders(point):
            self._do(wire, order)

    def _do(self, wire: Connection, order: Order) -> None:
        # What was asked when the server died is asked again, without dying there again.
        self._waiting = Order(order.act, order.number, order.photo_id)
        if order.act == "erase":
            self.tally.erased.add(order.number)
        wire.send(order)
        done: Done = wire.recv()
        self.tally.note(done)
        self._waiting = None

    def _orders(self, point: str) -> list[Order]:
        """Draw what is asked; the last order passes by the point, if there is one."""
        orders = [self._new("photo") for _ in range(int(self._rng.integers(1, 4)))]
        known = [number for number in self.tally.photos if number not in self.tally.erased]
        if known:
            number = int(self._rng.choice(known))
            orders += [Order(act, number, self.tally.photos[number]) for act in ("own", "final")]
        if point in POINTS:
            return orders + self._past(point, POINTS[point], known)
        orders += [self._new("enrol"), self._new("photo"), Order("backup", 0), self._new("photo")]
        if point == _AT_A_STEP:
            orders[0] = replace(orders[0], kill_after=int(self._rng.integers(1, _MOST_STEPS)))
        return orders

    def _past(self, point: str, act: str, known: Sequence[int]) -> list[Order]:
        if act in {"photo", "enrol"}:
            return [self._new(act, kill_at=point)]
        if act in {"own", "final"}:
            return [Order(act, known[-1], self.tally.photos[known[-1]], kill_at=point)] if known else []
        if act == "erase":
            return self._to_erase(point)
        return [Order(act, 0, kill_at=point)]

    def _to_erase(self, point: str) -> list[Order]:
        new = self._new("enrol")
        return [new, Order("erase", new.number, kill_at=point)]

    def _new(self, act: str, *, kill_at: str = "") -> Order:
        self._next += 1
        delay_s = float(self._rng.uniform(0.0, _COMMIT_S))
        return Order(act, self._next, kill_at=kill_at, delay_s=delay_s)

    def look(self) -> None:
        """Read back what was acknowledged since the last look."""
        tally = self.tally
        tally.lost += apart(lambda: look(self._folders, tally.unseen, tally.erased))
        tally.unseen.clear()

    def look_at_everything(self) -> str:
        """Compute everything anew; gives what is wrong, or nothing."""
        tally = self.tally
        return apart(lambda: look_at_everything(self._folders, tally.photos, has_backup=tally.backups > 0))


def _fork(folders: Folders, here: Connection, there: Connection) -> int:
    def serve_until_killed() -> None:
        here.close()
        with suppress(EOFError, ConnectionError):
            serve(folders, there)

    return copy_that(serve_until_killed)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, kill, look and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="stop then, however many kills there were"
    )
    given = parser.parse_args(arguments)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        folders = Folders(*(Path(folder) / name for name in ("data", "models", "out", "keys")))
        apart(lambda: begin(folders))
        rehearsal = Rehearsal(folders, seed=given.seed)
        problem = ""
        for count in range(1, given.kills + 1):
            rehearsal.kill_once()
            is_last = count == given.kills or time.monotonic() - began > 60 * given.minutes
            if count % _FULL_CHECK_EVERY == 0 or is_last:
                problem = rehearsal.look_at_everything()
                print(
                    f"{count} kills, {rehearsal.tally.answered} answers, {time.monotonic() - began:.0f} s",
                    flush=True,
                )
            if is_last or problem or rehearsal.tally.lost:
                break
    tally = rehearsal.tally
    for point, times in sorted(tally.kills.items()):
        print(f"{times:5} {point}")
    print(
        f"seed {given.seed}: {sum(tally.kills.values())} kills, {tally.answered} acknowledged, "
        f"{len(tally.lost)} lost, {len(tally.photos)} photographs; {problem or 'the chain is whole'}"
    )
    for lost in tally.lost:
        print(f"lost: {lost}")
    return 1 if problem or tally.lost else 0


if __name__ == "__main__":
    sys.exit(main())
