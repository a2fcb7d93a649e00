"""`mottling agreement`: how alike readings are, as one HTML file or as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from mottling.commands.new_file import write_new
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
    is_pdf = out.suffix.lower() == ".pdf"
    write_new(out, lambda: _report(place, language, while_open=while_open, is_pdf=is_pdf))
    click.echo(f"{out}: the agreement report is written.")


def _report(place: Place, language: Language | None, *, while_open: bool, is_pdf: bool) -> bytes:
    with place.opened(must_exist=True) as services:
        chosen = language or services.charter.languages[0]
        agreement = services.agreement
        if is_pdf:
            return agreement.report_pdf(OFFICE, language=chosen, while_open=while_open, at=now())
        return agreement.report(OFFICE, language=chosen, while_open=while_open, at=now()).encode()
