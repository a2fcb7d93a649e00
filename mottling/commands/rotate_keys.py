"""`mottling rotate-keys`: another key of the server, and no photograph left that is not sealed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mottling.commands.records import data_option, records
from mottling.commands.trial_options import COMMAND

__all__ = ["command"]


@click.command("rotate-keys")
@data_option
def command(data: Path | None) -> None:
    """Draw another key of the server, wrap the key of each patient with it, and destroy the old one.

    Photographs that were stored before there were keys are sealed. A server may run meanwhile.
    """
    with records(data) as store:
        done = store.vault.rotate(by=COMMAND, at=datetime.now(UTC))
    click.echo(f"Keys of patients wrapped anew: {done.keys}")
    click.echo(f"Photographs and overlays sealed that were not: {done.sealed}")
    click.echo("Copy the folder `keys` anew: the older copies open only what was sealed until now.")
