"""`mottling outcome`: the trial's outcome, a value or a reason for every patient."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.new_file import write_new
from mottling.commands.outcome_lines import diff_lines, outcome_lines, snapshot_line
from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.services.results import Results

__all__ = ["command"]


@click.command("outcome")
@click.option(
    "--csv",
    "out",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write every column to the file OUT instead.",
)
@click.option("--freeze", is_flag=True, help="Freeze the table as it stands into a snapshot, and sign it.")
@click.option("--because", metavar="TEXT", help="Why this snapshot takes the place of the one before.")
@click.option("--snapshots", is_flag=True, help="List the snapshots.")
@click.option(
    "--diff",
    "pair",
    type=(int, int),
    metavar="A B",
    help="Say what changed from snapshot A to snapshot B, and what was recorded in between.",
)
@trial_options
def command(
    place: Place,
    out: Path | None,
    *,
    freeze: bool,
    because: str | None,
    snapshots: bool,
    pair: tuple[int, int] | None,
) -> None:
    """Print the outcome of every patient: a value, or the reason why there is none.

    The rules stand in the trial file's table [outcome]; nothing is imputed. A value names the photograph, the
    answer and the model that it goes back to; `+` marks a lower bound, `!` a photograph outside its window.
    """
    if [out is not None, freeze, snapshots, pair is not None].count(True) > 1:
        raise click.UsageError("Give one of --csv, --freeze, --snapshots and --diff")
    if because is not None and not freeze:
        raise click.UsageError("--because goes with --freeze")
    with place.opened(must_exist=True) as services:
        results = services.results
        if out is not None:
            lines = [_written(results, out)]
        elif freeze:
            lines = _frozen(results, because)
        elif snapshots:
            lines = [snapshot_line(one) for one in results.snapshots(OFFICE)] or ["There is no snapshot yet."]
        elif pair is not None:
            lines = diff_lines(results.diff(OFFICE, *pair))
        else:
            lines = outcome_lines(results.outcome(OFFICE, at=now()))
    for line in lines:
        click.echo(line)


def _written(results: Results, out: Path) -> str:
    write_new(out, lambda: results.outcome_csv(OFFICE, at=now()))
    return f"{out}: the outcome of every patient written."


def _frozen(results: Results, because: str | None) -> list[str]:
    frozen = results.freeze(OFFICE, because=because, at=now())
    return [
        snapshot_line(frozen.snapshot),
        "The chain that holds it, signed; keep this line somewhere else:",
        frozen.head.model_dump_json(),
    ]
