"""The book of the committee: what was given to whom, what was read, which reading counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from mottling.trial.adjudication import PhotoToRead
from mottling.trial.records import Assignment, Reading, Verdict

__all__ = ["Choose", "CommitteeBook", "Settle"]

Choose = Callable[[Sequence[PhotoToRead]], str | None]
"""Chooses the id of the photograph that a reader is given next."""

Settle = Callable[[Sequence[Reading]], Reading | None]
"""Chooses the reading that is the verdict, from those of one photograph, the earliest first."""


class CommitteeBook:
    """Readings of the committee."""

    def photos_to_read(self) -> tuple[PhotoToRead, ...]:
        """List the last photograph of each visit, and how far the committee has come with it.

        A reader who was disabled before reading is no longer expected.
        """
        raise NotImplementedError

    def assign(self, reader: str, *, choose: Choose, at: datetime) -> Assignment | None:
        """Give a reader the photograph that waits for him, or else one that `choose` names.

        Nobody else can be given a photograph meanwhile.

        Returns:
            None when `choose` names none.
        """
        raise NotImplementedError

    def find_assignment(self, reading_id: str) -> Assignment | None:
        """Find what was given under this id."""
        raise NotImplementedError

    def lock(self, reading: Reading, *, settle: Settle) -> Verdict | None:
        """Lock a reading and, when `settle` names one, record the verdict with it.

        Returns:
            The verdict, when this reading settled it.

        Raises:
            RecordRefused: The photograph was not given to this reader under this id.
            Conflict: The reading is locked already.
        """
        raise NotImplementedError

    def readings(self, *, by: str | None = None) -> tuple[Reading, ...]:
        """List the readings of a reader, or of all, the earliest first."""
        raise NotImplementedError

    def verdicts(self) -> tuple[Verdict, ...]:
        """List the verdicts, the earliest first."""
        raise NotImplementedError
