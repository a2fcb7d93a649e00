"""`mottling restore`: a backup becomes a data folder again."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.progress import bar
from mottling.commands.trial_options import now
from mottling.store.head import read_head
from mottling.store.restore import Elsewhere, restore

__all__ = ["command"]

_folder = click.Path(path_type=Path, file_okay=False)


@click.command("restore")
@click.argument("source", type=_folder, metavar="FROM")
@click.option("--data", type=_folder, metavar="NEW", required=True, help="A folder that does not exist.")
@click.option("--keys", type=_folder, metavar="DIR", help="The copy of the keys that `mottling backup` made.")
@click.option(
    "--head",
    "heads",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="A head that `mottling head` printed earlier, which the records must go on from.",
)
@click.option("--photos", metavar="URL", help="A bucket for the photographs, s3://bucket/prefix.")
@click.option(
    "--records", metavar="URL", help="An empty database for the records, postgresql://user@host/database."
)
def command(
    source: Path,
    *,
    data: Path,
    keys: Path | None,
    heads: tuple[Path, ...],
    photos: str | None,
    records: str | None,
) -> None:
    """Make the data folder NEW of the backup FROM, after every file and the whole chain were checked.

    A backup that was altered is refused, and NEW is not made.
    """
    known = [read_head(path) for path in heads]
    elsewhere = Elsewhere(photos, records)
    with bar("Restoring") as tell:
        done = restore(source, data, keys=keys, heads=known, at=now(), elsewhere=elsewhere, progress=tell)
    click.echo(f"{data}: {done.rows} records, as of {done.made_at:%Y-%m-%d %H:%M} UTC")
    if done.has_keys:
        click.echo(f"Photographs and overlays that were unsealed and checked: {done.files}")
    else:
        click.echo("Without --keys the photographs are there, and nobody can read them.")
    if done.missing:
        click.echo(f"Photographs and overlays that were lost before the backup was made: {done.missing}")
    if done.erased_since:
        click.echo(f"Patients who were erased after the backup was made: {done.erased_since}")
    click.echo(f"Its models stand in {data / 'models'}: name that folder in app.toml, or with --models.")
