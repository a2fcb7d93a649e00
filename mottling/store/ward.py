"""The book of the ward: patients, photographs and the steps taken with each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from mottling.assessment import Assessment
from mottling.trial.records import (
    AssessmentRecord,
    FinalRecord,
    NewPhoto,
    NotDone,
    OwnScore,
    Patient,
    Photo,
    PhotoSteps,
    Reveal,
    TrialFile,
)

__all__ = ["WardBook"]


class WardBook:
    """What happens to a patient's photograph on the ward."""

    def use_trial_file(self, trial: TrialFile) -> None:
        """Record the trial file in use; nothing happens when it is the one recorded last.

        Raises:
            Conflict: The store belongs to another trial.
        """
        raise NotImplementedError

    def enrol(self, patients: Sequence[Patient]) -> None:
        """Add patients: all of them, or none.

        Raises:
            Conflict: One is enrolled already.
        """
        raise NotImplementedError

    def patients(self, *, site: str | None = None) -> tuple[Patient, ...]:
        """List the patients of a site, or of all, by number."""
        raise NotImplementedError

    def find_patient(self, number: str) -> Patient | None:
        """Find a patient."""
        raise NotImplementedError

    def add_photo(self, new: NewPhoto) -> Photo:
        """Store a photograph's bytes unchanged, then its record. The same key again gives the same photo.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: The key was used for other bytes, another patient or another visit; or the visit has a
                final record, or is recorded as not done.
            StoreRefused: The disk is full or cannot be written; no record was made.
        """
        raise NotImplementedError

    def photo_bytes(self, photo_id: str) -> bytes:
        """Give a photograph's bytes as they came.

        Raises:
            RecordRefused: There is no such photograph.
            ChainBroken: The bytes are missing or not those that came.
        """
        raise NotImplementedError

    def photo(self, photo_id: str) -> PhotoSteps | None:
        """Find a photograph with its steps."""
        raise NotImplementedError

    def photos(self, *, patient: str | None = None) -> tuple[PhotoSteps, ...]:
        """List the photographs of a patient, or of all, with their steps, the earliest first.

        Of several photographs of one visit the last one is the visit's photograph.
        """
        raise NotImplementedError

    def lock_own_score(self, own: OwnScore) -> None:
        """Lock the ward's own score.

        Raises:
            RecordRefused: There is no such photograph.
            Conflict: It is locked already.
        """
        raise NotImplementedError

    def add_assessment(
        self, photo_id: str, assessment: Assessment, *, overlay: bytes | None, by: str, at: datetime
    ) -> AssessmentRecord:
        """Record what the model in use says of a photograph; gives the earlier record when there is one.

        Raises:
            RecordRefused: There is no such photograph.
            StoreRefused: The disk is full or cannot be written; no record was made.
        """
        raise NotImplementedError

    def overlay(self, photo_id: str) -> bytes | None:
        """Give the overlay that goes with a photograph's assessment; None when there is none.

        Raises:
            ChainBroken: The bytes are missing or not those that were stored.
        """
        raise NotImplementedError

    def reveal(self, reveal: Reveal) -> Reveal:
        """Record that the proposal was shown; gives the first reveal when it was shown before.

        Raises:
            RecordRefused: There is no such photograph.
        """
        raise NotImplementedError

    def confirm(self, final: FinalRecord) -> None:
        """Record the final bedside answer.

        Raises:
            RecordRefused: There is no such photograph.
            Conflict: It is there already.
        """
        raise NotImplementedError

    def add_not_done(self, not_done: NotDone) -> None:
        """Record that a visit was not done.

        Raises:
            RecordRefused: There is no such patient.
            Conflict: The visit has a photograph, or is recorded as not done already.
        """
        raise NotImplementedError

    def not_done(self) -> tuple[NotDone, ...]:
        """List the visits that were not done."""
        raise NotImplementedError
