"""Which photographs training would learn most from, for who marks or reads them again: once all is read.

While the read-out is open there is no such list, for nobody: not on a page, not in a file, not in an order of
reading. What the model doubts is then known to no one who could let a reader know it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from mottling.errors import ExportRefused
from mottling.exports.tables import Column, table
from mottling.imaging.photo import sha256_of
from mottling.services.accounts import User
from mottling.services.courses import courses_of
from mottling.services.office import OfficeRooms
from mottling.services.readout import is_closed
from mottling.services.verdicts import Verdicts
from mottling.trial.access import Act, require
from mottling.trial.office_records import ExportRecord
from mottling.trial.reading_use import ReadPhoto, Used, by_use

__all__ = ["FirstRow", "FirstToTrain"]


@dataclass(frozen=True)
class FirstRow:
    """One photograph in its place of the order."""

    place: Annotated[int, Column("1 is the most useful", "1, 2, ...")]
    file: Annotated[str, Column("The photograph, as a training set that is frozen now names it")]
    patient: Annotated[str, Column("Pseudonym, as in the training set")]
    worth: Annotated[float, Column("Weighted mean of all reasons", "0 to 1")]
    reasons: Annotated[
        str, Column("Reasons, the one that adds most first, each with its strength from 0 to 1")
    ]


class FirstToTrain:
    """What the office gives to who marks photographs for training."""

    def __init__(self, rooms: OfficeRooms) -> None:
        """Take what the office works with."""
        self._rooms = rooms

    def listed(self, user: User, *, at: datetime) -> bytes:
        """List the photographs that a set frozen now would hold, the most useful first, as a CSV file.

        The audit trail records that it leaves.

        Raises:
            ExportRefused: The read-out is open, or no photograph has a verdict and consent.
        """
        require(user.role, Act.EXPORT)
        if not is_closed(self._rooms.store):
            raise ExportRefused(
                "The read-out is open, and an order of photographs would tell what the model doubts",
                remedy="Close it with `mottling readout close`, then ask again",
            )
        photos = tuple(self._photos())
        if not photos:
            raise ExportRefused(
                "No photograph has a verdict and consent for retraining",
                remedy="Record consents with `mottling consent given`",
            )
        used = by_use(photos, weights=self._rooms.charter.models.first_to_train)
        rows = [_row(place, one) for place, one in enumerate(used, start=1)]
        data = table(FirstRow, rows)
        self._rooms.store.office.note_export(
            ExportRecord.of(data, kind="first_to_train.csv", rows=len(rows), by=user.name, at=at)
        )
        return data

    def _photos(self) -> Iterator[ReadPhoto]:
        """Gather what was said of each photograph."""
        rooms, store = self._rooms, self._rooms.store
        verdicts, tones = Verdicts.read(store.committee), store.office.tones()
        left_out = store.ward.erased() | rooms.consents.left_out()
        for visits in courses_of(store.ward.patients(), store.ward, rooms.charter):
            for course in visits:
                verdict, patient = verdicts.of(course), course.patient.patient
                if course.photo is None or verdict is None or patient in left_out:
                    continue
                photo_id = course.photo.photo_id
                shown = rooms.darkroom.picture(store.ward.photo_bytes(photo_id))
                yield ReadPhoto(
                    name=f"photos/{sha256_of(shown)}.jpg",
                    patient=rooms.pseudonyms.of(course.changes.first_number(patient)),
                    verdict=verdict,
                    readings=tuple(one.answer for one in verdicts.readings(photo_id)),
                    assessment=course.assessment,
                    tone=tones.get(patient),
                )


def _row(place: int, used: Used) -> FirstRow:
    reasons = "; ".join(f"{reason.use.value} {reason.strength:.2f}" for reason in used.reasons)
    return FirstRow(place, used.photo.name, used.photo.patient, round(used.worth, 4), reasons)
