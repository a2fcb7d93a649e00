"""`mottling freeze`: the photographs that have a verdict, as a set to train with."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options

__all__ = ["command"]


@click.command("freeze")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@trial_options
def command(place: Place, out: Path) -> None:
    """Write the photographs that have a verdict into the folder OUT, under pseudonyms and without Exif.

    Patients without consent for retraining are left out. Continue training with the others by
    `python -m training.train --extra OUT`.
    """
    with place.opened(must_exist=True) as services:
        count = services.office.freeze(OFFICE, out, at=now())
        known = services.consents.standing(OFFICE)
    click.echo(f"{out}: {count} photographs with a verdict")
    unknown = "taken as given" if known.is_implied else "left out"
    click.echo(
        f"Consent for retraining: given {known.given}, refused {known.refused}, "
        f"not known {known.unknown} ({unknown})"
    )
