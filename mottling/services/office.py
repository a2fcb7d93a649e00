"""The trial office: who has a day-1 photograph and score, and what goes to the statistician."""

from __future__ import annotations

import gc
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mottling.errors import ExportRefused, RecordRefused, StoreRefused
from mottling.exports.outcome_table import PatientOutcome
from mottling.exports.rows import (
    AuditRow,
    ChangeRow,
    EligibilityRow,
    OutcomeRow,
    QueryRow,
    ReadingRow,
    SignatureRow,
)
from mottling.exports.tables import dictionary, table
from mottling.services.accounts import User
from mottling.services.change_rows import change_rows
from mottling.services.consents import Consents
from mottling.services.courses import VisitCourse, courses_of
from mottling.services.darkroom import Darkroom
from mottling.services.markings import map_png, marked_by, size_of
from mottling.services.office_views import Completeness, Look, OutcomeLine, SeenLines
from mottling.services.pseudonyms import Pseudonyms
from mottling.services.standings import Standings, VisitStanding, completeness_of, lines_of, outcome_line
from mottling.services.statistician import (
    audit_rows,
    eligibility_rows,
    outcome_rows,
    query_rows,
    reading_rows,
    signature_rows,
)
from mottling.services.track import Track, Tracks
from mottling.services.verdicts import Verdicts
from mottling.store.store import Store
from mottling.training_set import PhotoToFreeze, write_training_set
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.office_records import Erasure, ExportRecord
from mottling.trial.records import Answer, Photo

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["Office", "OfficeRooms"]

_MOST_SIGNS = 2000


@dataclass(frozen=True)
class OfficeRooms:
    """What the office works with."""

    store: Store
    charter: Charter
    darkroom: Darkroom
    pseudonyms: Pseudonyms
    consents: Consents


class Office:
    """What the office does."""

    def __init__(self, rooms: OfficeRooms) -> None:
        self._store = rooms.store
        self._charter = rooms.charter
        self._darkroom = rooms.darkroom
        self._pseudonyms = rooms.pseudonyms
        self._consents = rooms.consents
        self._visits = Standings(rooms.charter)
        self._tracks = Tracks(rooms.charter)

    def settle_in(self, *, at: datetime) -> None:
        """Look at every visit once, so that nobody's first page waits for it.

        What was read is then left out of Python's search for garbage: it stays as long as the server runs,
        and with 10,000 patients that search is a fifth of a second for which a page waits now and then.
        """
        self._standings(at=at)
        self._tracks.of(self._store.board.look(), at=at)
        gc.collect()
        gc.freeze()

    def completeness(self, user: User, *, at: datetime) -> tuple[Completeness, ...]:
        """Count photographs, scores, verdicts and what is missing, by site and visit."""
        require(user.role, Act.SEE_OUTCOME)
        return completeness_of(self._standings(at=at), self._charter)

    def track(self, user: User, *, at: datetime) -> Track:
        """Say whether the endpoint's visit is on track, by site and over time."""
        require(user.role, Act.SEE_OUTCOME)
        return self._tracks.of(self._store.board.look(), at=at)

    def lines(self, user: User, look: Look, *, most: int, at: datetime) -> SeenLines:
        """Give the lines of a site and a standing; of many, the first `most`."""
        require(user.role, Act.SEE_OUTCOME)
        return lines_of(self._standings(at=at), look, self._charter, most=most)

    def outcome(self, user: User, *, at: datetime) -> tuple[OutcomeLine, ...]:
        """Give one line a patient and visit, with bedside record, verdict and outcome."""
        require(user.role, Act.SEE_OUTCOME)
        return tuple(outcome_line(one, self._charter) for one in self._standings(at=at))

    def outcome_csv(self, user: User, *, at: datetime) -> bytes:
        """Give the outcome of every patient and visit as a CSV file (UTF-8); the audit trail records it."""
        require(user.role, Act.EXPORT)
        rows = outcome_rows(self._courses(), self._verdicts(), self._charter)
        return self._exported("outcome.csv", OutcomeRow, rows, by=user.name, at=at)

    def readings_csv(self, user: User, *, at: datetime) -> bytes:
        """Give every reading, bedside and committee, as a CSV file."""
        require(user.role, Act.EXPORT)
        rows = reading_rows(
            self._store,
            self._store.ward.patients(),
            self._verdicts(),
            trial=self._charter.trial,
        )
        return self._exported("readings.csv", ReadingRow, rows, by=user.name, at=at)

    def eligibility_csv(self, user: User, *, at: datetime) -> bytes:
        """Give everything that was said of eligibility items as a CSV file."""
        require(user.role, Act.EXPORT)
        rows = eligibility_rows(self._store, self._charter)
        return self._exported("eligibility.csv", EligibilityRow, rows, by=user.name, at=at)

    def changes_csv(self, user: User, *, at: datetime) -> bytes:
        """Give every withdrawal, transfer and correction of a patient as a CSV file."""
        require(user.role, Act.EXPORT)
        rows = change_rows(self._store, trial=self._charter.trial)
        return self._exported("changes.csv", ChangeRow, rows, by=user.name, at=at)

    def queries_csv(self, user: User, *, at: datetime) -> bytes:
        """Give every step of every question to a site as a CSV file."""
        require(user.role, Act.EXPORT)
        rows = query_rows(self._store, trial=self._charter.trial)
        return self._exported("queries.csv", QueryRow, rows, by=user.name, at=at)

    def signatures_csv(self, user: User, *, at: datetime) -> bytes:
        """Give every signature as a CSV file."""
        require(user.role, Act.EXPORT)
        rows = signature_rows(self._store)
        return self._exported("signatures.csv", SignatureRow, rows, by=user.name, at=at)

    def audit_csv(self, user: User, *, at: datetime) -> bytes:
        """Give the audit trail as a CSV file."""
        require(user.role, Act.EXPORT)
        rows = audit_rows(self._store.office.audit())
        return self._exported("audit.csv", AuditRow, rows, by=user.name, at=at)

    def _exported(
        self,
        kind: str,
        row_type: type[DataclassInstance],
        rows: Sequence[DataclassInstance],
        *,
        by: str,
        at: datetime,
    ) -> bytes:
        """Write a table, and record that it leaves before it does."""
        data = table(row_type, rows)
        self._store.office.note_export(ExportRecord.of(data, kind=kind, rows=len(rows), by=by, at=at))
        return data

    def dictionary_csv(self) -> bytes:
        """Give the data dictionary of the other files as a CSV file."""
        return dictionary(
            [
                ("outcome", OutcomeRow),
                ("patient_outcome", PatientOutcome),
                ("readings", ReadingRow),
                ("eligibility", EligibilityRow),
                ("changes", ChangeRow),
                ("queries", QueryRow),
                ("signatures", SignatureRow),
                ("audit", AuditRow),
            ]
        )

    def freeze(self, user: User, folder: Path, *, at: datetime) -> int:
        """Write the photographs that have a verdict as a training set; gives how many.

        Photographs of patients without consent for retraining are left out, as the trial file says.

        Raises:
            ExportRefused: The folder exists, there is no verdict yet, or none of a patient who consents.
        """
        require(user.role, Act.EXPORT)
        self._refuse_without_consent()
        made = write_training_set(folder, self._with_verdict(), trial=self._charter.trial, at=at)
        try:
            self._store.office.note_export(
                ExportRecord(
                    by=user.name,
                    at=at,
                    kind="training_set",
                    sha256=made.header.manifest_sha256,
                    rows=len(made.photos),
                )
            )
        except StoreRefused:
            # What leaves is in the audit trail, or it does not leave.
            shutil.rmtree(folder)
            raise
        return len(made.photos)

    def _refuse_without_consent(self) -> None:
        verdicts = self._verdicts()
        read = {one.patient.patient for one in self._courses() if verdicts.of(one) is not None}
        if read and read <= self._consents.left_out():
            raise ExportRefused(
                f"{len(read)} patients have a verdict, and no consent for retraining is known of any of them",
                remedy="Record it with `mottling consent given`, or look at [models] of the trial file",
            )

    def erase_photos(self, user: User, patient: str, *, reason: str, at: datetime) -> int:
        """Erase a patient's photographs for good, as when consent is withdrawn; gives how many there were.

        Whether scores count any more, the trial file says. A record says who erased, when and why. Sets that
        were frozen before hold copies.

        Raises:
            RecordRefused: There is no such patient, no reason, or the photographs were erased already.
        """
        require(user.role, Act.ERASE)
        if not reason.strip() or len(reason) > _MOST_SIGNS:
            raise RecordRefused(
                f"The reason has {len(reason.strip())} characters",
                remedy=f"Say in at most {_MOST_SIGNS} characters why the photographs are erased",
            )
        return self._store.vault.erase(Erasure(by=user.name, at=at, patient=patient, reason=reason.strip()))

    def _with_verdict(self) -> Iterator[PhotoToFreeze]:
        verdicts = self._verdicts()
        left_out = self._store.ward.erased() | self._consents.left_out()
        tones = self._store.office.tones()
        for course in self._courses():
            verdict = verdicts.of(course)
            if course.photo is None or verdict is None or course.patient.patient in left_out:
                continue
            jpeg = self._darkroom.picture(self._store.ward.photo_bytes(course.photo.photo_id))
            yield PhotoToFreeze(
                jpeg=jpeg,
                patient=self._pseudonyms.of(course.changes.first_number(course.patient.patient)),
                status=verdict.status,
                score=verdict.score,
                tone=tones.get(course.patient.patient),
                mottling_png=self._marked(course.photo, verdict, verdicts, size=size_of(jpeg)),
            )

    def _marked(
        self, photo: Photo, verdict: Answer, verdicts: Verdicts, *, size: tuple[int, int]
    ) -> bytes | None:
        """Draw the mottled border of a photograph: the accepted reading's, or of who said the same."""
        said = sorted(verdicts.readings(photo.photo_id), key=lambda one: not verdicts.is_verdict(one))
        outline = marked_by(said, verdict, outline=self._store.committee.outline)
        return None if outline is None else map_png(outline, size=size)

    def _standings(self, *, at: datetime) -> list[VisitStanding]:
        return self._visits.of(self._store.board.look(), at=at)

    def _courses(self) -> tuple[VisitCourse, ...]:
        patients = self._store.ward.patients()
        return tuple(
            course for visits in courses_of(patients, self._store.ward, self._charter) for course in visits
        )

    def _verdicts(self) -> Verdicts:
        return Verdicts.read(self._store.committee)
