"""The office's files by button: each table and format, photographs as DICOM, CONSORT-AI page, archive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.exports.archive import ArchivePart, zipped
from mottling.services.accounts import User
from mottling.services.office_tables import TABLES, table_csv
from mottling.services.opening import Services
from mottling.services.results import ExportKind
from mottling.trial.charter import Language

__all__ = ["FORMATS", "OfficeFile", "office_file"]

FORMATS = (*(kind.value for kind in ExportKind), "dicom", "consort-ai", "archive")
_TYPES = {"csv": "text/csv", "xml": "application/xml", "json": "application/json", "html": "text/html"}


@dataclass(frozen=True)
class OfficeFile:
    """A file that is given to the browser."""

    name: str
    media_type: str
    data: bytes


def office_file(services: Services, name: str, user: User, *, language: str, at: datetime) -> OfficeFile:
    """Make one of the files; the guard's door lets no other name through."""
    chosen: Language = "fr" if language == "fr" else "en"
    if name in TABLES:
        made = table_csv(name, services.office, services.results, user=user, at=at)
        return _named(name, "csv", made, at=at)
    if name == "archive":
        return _named(name, "zip", services.archive.packed(user, language=chosen, at=at), at=at)
    if name == "dicom":
        return _named(name, "zip", services.dicom.packed(user, at=at), at=at)
    if name == "consort-ai":
        page = services.results.consort_ai(user, language=chosen, at=at)
        return _named(name, "html", page.data, at=at)
    files = services.results.export(user, ExportKind(name), at=at)
    if len(files) > 1:
        parts = [ArchivePart(file.name, file.data, name) for file in files]
        return _named(name, "zip", zipped(parts, at=at), at=at)
    return _named(name, files[0].name.rpartition(".")[2], files[0].data, at=at)


def _named(name: str, ending: str, data: bytes, *, at: datetime) -> OfficeFile:
    media_type = _TYPES.get(ending, "application/zip")
    return OfficeFile(f"mottling-{name}-{at:%Y-%m-%d}.{ending}", media_type, data)
