"""Reads the command line of `python -m tests.killed`, kills, and prints."""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# A copy of this process imports nothing anew.
import alembic.command
import alembic.config  # noqa: F401
import click

from tests.house import charter_text, house_settings
from tests.killed.looks import Copies
from tests.killed.rehearsal import Places, Rehearsal
from tests.killed.server import Servers
from tests.postgres_server import PostgresServer, postgres_server

__all__ = ["main", "rehearsal"]

_FULL_LOOK_EVERY = 100


def main(about: str, arguments: Sequence[str] | None = None) -> int:
    """Read the command line, kill, look and print; gives the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.killed", description=about)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument(
        "--minutes", type=float, default=60.0, help="stop then, however many kills there were"
    )
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name, rehearsal(Path(name), given.records, seed=given.seed) as run:
        problem = _run(run, kills=given.kills, minutes=given.minutes)
        return _say(run, problem, f"{given.records}, seed {given.seed}")


def _run(run: Rehearsal, *, kills: int, minutes: float) -> str:
    """Kill until there were enough, or something is wrong; gives what is."""
    began, problem = time.monotonic(), ""
    run.begin()
    for count in range(1, kills + 1):
        run.kill_once()
        is_last = count == kills or time.monotonic() - began > 60 * minutes or bool(run.tally.lost)
        if count % _FULL_LOOK_EVERY == 0 or is_last:
            problem = run.look_at_everything()
            answers, took_s = run.tally.answered.total(), time.monotonic() - began
            click.echo(f"{count} kills, {answers} answers, {took_s:.0f} s", err=True)
        if is_last or problem:
            break
    return problem


def _say(run: Rehearsal, problem: str, what: str) -> int:
    tally = run.tally
    for point, times in sorted(tally.kills.items()):
        click.echo(f"{times:5} {point}")
    acts = ", ".join(f"{times} {act}" for act, times in sorted(tally.answered.items()))
    click.echo(f"answered: {acts}; refused: {len(tally.refused)}; whole backups: {tally.backups}")
    for said in tally.refused[:5]:
        click.echo(f"refused: {said}")
    for said in tally.lost:
        click.echo(f"lost: {said}")
    click.echo(
        f"{what}: {tally.kills.total()} kills, {tally.answered.total()} acknowledged, "
        f"{len(tally.lost)} lost, {len(tally.photos)} photographs; {problem or 'the chain is whole'}"
    )
    return 1 if problem or tally.lost else 0


@contextmanager
def rehearsal(folder: Path, records: str, *, seed: int) -> Iterator[Rehearsal]:
    """Make ready what is killed, in a folder of its own."""
    copies = Copies(folder / "out", folder / "copied-keys")
    settings = house_settings(folder, charter=charter_text())
    if records == "sqlite":
        yield Rehearsal(Servers(settings), Places(copies), seed=seed)
        return
    with postgres_server() as server:
        settings = settings.model_copy(update={"records": server.url(server.new_database())})
        places = Places(copies, _Migrated(server).new, server.restart)
        yield Rehearsal(Servers(settings), places, seed=seed)


class _Migrated:
    """Databases in which a migration dies: one at a time."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self._last = ""

    def new(self) -> str:
        """Take the last one away, and make another; gives its URL."""
        if self._last:
            self._server.drop(self._last)
        self._last = self._server.new_database()
        return self._server.url(self._last)
