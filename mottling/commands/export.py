"""`mottling export`: one table for the statistician, as a CSV file."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import OFFICE, now, opened, settings_from, trial_options
from mottling.errors import ExportRefused
from mottling.services.opening import Services

__all__ = ["command"]

_TABLES = ("outcome", "readings", "audit", "dictionary")


@click.command("export")
@click.argument("table", type=click.Choice(_TABLES))
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@trial_options
def command(table: str, out: Path, *, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Write a table as a CSV file, and record in the audit trail that it left.

    outcome: one row a patient and visit; readings: every answer that somebody gave; audit: every act;
    dictionary: what each column says.
    """
    if out.exists():
        raise ExportRefused(f"{out} exists already", remedy="Name a file that does not")
    with opened(settings_from(settings, data, models), must_exist=True) as services:
        written = _table(services, table)
    try:
        out.write_bytes(written)
    except OSError as error:
        raise ExportRefused(
            f"{out} cannot be written: {error.strerror}", remedy="Make room or name another file"
        ) from error
    click.echo(f"{out}: {table} written.")


def _table(services: Services, table: str) -> bytes:
    office = services.office
    if table == "dictionary":
        return office.dictionary_csv()
    make = {"outcome": office.outcome_csv, "readings": office.readings_csv, "audit": office.audit_csv}
    return make[table](OFFICE, at=now())
