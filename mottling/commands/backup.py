"""`mottling backup`: a copy of everything, made while the server runs."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.progress import bar
from mottling.commands.trial_options import COMMAND, Place, now, trial_options
from mottling.errors import StoreRefused
from mottling.shipped import shipped
from mottling.store.backup import BackedUp
from mottling.store.store import Store
from mottling.trial.office_records import ExportRecord

__all__ = ["command"]


@click.command("backup")
@click.argument("out", type=click.Path(path_type=Path, file_okay=False), metavar="OUT")
@click.option(
    "--keys",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Bring a copy of the keys up to date too, in a folder apart: without keys nobody sees a photo.",
)
@trial_options
@click.pass_context
def command(context: click.Context, place: Place, out: Path, *, keys: Path | None) -> None:
    """Bring the folder OUT to what the store holds now: records, photographs and models. A server may run.

    What is in OUT already is not copied again. Exits with 1 when a photograph is missing.
    """
    found = place.chosen()
    if keys is not None and (out in keys.parents or keys in out.parents or keys == out):
        raise StoreRefused(
            f"{keys} and {out} stand within each other", remedy="Keep the keys apart from the photographs"
        )
    with Store.open(found.data, must_exist=True, photos=found.photos, records=found.records) as store:
        at = now()
        with bar("Backing up") as tell:
            done = store.back_up(out, models=found.models or shipped("models"), at=at, progress=tell)
        store.office.note_export(
            ExportRecord(by=COMMAND, at=at, kind="backup", sha256=done.manifest_sha256, rows=done.rows)
        )
        count = None if keys is None else store.back_up_keys(keys, at=at)
    for line in _lines(out, done, keys, count):
        click.echo(line)
    context.exit(1 if done.missing else 0)


def _lines(out: Path, done: BackedUp, keys: Path | None, count: int | None) -> list[str]:
    lines = [
        f"{out}: {done.rows} records; files copied: {done.copied}; there already: {done.kept}; "
        f"removed: {done.removed}"
    ]
    if count is not None:
        lines.append(f"{keys}: {count} keys, and none that was there before")
    if done.missing:
        lines.append(f"Photographs and overlays that are missing or damaged here: {len(done.missing)}")
        lines += [f"  {sha256}" for sha256 in done.missing]
        lines.append("Run `mottling verify`, and restore them from an earlier backup.")
    return lines
