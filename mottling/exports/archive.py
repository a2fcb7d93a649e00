"""The archive for the trial master file: every file with its hash, their list, and a page to read them by.

`manifest.json` lists all files but itself and `SHA256SUMS`, which lists both and is checked by
`sha256sum --check`, without this software.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from mottling.exports.extract import moment
from mottling.exports.outcome_table import PatientOutcome
from mottling.exports.texts import page, texts_in

__all__ = ["MANIFEST", "SUMS", "ArchiveOrigin", "ArchivePart", "archive", "zip_into", "zipped"]

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
_FIRST = "index.html"


@dataclass(frozen=True)
class ArchivePart:
    """One file of the archive."""

    path: str
    """Within the archive, with `/`; its first part is the room that it stands in."""
    data: bytes
    what: str
    """What it is: a key of the words, such as `readings`."""

    @property
    def sha256(self) -> str:
        """Of its bytes."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class ArchiveOrigin:
    """What the archive is of."""

    trial: str
    registration: str
    made_at: datetime
    made_by: str
    version: str
    """Of Mottling."""
    records: int
    """In the chain, when the archive was begun."""
    chain_end: str
    """The hash of the last of them."""
    is_closed: bool
    """Whether the read-out is."""


def archive(
    parts: Sequence[ArchivePart],
    outcomes: Sequence[PatientOutcome],
    origin: ArchiveOrigin,
    *,
    language: str,
) -> tuple[ArchivePart, ...]:
    """Add the page to read them by, the manifest, and the sums.

    Args:
        parts: The files.
        outcomes: What the page shows of each patient.
        origin: What the archive is of.
        language: Of the page.
    """
    first = ArchivePart(_FIRST, _page(parts, outcomes, origin, language=language), "index")
    listed = [first, *parts]
    manifest = ArchivePart(MANIFEST, _manifest(listed, origin), "manifest")
    summed = sorted([*listed, manifest], key=lambda one: one.path)
    sums = "".join(f"{one.sha256}  {one.path}\n" for one in summed)
    return (*listed, manifest, ArchivePart(SUMS, sums.encode(), "sums"))


def zipped(parts: Sequence[ArchivePart], *, at: datetime) -> bytes:
    """Put files into one ZIP file; the same files at the same moment give the same bytes."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for one in parts:
            zip_into(file, one, at=at)
    return data.getvalue()


def zip_into(file: zipfile.ZipFile, part: ArchivePart, *, at: datetime) -> None:
    """Put one more file into a ZIP file that is being written."""
    info = zipfile.ZipInfo(part.path, date_time=at.timetuple()[:6])
    info.external_attr = 0o644 << 16
    file.writestr(info, part.data, zipfile.ZIP_DEFLATED)


def _page(
    parts: Sequence[ArchivePart], outcomes: Sequence[PatientOutcome], origin: ArchiveOrigin, *, language: str
) -> bytes:
    texts = texts_in(language)
    facts = (
        ("trial", f"{origin.trial} ({origin.registration})"),
        ("made", f"{moment(origin.made_at)}, {origin.made_by}"),
        ("version", origin.version),
        ("patients", len(outcomes)),
        ("values", sum(one.value is not None for one in outcomes)),
        ("readout", texts.say("archive.closed" if origin.is_closed else "archive.open")),
        ("records", origin.records),
        ("chain_end", origin.chain_end),
    )
    rooms = [(room, list(each)) for room, each in groupby(parts, key=lambda one: one.path.split("/")[0])]
    values = {
        "origin": origin,
        "facts": facts,
        "rooms": rooms,
        "outcomes": outcomes,
        "is_open": not origin.is_closed,
    }
    return page("archive.html", texts, values)


def _manifest(parts: Sequence[ArchivePart], origin: ArchiveOrigin) -> bytes:
    said = {
        "version": 1,
        "trial": origin.trial,
        "registration": origin.registration,
        "made_at": moment(origin.made_at),
        "made_by": origin.made_by,
        "mottling": origin.version,
        "readout": "closed" if origin.is_closed else "open",
        "chain": {"records": origin.records, "end": origin.chain_end},
        "files": [
            {"path": one.path, "what": one.what, "bytes": len(one.data), "sha256": one.sha256}
            for one in parts
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()
