"""`mottling head`: how the chain of records ends, signed, to be kept somewhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mottling.commands.records import data_option, records

__all__ = ["command"]


@click.command("head")
@data_option
def command(data: Path | None) -> None:
    """Print the number of records, the last one's hash and the time, signed with the key of this store.

    Keep it where nobody who has this machine can change it, such as in a mail to the sponsor. Then
    `mottling verify --head FILE` finds a chain that was written anew, however well it fits together.
    """
    with records(data) as store:
        head = store.head(at=datetime.now(UTC))
    click.echo(head.model_dump_json())
