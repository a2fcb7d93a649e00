"""The ward: photograph, own score, what the model proposes, final record."""

from __future__ import annotations

from datetime import datetime

from mottling.services.accounts import User
from mottling.services.views import Answer, PatientToday, PhotoOnWard, PhotoTaken, Proposal, Shot

__all__ = ["Ward"]


class Ward:
    """What a nurse does. Every act is for patients of the user's own site only (`NotAllowed`)."""

    def today(self, user: User, *, at: datetime) -> tuple[PatientToday, ...]:
        """List the patients of the user's site with the state of each visit; what is overdue comes first."""
        raise NotImplementedError

    def take_photo(self, user: User, shot: Shot, *, at: datetime) -> PhotoTaken:
        """Store a photograph's bytes unchanged. The same key sent again gives the same photograph.

        Raises:
            PhotoRefused: The bytes are no photograph that can be read; nothing was stored.
            RecordRefused: No such patient or visit, or the visit is not done or confirmed already.
            Conflict: The key was used for other bytes, another patient or another visit.
        """
        raise NotImplementedError

    def photo(self, user: User, photo_id: str) -> PhotoOnWard:
        """Say how far the scoring of a photograph has come."""
        raise NotImplementedError

    def picture(self, user: User, photo_id: str) -> bytes:
        """Give the photograph as a JPEG to look at: upright, long side ≤ 2048, without EXIF."""
        raise NotImplementedError

    def lock_own_score(self, user: User, photo_id: str, answer: Answer, *, at: datetime) -> None:
        """Lock the user's own score, given before anything of the model was seen.

        Raises:
            Conflict: The own score of this photograph is locked already.
            RecordRefused: The answer is none that the trial file knows.
        """
        raise NotImplementedError

    def proposal(self, user: User, photo_id: str, *, at: datetime) -> Proposal | None:
        """Reveal what the model proposes, and record that it was; None where the trial file forbids it.

        Raises:
            NotAllowed: The own score is not locked.
        """
        raise NotImplementedError

    def overlay(self, user: User, photo_id: str) -> bytes:
        """Give the overlay of the proposal as a JPEG.

        Raises:
            NotAllowed: The proposal was not revealed.
        """
        raise NotImplementedError

    def keep(self, user: User, photo_id: str, *, at: datetime) -> Answer:
        """Confirm the own score as the final bedside record; gives that record.

        Raises:
            NotAllowed: The own score is not locked, or the proposal was allowed and not yet revealed.
            Conflict: The final record is there already.
        """
        raise NotImplementedError

    def change(self, user: User, photo_id: str, answer: Answer, *, because: str, at: datetime) -> Answer:
        """Confirm another score than the own one as the final bedside record, and say why.

        Raises:
            NotAllowed: The own score is not locked, or the proposal was allowed and not yet revealed.
            RecordRefused: The reason is empty, or the answer is none that the trial file knows.
            Conflict: The final record is there already.
        """
        raise NotImplementedError

    def not_done(self, user: User, patient: str, *, visit: str, reason: str, at: datetime) -> None:
        """Record that a visit was not done, with a reason code of the trial file.

        Raises:
            RecordRefused: No such patient, visit or reason.
            Conflict: The visit has a photograph, or is recorded as not done already.
        """
        raise NotImplementedError

    def reasons_not_done(self) -> tuple[str, ...]:
        """Give the trial file's reason codes for a visit that was not done."""
        raise NotImplementedError

    def reasons_not_assessable(self) -> tuple[str, ...]:
        """Give the trial file's reason codes for a photograph that cannot be judged."""
        raise NotImplementedError
