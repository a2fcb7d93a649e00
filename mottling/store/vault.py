"""The vault: erases a patient's photographs for good, exchanges the server's key, seals what lay open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from mottling.errors import RecordRefused
from mottling.store.album import Album
from mottling.store.keyring import KeyRing
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.trial.office_records import Erasure, KeyRotation
from mottling.trial.records import AssessmentRecord, Patient, Photo

__all__ = ["Owned", "Vault", "erased_patients", "owned_overlays", "owned_photos"]

_PHOTOS = KINDS[Photo].table
_ASSESSMENTS = KINDS[AssessmentRecord].table
_ERASURES = KINDS[Erasure].table

Owned = Mapping[tuple[str, str], str]
"""The id of the first photograph that each picture belongs to, by patient and sha256.

Here a patient is named as keys and folders name the person: by the first number, whatever it is now.
"""


def owned_photos(page: Page, *where: ColumnElement[bool]) -> Owned:
    """List the photographs that the records name, the earliest first."""
    query = select(_PHOTOS.c.patient, _PHOTOS.c.sha256, _PHOTOS.c.photo_id).where(*where)
    return _owned(page, query.order_by(_PHOTOS.c.number))


def owned_overlays(page: Page, *where: ColumnElement[bool]) -> Owned:
    """List the overlays that the records name, the earliest first."""
    query = (
        select(_PHOTOS.c.patient, _ASSESSMENTS.c.overlay_sha256, _ASSESSMENTS.c.photo_id)
        .join(_PHOTOS, _PHOTOS.c.photo_id == _ASSESSMENTS.c.photo_id)
        .where(_ASSESSMENTS.c.overlay_sha256.is_not(None), *where)
    )
    return _owned(page, query.order_by(_ASSESSMENTS.c.number))


def erased_patients(page: Page) -> frozenset[str]:
    """Name the patients whose photographs were erased, as the records say."""
    return frozenset(page.connection.execute(select(_ERASURES.c.patient)).scalars())


def _owned(page: Page, query: Select[Any]) -> Owned:
    owned: dict[tuple[str, str], str] = {}
    for patient, sha256, photo_id in page.connection.execute(query):
        owned.setdefault((patient, sha256), photo_id)
    return owned


class Vault:
    """What is done with the keys of a store and with what they seal."""

    def __init__(self, ledger: Ledger, keys: KeyRing, *, photos: Album, overlays: Album) -> None:
        self._ledger = ledger
        self._keys = keys
        self._photos = photos
        self._overlays = overlays

    def erase(self, erasure: Erasure) -> int:
        """Erase a patient's photographs and overlays: the record first, then the key, then the files.

        The records of scores stay. What a kill leaves undone is done when the store is next opened.

        Returns:
            How many photographs the records name of this patient.

        Raises:
            RecordRefused: There is no such patient, or the photographs were erased already.
            StoreRefused: The disk cannot be written; the next opening goes on.
        """
        with self._ledger.writing() as pen:
            if pen.last(Patient, pen.is_of(Patient, erasure.patient)) is None:
                raise RecordRefused(f"There is no patient {erasure.patient!r}", remedy="Check the number")
            if pen.last(Erasure, pen.is_of(Erasure, erasure.patient)) is not None:
                raise RecordRefused(
                    f"The photographs of patient {erasure.patient} were erased already",
                    remedy="Nothing is left to do",
                )
            pen.add(erasure)
            first = pen.who.first(erasure.patient)
        self._destroy({first})
        with self._ledger.reading() as page:
            return len(owned_photos(page, page.is_of(Photo, first)))

    def finish(self) -> None:
        """Do what a kill left undone: a patient whose erasure is on record has no key and no file.

        Raises:
            StoreRefused: The disk cannot be written.
        """
        with self._ledger.reading() as page:
            erased = erased_patients(page)
        if erased:
            self._destroy(erased)

    def _destroy(self, erased: Set[str]) -> None:
        for patient in erased:
            if not self._keys.is_destroyed(patient):
                self._keys.destroy(patient)
        for album, owned in self._pictures():
            for patient in erased:
                album.remove_all_of(patient)
            for sha256 in {
                sha256 for patient, sha256 in owned if patient in erased and album.is_plain(sha256)
            }:
                self._seal(album, [one for one in owned if one[1] == sha256])
                album.remove_plain(sha256)

    def note_destroyed(self, *, by: str, at: datetime) -> int:
        """Record the erasure of each patient whose key was destroyed without a record.

        So it is after a backup was restored that is older than the erasure.

        Returns:
            How many patients there were.
        """
        with self._ledger.writing() as pen:
            known = erased_patients(pen)
            enrolled = pen.connection.execute(select(KINDS[Patient].table.c.patient)).scalars().all()
            found = [one for one in enrolled if one not in known and self._keys.is_destroyed(one)]
            for patient in found:
                pen.add(Erasure(by=by, at=at, patient=patient, reason="Erased after this backup was made"))
        self.finish()
        return len(found)

    def rotate(self, *, by: str, at: datetime) -> KeyRotation:
        """Exchange the server's key, and seal the pictures that stand as they came.

        Raises:
            ChainBroken: A key or a picture is not what was written.
            StoreRefused: The disk cannot be written.
        """
        sealed = 0
        for album, owned in self._pictures():
            plain = [one for one in owned if album.is_plain(one[1])]
            self._seal(album, plain)
            for sha256 in {sha256 for _, sha256 in plain}:
                album.remove_plain(sha256)
                sealed += 1
        rotation = KeyRotation(by=by, at=at, keys=self._keys.rotate(), sealed=sealed)
        with self._ledger.writing() as pen:
            pen.add(rotation)
        return rotation

    def count_plain(self) -> int:
        """Count the pictures that stand as they came, from before there were keys."""
        return sum(album.is_plain(sha256) for album, owned in self._pictures() for _, sha256 in owned)

    def _seal(self, album: Album, owned: Sequence[tuple[str, str]]) -> None:
        for patient, sha256 in owned:
            if not album.is_erased(patient):
                album.seal(sha256, patient=patient)

    def _pictures(self) -> Iterator[tuple[Album, Owned]]:
        with self._ledger.reading() as page:
            photos, overlays = owned_photos(page), owned_overlays(page)
        yield self._photos, photos
        yield self._overlays, overlays
