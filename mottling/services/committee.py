"""The committee: blinded readings, one photograph after the other, until a verdict stands."""

from __future__ import annotations

from datetime import datetime

from mottling.services.accounts import User
from mottling.services.views import Answer, Progress, ToRead

__all__ = ["Committee"]


class Committee:
    """What a reader does. Nothing that leaves this class says whose photograph it is."""

    def next_photo(self, reader: User, *, at: datetime) -> ToRead | None:
        """Give the reader's next photograph, in an order drawn for this reader; None when all are read.

        The same one comes again until it is locked.
        """
        raise NotImplementedError

    def picture(self, reader: User, reading_id: str) -> bytes:
        """Give the photograph as a JPEG: pixels only, upright, long side ≤ 2048, re-encoded, without EXIF.

        Raises:
            NotAllowed: The reading is not this reader's.
        """
        raise NotImplementedError

    def lock_reading(
        self, reader: User, reading_id: str, answer: Answer, *, reading_s: float, at: datetime
    ) -> None:
        """Lock the reader's answer; the verdict is formed as soon as the charter's rule is met.

        Args:
            reader: Who read.
            reading_id: From `next_photo`.
            answer: What the reader says.
            reading_s: How long the photograph was looked at.
            at: When it is locked.

        Raises:
            NotAllowed: The reading is not this reader's.
            Conflict: It is locked already.
            RecordRefused: The answer is none that the trial file knows.
        """
        raise NotImplementedError

    def progress(self, reader: User) -> Progress:
        """Say how far this reader has come. Says nothing of other readers."""
        raise NotImplementedError

    def reasons_not_assessable(self) -> tuple[str, ...]:
        """Give the trial file's reason codes for a photograph that cannot be judged."""
        raise NotImplementedError
