"""`mottling agreement`: how alike readings are, as one HTML file or as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.errors import ExportRefused
from mottling.trial.charter import Language

__all__ = ["command"]

_KINDS = (".html", ".pdf")


@click.command("agreement")
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT.html|OUT.pdf")
@click.option(
    "--language",
    type=click.Choice(get_args(Language)),
    help="Of the report [default: the first one of the trial file].",
)
@click.option(
    "--statistician-while-open",
    "while_open",
    is_flag=True,
    help="Make it though the read-out is open; nobody who reads may see it.",
)
@trial_options
def command(place: Place, out: Path, *, language: Language | None, while_open: bool) -> None:
    """Write how alike readings are: readers, bedside and committee, model and committee.

    Refused while the read-out is open. The file needs nothing else; its name says if it is HTML or a PDF.
    """
    if out.suffix.lower() not in _KINDS:
        raise ExportRefused(f"{out} is neither HTML nor a PDF", remedy="Let its name end in .html or .pdf")
    if out.exists():
        raise ExportRefused(f"{out} exists already", remedy="Name a file that does not")
    with place.opened(must_exist=True) as services:
        chosen = language or services.charter.languages[0]
        agreement = services.agreement
        if out.suffix.lower() == ".pdf":
            report = agreement.report_pdf(OFFICE, language=chosen, while_open=while_open, at=now())
        else:
            report = agreement.report(OFFICE, language=chosen, while_open=while_open, at=now()).encode()
    try:
        out.write_bytes(report)
    except OSError as error:
        raise ExportRefused(
            f"{out} cannot be written: {error.strerror}", remedy="Make room or name another file"
        ) from error
    click.echo(f"{out}: the agreement report is written.")
