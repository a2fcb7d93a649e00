"""Sends mutated photographs through a process that may crash or hang, and counts what came of each."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import tempfile
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

import click
from tqdm import tqdm

from tests.fuzz_uploads.mutations import Sent, draw
from tests.fuzz_uploads.ward_door import Answered, open_door

_LIMIT_S = 120.0  # by the clock, of a machine that may be busy; the processor's time is told beside
_STARTS_WITHIN_S = 600.0
_MOST_MB = 1000.0


@dataclass
class Tally:
    """What came of the uploads."""

    sentences: Counter[str] = field(default_factory=Counter)
    stored: int = 0
    bad: list[str] = field(default_factory=list)
    """Each that crashed, hung or was wrong."""
    crashed: int = 0
    hung: int = 0
    wrong: int = 0
    most_mb: tuple[float, int] = (0.0, 0)
    """The most memory that one took, and which."""
    longest_s: tuple[float, int] = (0.0, 0)
    """The most time of the processor, and which."""

    def note(self, sent: Sent, answered: Answered | str | None) -> None:
        """Note how an upload ended: answered, by an error that nobody expects, or not at all."""
        name = f"{sent.number} ({sent.kind}: {', '.join(sent.mutations)})"
        if answered is None:
            self.hung += 1
            self.bad.append(f"{name} hung")
        elif isinstance(answered, str):
            self.crashed += 1
            self.bad.append(f"{name} crashed: {answered}")
        else:
            self._note_answer(sent, name, answered)

    def _note_answer(self, sent: Sent, name: str, answered: Answered) -> None:
        self.most_mb = max(self.most_mb, (answered.peak_mb, sent.number))
        self.longest_s = max(self.longest_s, (answered.processor_s, sent.number))
        wrong = answered.wrong
        if not wrong and answered.peak_mb > _MOST_MB:
            wrong = f"it took {answered.peak_mb:.0f} MB"
        if wrong:
            self.wrong += 1
            self.bad.append(f"{name}: {wrong}")
        if answered.status == 201:
            self.stored += 1
        else:
            self.sentences[answered.message] += 1


class _Worker:
    """A process that sends what it is told."""

    def __init__(self, folder: Path, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, folder, seed), daemon=True)
        self._process.start()
        theirs.close()
        self.is_alive = self._pipe.poll(_STARTS_WITHIN_S) and self._pipe.recv() == "open"

    def send(self, number: int) -> Answered | str | None:
        """Send an upload; gives nothing when it hung, and a text when it crashed."""
        try:
            self._pipe.send(number)
            if not self._pipe.poll(_LIMIT_S):
                self.stop()
                return None
            answered: Answered | str = self._pipe.recv()
        except (EOFError, OSError):
            self.stop()
            return f"the process ended with {self._process.exitcode}"
        return answered

    def whole(self, stored: int) -> str:
        """Ask what is wrong with the store in the end."""
        self._pipe.send(-stored - 1)
        return str(self._pipe.recv())

    def stop(self) -> None:
        """End the process."""
        self.is_alive = False
        self._process.kill()
        self._process.join()


def _serve(pipe: Connection, folder: Path, seed: int) -> None:
    # As in the server: what a decoder warns of ends no upload. libtiff writes its own lines beside.
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with open_door(folder) as door:
        pipe.send("open")
        while True:
            number = pipe.recv()
            if number < 0:
                pipe.send(door.whole(-number - 1))
                return
            try:
                pipe.send(door.send(draw(number, seed=seed)))
            except Exception:  # noqa: BLE001 # whatever it is, it is what is looked for
                pipe.send(traceback.format_exc(limit=-4))


def run(folder: Path, *, numbers: range, seed: int) -> Tally:
    """Send the uploads of some numbers; what is wrong in the end is noted like what crashed."""
    tally = Tally()
    worker = _Worker(folder, seed)
    for number in tqdm(numbers, disable=None):
        tally.note(draw(number, seed=seed), worker.send(number))
        if not worker.is_alive:
            worker = _Worker(folder, seed)
    problem = worker.whole(tally.stored)
    if problem:
        tally.wrong += 1
        tally.bad.append(f"the store: {problem}")
    return tally


def main(description: str) -> int:
    """Send them all, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_uploads", description=description)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the number of the first one")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        numbers = range(asked.first, asked.first + asked.count)
        tally = run(Path(folder), numbers=numbers, seed=asked.seed)
    for one in tally.bad:
        click.echo(one)
    for sentence, times in tally.sentences.most_common():
        click.echo(f"{times:6} {sentence}")
    click.echo(
        f"seed {asked.seed}, {numbers.start} to {numbers.stop - 1}: {len(numbers)} uploads,"
        f" {tally.stored} stored, {sum(tally.sentences.values())} refused with a sentence,"
        f" {tally.crashed} crashed, {tally.hung} hung, {tally.wrong} wrong;"
        f" the most memory {tally.most_mb[0]:.0f} MB (number {tally.most_mb[1]}),"
        f" the most processor time {tally.longest_s[0]:.2f} s (number {tally.longest_s[1]})"
    )
    return 1 if tally.bad else 0
