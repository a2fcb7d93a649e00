"""The photographs behind the outcome, as DICOM files, with their borders and scores."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mottling import __version__
from mottling.errors import ExportRefused
from mottling.exports.archive import SUMS, ArchivePart, zip_into
from mottling.exports.dicom import DicomCase, DicomOrigin, dicom, has_answer
from mottling.services.accounts import User
from mottling.services.darkroom import Darkroom
from mottling.services.markings import marked_by, mask_of, size_of
from mottling.services.new_folder import new_folder
from mottling.services.outcomes import records_of
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.office_records import ExportRecord
from mottling.trial.outcome import Outcome, visit_outcome

__all__ = ["DicomExport", "DicomFiles"]


@dataclass(frozen=True)
class DicomFiles:
    """What was written."""

    files: int
    photographs: int


class DicomExport:
    """What the office gives to whoever keeps the trial's images.

    Of each patient the photograph whose answer is the outcome, unless the patient's photographs were erased
    or are to be.
    Consent for retraining is not asked: these files are for the trial, and nobody trains with them.
    """

    def __init__(self, store: Store, charter: Charter, darkroom: Darkroom) -> None:
        self._store = store
        self._charter = charter
        self._darkroom = darkroom

    def write(self, user: User, folder: Path, *, at: datetime) -> DicomFiles:
        """Write the files into a new folder, with their sums, whose hash the audit trail holds first.

        Raises:
            ExportRefused: The folder exists or cannot be written, no outcome has a photograph, or the extra
                `dicom` is not installed.
        """
        require(user.role, Act.EXPORT)
        sums = _Sums()
        with new_folder(folder) as making:
            for part in sums.over(self._parts(at=at)):
                (making / part.path).write_bytes(part.data)
            self._note(user, sums, at=at)
        return sums.files()

    def packed(self, user: User, *, at: datetime) -> bytes:
        """Give the same files as one ZIP file.

        Raises:
            ExportRefused: As `write`.
        """
        require(user.role, Act.EXPORT)
        data, sums = io.BytesIO(), _Sums()
        with zipfile.ZipFile(data, "w") as file:
            for part in sums.over(self._parts(at=at)):
                zip_into(file, part, at=at)
        self._note(user, sums, at=at)
        return data.getvalue()

    def _parts(self, *, at: datetime) -> Iterator[ArchivePart]:
        """Make one photograph after the other, so that no two of them are in memory."""
        charter = self._charter
        origin = DicomOrigin(charter.trial, charter.registration, charter.sponsor, __version__)
        outcomes = self._outcomes(at=at)
        if not outcomes:
            raise ExportRefused(
                "No outcome goes back to a photograph that is still there", remedy="Wait for the first answer"
            )
        for outcome in outcomes:
            for file in dicom(self._case(outcome), origin):
                yield ArchivePart(file.name, file.data, "dicom")

    def _outcomes(self, *, at: datetime) -> list[Outcome]:
        charter, gone = self._charter, self._store.ward.erased() | self._store.changes.look().to_erase()
        records = records_of(self._store, [charter.visit(charter.endpoint_visit)])
        outcomes = (visit_outcome(one, charter, at=at) for one in records)
        return [one for one in outcomes if has_answer(one) and one.records.patient.patient not in gone]

    def _case(self, outcome: Outcome) -> DicomCase:
        """Take the picture that the readers saw, and the border of the reading that counts or its like."""
        photo, source = outcome.records.photo, outcome.source
        assert photo is not None, "answered"
        assert source is not None, "answered"
        jpeg = self._darkroom.picture(self._store.ward.photo_bytes(photo.steps.photo.photo_id))
        said = sorted(photo.readings, key=lambda one: one.reading_id != source.record_id)
        outline = marked_by(said, source.answer, outline=self._store.committee.outline)
        border = None if outline is None else mask_of(outline, size=size_of(jpeg))
        return DicomCase(outcome, jpeg, border)

    def _note(self, user: User, sums: _Sums, *, at: datetime) -> None:
        """Record that it leaves, by the hash of the sums."""
        self._store.office.note_export(
            ExportRecord.of(sums.data, kind="dicom", rows=sums.files().files, by=user.name, at=at)
        )


class _Sums:
    """The hash of each file that goes by, and a last file of them, which `sha256sum --check` checks."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def over(self, parts: Iterator[ArchivePart]) -> Iterator[ArchivePart]:
        """Let files go by, and add the file of their sums."""
        for part in parts:
            self._lines.append(f"{part.sha256}  {part.path}\n")
            yield part
        yield ArchivePart(SUMS, self.data, "sums")

    @property
    def data(self) -> bytes:
        """Of the file of the sums."""
        return "".join(self._lines).encode()

    def files(self) -> DicomFiles:
        """Count what went by."""
        photographs = sum(line.endswith("-photograph.dcm\n") for line in self._lines)
        return DicomFiles(len(self._lines) + 1, photographs)
