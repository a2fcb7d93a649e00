"""`mottling outcome`: the trial's outcome, a value or a reason for every patient."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from mottling.commands.trial_options import OFFICE, now, opened, settings_from, trial_options
from mottling.errors import ExportRefused
from mottling.services.results import PatientOutcome

__all__ = ["command"]

_SHORT = 12
"""Digits of a hash that a person compares."""

_HEADER = ("site", "patient", "value", "missing", "hours", "photo", "answer", "model")


@click.command("outcome")
@click.option(
    "--csv",
    "out",
    type=click.Path(path_type=Path),
    metavar="OUT",
    help="Write every column to the file OUT instead.",
)
@trial_options
def command(out: Path | None, *, settings: Path | None, data: Path | None, models: Path | None) -> None:
    """Print the outcome of every patient: a value, or the reason why there is none.

    The rules stand in the trial file's table [outcome]; nothing is imputed. A value names the photograph, the
    answer and the model that it goes back to; `+` marks a lower bound, `!` a photograph outside its window.
    """
    if out is not None and out.exists():
        raise ExportRefused(f"{out} exists already", remedy="Name a file that does not")
    with opened(settings_from(settings, data, models), must_exist=True) as services:
        if out is None:
            for line in _lines(services.results.outcome(OFFICE, at=now())):
                click.echo(line)
            return
        written = services.results.outcome_csv(OFFICE, at=now())
    try:
        out.write_bytes(written)
    except OSError as error:
        raise ExportRefused(
            f"{out} cannot be written: {error.strerror}", remedy="Make room or name another file"
        ) from error
    click.echo(f"{out}: the outcome of every patient written.")


def _lines(rows: Sequence[PatientOutcome]) -> list[str]:
    """Give the table with its columns aligned, and how many patients have a value or which reason."""
    cells = [_HEADER, *(_cells(row) for row in rows)]
    widths = [max(len(cell) for cell in column) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    reasons = Counter(row.missing for row in rows if row.missing is not None)
    counted = ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())
    values = len(rows) - reasons.total()
    return [*lines, "", f"Patients: {len(rows)}; with a value: {values}; without: {counted or 'nobody'}"]


def _cells(row: PatientOutcome) -> tuple[str, ...]:
    value = "" if row.value is None else f"{row.value}{'+' if row.bound == 'at_least' else ''}"
    missing = "" if row.missing is None else f"{row.missing}{f' ({row.detail})' if row.detail else ''}"
    hours = "" if row.hours_after_randomisation is None else f"{row.hours_after_randomisation:.1f}"
    return (
        row.site,
        row.patient,
        value,
        missing,
        f"{hours}{'!' if row.outside_window else ''}",
        (row.photo_sha256 or "")[:_SHORT],
        "" if row.source is None else f"{row.source} {(row.record_id or '')[:_SHORT]}",
        "" if row.model is None else f"{row.model} {(row.model_sha256 or '')[:_SHORT]}",
    )
