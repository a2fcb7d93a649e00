"""`mottling erase-photos`: the photographs of a patient who withdrew are destroyed."""

from __future__ import annotations

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.trial.outcome_rules import OfErased

__all__ = ["command"]

_SCORES = {
    OfErased.STAY: "Scores stay.",
    OfErased.LEFT_OUT: "Scores are left out from now on, as the trial file says; their records stay.",
}


@click.command("erase-photos")
@click.argument("patient")
@click.option("--reason", required=True, metavar="TEXT", help="Why, such as: consent withdrawn on 3 March.")
@click.option("--yes", is_flag=True, help="Do not ask whether it is meant.")
@trial_options
def command(place: Place, patient: str, *, reason: str, yes: bool) -> None:
    """Destroy the key of PATIENT: photographs and overlays can never be read again, nor copies without keys.

    The record that they were erased, by whom and why, stays in the chain, and so do the scores. Whether those
    are shown and counted any more, the trial file says (`scores_of_erased`).
    """
    with place.opened(must_exist=True) as services:
        if not yes:
            click.confirm(f"Destroy every photograph of patient {patient} for good?", abort=True)
        count = services.office.erase_photos(OFFICE, patient, reason=reason, at=now())
    rule = services.charter.outcome.scores_of_erased
    click.echo(f"{patient}: {count} photographs erased. {_SCORES[rule]}")
    click.echo("Copies of the folder `keys` hold the key still: copy it anew and destroy the older copies.")
    click.echo("Training sets that were frozen before hold pictures of these photographs.")
