"""The book of the ward: patients, photographs and the steps taken with each."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from mottling.assessment import Assessment
from mottling.errors import Conflict
from mottling.store.album import Album
from mottling.store.arrivals import existing_patient, is_taken, known_photo, visit_not_done
from mottling.store.changes import changes_of, left_out_of
from mottling.store.enrolling import add_tones, add_values
from mottling.store.ledger import Ledger, Page
from mottling.store.schema import KINDS
from mottling.store.steps import existing_photo, step, with_steps
from mottling.trial.changes import Changes
from mottling.trial.eligibility import EligibilityValue
from mottling.trial.model_records import PhotoDistance
from mottling.trial.office_records import Erasure, SkinTone, TrialFile
from mottling.trial.records import (
    AssessmentRecord,
    FinalRecord,
    Initials,
    NewPhoto,
    NotDone,
    OwnScore,
    Patient,
    Photo,
    PhotoSteps,
    Reveal,
    WaitedPhoto,
)

__all__ = ["WardBook"]

_PHOTOS = KINDS[Photo].table
_NOT_DONE = KINDS[NotDone].table
_DISTANCES = KINDS[PhotoDistance].table

# 128 bits: nobody guesses another patient's photograph.
_ID_BYTES = 16


class WardBook:
    """What happens to a patient's photograph on the ward."""

    def __init__(self, ledger: Ledger, *, photos: Album, overlays: Album) -> None:
        self._ledger = ledger
        self._photos = photos
        self._overlays = overlays

    def use_trial_file(self, trial: TrialFile) -> None:
        """Record the trial file in use; nothing happens when it is the one recorded last.

        Raises:
            Conflict: The store belongs to another trial.
        """
        with self._ledger.writing() as pen:
            last = pen.last(TrialFile)
            if last is not None and last.trial != trial.trial:
                raise Conflict(
                    f"This store belongs to the trial {last.trial}, not {trial.trial}",
                    remedy="Name another data folder, or the trial file of this one",
                )
            if last is None or last.sha256 != trial.sha256:
                pen.add(trial)

    def enrol(
        self,
        patients: Sequence[Patient],
        initials: Sequence[Initials] = (),
        *,
        tones: Sequence[SkinTone] = (),
        values: Sequence[EligibilityValue] = (),
    ) -> None:
        """Add patients, and what comes with them, or later with others: all of it, or nothing.

        Raises:
            Conflict: One is enrolled already, or something else was recorded of an item.
        """
        with self._ledger.writing() as pen:
            for patient in patients:
                if is_taken(pen, patient.patient):
                    raise Conflict(_enrolled(pen, patient), remedy="Remove the line and send it again")
                pen.add(patient)
            for each in initials:
                pen.add(each)
            add_tones(pen, tones)
            add_values(pen, values)

    def initials(self) -> Mapping[str, str]:
        """Give the initials of the patients who have some, by number."""
        with self._ledger.reading() as page:
            return {each.patient: each.initials for each in page.all(Initials)}

    def patients(self, *, site: str | None = None) -> tuple[Patient, ...]:
        """List the patients who are at a site now, or all, by number."""
        with self._ledger.reading() as page:
            everybody, changes = page.all(Patient), changes_of(page)
        chosen = (one for one in everybody if site is None or changes.site_now(one) == site)
        return tuple(sorted(chosen, key=lambda patient: patient.patient))

    def find_patient(self, number: str) -> Patient | None:
        """Find a patient, by any number that the person ever had."""
        with self._ledger.reading() as page:
            return page.last(Patient, page.is_of(Patient, number))

    def changes(self) -> Changes:
        """Say what has changed about whom."""
        with self._ledger.reading() as page:
            return changes_of(page)

    def erased(self) -> frozenset[str]:
        """Name the patients whose photographs were erased."""
        with self._ledger.reading() as page:
            return frozenset(erasure.patient for erasure in page.all(Erasure))

    def add_photo(self, new: NewPhoto) -> Photo:
        """Store a photograph's bytes unchanged, then its record. The same key again gives the same photo.

        Raises:
            RecordRefused: There is no such patient, or the visit is confirmed or recorded as not done.
            Conflict: The key was used for other bytes, another patient or another visit.
            PhotosErased: This patient's photographs were erased.
            StoreRefused: The disk is full or cannot be written; no record was made.
        """
        sha256 = hashlib.sha256(new.data).hexdigest()
        # Before the bytes are stored, so that a refusal leaves no orphan; again when nobody can come between.
        with self._ledger.reading() as page:
            known, first = known_photo(page, new, sha256), page.who.first(new.patient)
        if known is not None:
            return known
        self._photos.put(new.data, patient=first)
        with self._ledger.writing() as pen:
            known = known_photo(pen, new, sha256)
            if known is not None:
                return known
            photo = Photo(
                photo_id=secrets.token_hex(_ID_BYTES),
                patient=pen.who.now(new.patient),
                visit=new.visit,
                sha256=sha256,
                size_bytes=len(new.data),
                key=new.key,
                outside_window=new.outside_window,
                by=new.by,
                at=new.at,
            )
            pen.add(photo)
            if new.taken_at is not None:
                pen.add(WaitedPhoto(by=new.by, at=new.at, photo_id=photo.photo_id, taken_at=new.taken_at))
        return photo

    def photo_bytes(self, photo_id: str) -> bytes:
        """Give a photograph's bytes as they came.

        Raises:
            RecordRefused: There is no such photograph.
            ChainBroken: The bytes are missing or not those that came.
        """
        with self._ledger.reading() as page:
            photo = existing_photo(page, photo_id)
            first = page.who.first(photo.patient)
        return self._photos.get(photo.sha256, patient=first)

    def photo(self, photo_id: str) -> PhotoSteps | None:
        """Find a photograph with its steps."""
        with self._ledger.reading() as page:
            found = with_steps(page, _PHOTOS.c.photo_id == photo_id)
        return found[0] if found else None

    def photos(self, *, patient: str | None = None) -> tuple[PhotoSteps, ...]:
        """List the photographs of a patient, or of all, with their steps, the earliest first.

        Of several photographs of one visit the last one is the visit's photograph. What was taken when the
        patient had withdrawn is none of them, nor is what was erased, where the trial file leaves that out.
        """
        found = self._photos_of(patient)
        return tuple(one for one in found if not (one.is_after_withdrawal or one.is_left_out))

    def photos_after_withdrawal(self) -> tuple[PhotoSteps, ...]:
        """List what was taken when the patient had withdrawn: kept, shown to nobody, counted nowhere."""
        return tuple(one for one in self._photos_of(None) if one.is_after_withdrawal)

    def photos_left_out(self) -> tuple[PhotoSteps, ...]:
        """List the photographs that were erased and are left out; not those from after a withdrawal.

        Empty where the trial file lets scores stay.
        """
        if not self._ledger.leaves_out_erased:
            return ()
        with self._ledger.reading() as page:
            first = [page.who.first(patient) for patient in left_out_of(page)]
            found = with_steps(page, _PHOTOS.c.patient.in_(first)) if first else ()
        return tuple(one for one in found if not one.is_after_withdrawal)

    def _photos_of(self, patient: str | None) -> tuple[PhotoSteps, ...]:
        with self._ledger.reading() as page:
            where = [] if patient is None else [page.is_of(Photo, patient)]
            return with_steps(page, *where)

    def lock_own_score(self, own: OwnScore) -> None:
        """Lock the ward's own score.

        Raises:
            RecordRefused: There is no such photograph.
            Conflict: It is locked already.
        """
        with self._ledger.writing() as pen:
            existing_photo(pen, own.photo_id)
            if step(pen, OwnScore, own.photo_id) is not None:
                raise Conflict(
                    "The own score of this photograph is locked already",
                    remedy="Go on with the score that is locked",
                )
            pen.add(own)

    def add_assessment(
        self, photo_id: str, assessment: Assessment, *, overlay: bytes | None, by: str, at: datetime
    ) -> AssessmentRecord:
        """Record what the model in use says of a photograph; gives the earlier record when there is one.

        Raises:
            RecordRefused: There is no such photograph.
            StoreRefused: The disk is full or cannot be written; no record was made.
        """
        with self._ledger.reading() as page:
            first = page.who.first(existing_photo(page, photo_id).patient)
            known = step(page, AssessmentRecord, photo_id)
        if known is not None:
            return known
        record = AssessmentRecord(
            photo_id=photo_id,
            assessment=assessment,
            overlay_sha256=None if overlay is None else self._overlays.put(overlay, patient=first),
            by=by,
            at=at,
        )
        with self._ledger.writing() as pen:
            known = step(pen, AssessmentRecord, photo_id)
            if known is None:
                pen.add(record)
        return known or record

    def note_distance(self, measured: PhotoDistance) -> None:
        """Record how far a photograph looks from those of the calibration; nothing happens the second time.

        Raises:
            RecordRefused: There is no such photograph.
        """
        with self._ledger.writing() as pen:
            existing_photo(pen, measured.photo_id)
            if pen.last(PhotoDistance, _DISTANCES.c.photo_id == measured.photo_id) is None:
                pen.add(measured)

    def distances(self) -> Mapping[str, float]:
        """Give how far each photograph looks from those of the calibration of the model that read it."""
        with self._ledger.reading() as page:
            return {one.photo_id: one.distance for one in page.all(PhotoDistance)}

    def overlay(self, photo_id: str) -> bytes | None:
        """Give the overlay that goes with a photograph's assessment; None when there is none.

        Raises:
            ChainBroken: The bytes are missing or not those that were stored.
        """
        with self._ledger.reading() as page:
            first = page.who.first(existing_photo(page, photo_id).patient)
            record = step(page, AssessmentRecord, photo_id)
        if record is None or record.overlay_sha256 is None:
            return None
        return self._overlays.get(record.overlay_sha256, patient=first)

    def reveal(self, reveal: Reveal) -> Reveal:
        """Record that the proposal was shown; gives the first reveal when it was shown before.

        Raises:
            RecordRefused: There is no such photograph.
        """
        with self._ledger.writing() as pen:
            existing_photo(pen, reveal.photo_id)
            first = step(pen, Reveal, reveal.photo_id)
            if first is None:
                pen.add(reveal)
        return first or reveal

    def confirm(self, final: FinalRecord) -> None:
        """Record the final bedside answer.

        Raises:
            RecordRefused: There is no such photograph.
            Conflict: It is there already.
        """
        with self._ledger.writing() as pen:
            existing_photo(pen, final.photo_id)
            if step(pen, FinalRecord, final.photo_id) is not None:
                raise Conflict(
                    "The final record of this photograph is there already", remedy="Nothing is left to do"
                )
            pen.add(final)

    def add_not_done(self, not_done: NotDone) -> None:
        """Record that a visit was not done.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: The visit has a photograph, or is recorded as not done already.
        """
        with self._ledger.writing() as pen:
            existing_patient(pen, not_done.patient)
            if visit_not_done(pen, not_done.patient, not_done.visit):
                said = f"The visit {not_done.visit} is recorded as not done already"
                raise Conflict(said, remedy="Nothing is left to do")
            if pen.last(Photo, pen.is_of(Photo, not_done.patient), _PHOTOS.c.visit == not_done.visit):
                raise Conflict(
                    f"The visit {not_done.visit} has a photograph",
                    remedy="Score it: not assessable is an answer too",
                )
            pen.add(not_done)

    def not_done(self) -> tuple[NotDone, ...]:
        """List the visits that were not done."""
        with self._ledger.reading() as page:
            return page.all(NotDone)


def _enrolled(page: Page, patient: Patient) -> str:
    """Say who has a number already."""
    now = page.who.now(patient.patient)
    if now == patient.patient:
        return f"Patient {now} is enrolled already"
    return f"The number {patient.patient} was that of patient {now}"
