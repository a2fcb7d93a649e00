"""`mottling export`: what leaves for the statistician, one table or one format at a time."""

from __future__ import annotations

from pathlib import Path

import click

from mottling.commands.trial_options import OFFICE, Place, now, trial_options
from mottling.errors import ExportRefused
from mottling.services.office_tables import table_csv
from mottling.services.opening import Services
from mottling.services.results import ExportKind

__all__ = ["command"]

_TABLES = ("outcome", "readings", "eligibility", "changes", "queries", "signatures", "audit", "dictionary")
_CONSORT = "consort-ai"
_DICOM = "dicom"
_IN_A_FOLDER = (ExportKind.DATASET_JSON, ExportKind.REDCAP)


@click.command("export")
@click.argument("what", type=click.Choice([*_TABLES, *(kind.value for kind in ExportKind), _DICOM, _CONSORT]))
@click.argument("out", type=click.Path(path_type=Path), metavar="OUT")
@trial_options
def command(place: Place, what: str, out: Path) -> None:
    """Write what leaves for the statistician, and record in the audit trail that it left.

    CSV files: outcome, one row a patient and visit; readings, every answer that somebody gave; eligibility,
    all that was said of the items of the enrolment; changes, every withdrawal, transfer and correction of a
    patient; queries, every step of a question to a site; signatures; audit, every act; dictionary, what each
    column says. Formats: odm (CDISC ODM-XML 1.3.2) and fhir (R5) are one file; dataset-json (CDISC, RS and
    SUPPRS) and redcap (import and dictionary) are files in the new folder OUT. consort-ai is an HTML page in
    the trial file's first language: what a report of the trial has to say of the software. None of these
    holds a photograph.

    dicom alone does: in the new folder OUT, of each patient the photograph behind the outcome, the mottled
    border that a reader marked on it, and the score, under the number of the patient and without Exif. It
    needs the extra `dicom`.
    """
    if out.exists():
        raise ExportRefused(f"{out} exists already", remedy="Name one that does not")
    with place.opened(must_exist=True) as services:
        if what == _DICOM:
            done = services.dicom.write(OFFICE, out, at=now())
            click.echo(f"{out}: {done.files} files of {done.photographs} photographs written.")
            return
        written = _files(services, what, out)
    try:
        if what in _IN_A_FOLDER:
            out.mkdir()
        for path, content in written.items():
            path.write_bytes(content)
    except OSError as error:
        raise ExportRefused(
            f"{out} cannot be written: {error.strerror}", remedy="Make room or name another one"
        ) from error
    click.echo(f"{out}: {what} written.")


def _files(services: Services, what: str, out: Path) -> dict[Path, bytes]:
    if what in _TABLES:
        return {out: table_csv(what, services.office, services.results, user=OFFICE, at=now())}
    if what == _CONSORT:
        language = services.charter.languages[0]
        return {out: services.results.consort_ai(OFFICE, language=language, at=now()).data}
    kind = ExportKind(what)
    files = services.results.export(OFFICE, kind, at=now())
    return {(out / file.name if kind in _IN_A_FOLDER else out): file.data for file in files}
