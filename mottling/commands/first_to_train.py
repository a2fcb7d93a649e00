"""`mottling first-to-train`: what training would learn most from, once the read-out is closed."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.new_file import write_new
from mottling.commands.trial_options import OFFICE, Place, now, trial_options

__all__ = ["command"]


@click.command("first-to-train")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT.csv")
@trial_options
def command(place: Place, out: Path) -> None:
    """List the photographs that training would learn most from if somebody marked or read them again.

    Each comes with its reasons: readers differed, the model was far off or in doubt, score or skin tone are
    rare. The photographs are named as `mottling freeze` names them. Refused while the read-out is open, for
    such an order tells what the model doubts; the file is for nobody who may still read this trial.
    """
    write_new(out, lambda: _listed(place))
    click.echo(f"{out}: what to look at first is listed.")


def _listed(place: Place) -> bytes:
    with place.opened(must_exist=True) as services:
        return services.first_to_train.listed(OFFICE, at=now())
