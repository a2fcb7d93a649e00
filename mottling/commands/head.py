"""`mottling head`: how the chain of records ends, signed, to be kept somewhere else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from mottling.settings import read_settings
from mottling.store.store import Store

__all__ = ["command"]


@click.command("head")
@click.option(
    "--data",
    type=click.Path(path_type=Path, file_okay=False),
    help="The data folder; without it, the one that app.toml names.",
)
def command(data: Path | None) -> None:
    """Print the number of records, the last one's hash and the time, signed with the key of this store.

    Keep it where nobody who has this machine can change it, such as in a mail to the sponsor. Then
    `mottling verify --head FILE` finds a chain that was written anew, however well it fits together.
    """
    with Store.open(data or read_settings().data, must_exist=True) as store:
        head = store.head(at=datetime.now(UTC))
    click.echo(head.model_dump_json())
