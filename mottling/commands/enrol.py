"""`mottling enrol`: patients of a CSV file, all of them or none."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.errors import RecordRefused
from mottling.services.office_views import EnrolmentReport

__all__ = ["command"]

_SOME_REFUSED = 1


@click.command("enrol")
@click.argument("file", type=click.Path(path_type=Path), metavar="CSV")
@click.option("--check", is_flag=True, help="Say what the file would do, and store nothing.")
@trial_options
@click.pass_context
def command(context: click.Context, place: Place, file: Path, *, check: bool) -> None:
    """Enrol the patients of a CSV file: patient, site, randomised_at and, if wanted, initials and skin_tone.

    The eligibility items that the trial file names may be columns too. Where the trial file says what the
    columns of a REDCap export are called, the file may be one, raw or with labels.

    All of them are enrolled, or nobody when a line has a problem; the exit status is then 1.
    """
    lines = _read(file)
    with place.opened() as services:
        act = services.enrolling.check if check else services.enrolling.enrol
        report = act(OFFICE, lines, at=now())
    for line in _said(report):
        click.echo(line)
    context.exit(_SOME_REFUSED if report.problems else 0)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise RecordRefused(
            f"{file} cannot be read: {error.strerror}", remedy="Check the name; nobody was enrolled"
        ) from error


def _said(report: EnrolmentReport) -> list[str]:
    if report.problems:
        return [
            *(f"Line {problem.line}: {problem.message}" for problem in report.problems),
            "Nobody was enrolled. Correct these lines and give the whole file again.",
        ]
    done = "Enrolled" if report.stored else "Would be enrolled"
    said = [f"{done}: {len(report.new)}; enrolled already: {len(report.known)}"]
    if report.completed:
        said.append(f"Of these, completed by this file: {len(report.completed)}")
    if report.skipped.other_rows:
        said.append(f"Rows of other events or instruments, skipped: {report.skipped.other_rows}")
    if report.skipped.not_randomised:
        said.append(f"Records without a randomisation yet, skipped: {report.skipped.not_randomised}")
    return said
