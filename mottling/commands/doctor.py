"""`mottling doctor`: is everything that the server needs as it should be?"""

from __future__ import annotations

import click

from mottling.commands.trial_options import Place, now, trial_options
from mottling.services.doctor import Level, examine

__all__ = ["command"]


@click.command("doctor")
@trial_options
@click.pass_context
def command(context: click.Context, place: Place) -> None:
    """Look at disk, clock, rights, records, keys, backup, trial file and model, and change nothing.

    One line each: ok, warning or error, and what to do. Exits with 1 when there is an error.
    """
    findings = examine(place.chosen(), at=now())
    for finding in findings:
        remedy = f". {finding.remedy}" if finding.remedy else ""
        click.echo(f"{finding.level.value:8}{finding.what}{remedy}.")
    context.exit(1 if any(finding.level is Level.ERROR for finding in findings) else 0)
