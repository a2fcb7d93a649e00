"""`mottling verify`: is every record and every photograph what was written?"""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.progress import bar
from mottling.commands.records import data_option, records
from mottling.store.head import difference, read_head
from mottling.store.verify import Findings

__all__ = ["command"]


@click.command("verify")
@data_option
@click.option(
    "--head",
    "heads",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    multiple=True,
    help="A head that `mottling head` printed earlier; may be given several times.",
)
@click.pass_context
def command(context: click.Context, data: Path | None, heads: tuple[Path, ...]) -> None:
    """Compute the chain of records and every photograph's sha256 anew.

    Exits with 1 and names the first bad row or photograph when something is not what was written.
    """
    kept = [read_head(path) for path in heads]
    with records(data) as store:
        with bar("Verifying") as tell:
            found = store.verify(progress=tell)
        public_key = store.head_key.public_half()
    differs = difference(kept, found.hashes, trial=found.trial, public_key=public_key)
    for line in _lines(found, heads=len(kept), differs=differs):
        click.echo(line)
    context.exit(0 if found.clean and differs is None else 1)


def _lines(found: Findings, *, heads: int, differs: str | None) -> list[str]:
    lines = [f"Records checked: {found.rows}", f"Photographs and overlays checked: {found.files}"]
    if found.bad_row is not None:
        row = f"Row {found.bad_row.number} " if found.bad_row.number else "In the file of the records, "
        lines.append(f"{row}{found.bad_row.what}.")
    if found.bad_file is not None:
        lines.append(
            f"The file {found.bad_file.sha256} of photograph {found.bad_file.photo_id} {found.bad_file.what}."
        )
    if found.erased:
        lines.append(f"Photographs and overlays that were erased, as the records say: {found.erased}")
    if found.orphans:
        lines.append(f"Files without a record, left by a crash and never shown: {len(found.orphans)}")
        lines += [f"  {sha256}" for sha256 in found.orphans]
    if differs is not None:
        lines.append(f"Against what was published: {differs}.")
    elif heads:
        lines.append(f"Heads that were kept and that this chain goes on from: {heads}")
    if found.clean and differs is None:
        lines.append(f"Everything is what was written. The last row's hash is {found.head}.")
    else:
        lines.append("Restore the data folder from a backup, and keep this one as it is.")
    return lines
