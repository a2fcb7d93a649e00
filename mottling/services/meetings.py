"""The committee's meetings: what it says together of a photograph that no reader's answer settles."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.accounts import Accounts, User
from mottling.services.reading_list import ReadingList
from mottling.services.readout import is_closed
from mottling.services.training_cases import TrainingCases
from mottling.services.views import Answer, ToMeetAbout
from mottling.store.meetings import Minutes
from mottling.store.store import Store
from mottling.trial.access import Act, Role, require
from mottling.trial.adjudication import PhotoToRead, awaits_meeting
from mottling.trial.charter import Charter
from mottling.trial.reading_plan import Lot

__all__ = ["MeetingRooms", "Meetings", "Said"]

_ID_BYTES = 16
_LEAST_READERS = 2
_MOST_SIGNS = 2000


@dataclass(frozen=True)
class MeetingRooms:
    """What a meeting needs."""

    store: Store
    charter: Charter
    accounts: Accounts
    training: TrainingCases
    reading_list: ReadingList


@dataclass(frozen=True)
class Said:
    """What came of a meeting, as somebody who sat there writes it down."""

    answer: Answer
    sat: Sequence[str]
    """Readers who sat there, by name; who writes it down is one of them, named or not."""
    guests: str = ""
    """Who else sat there."""
    comment: str = ""


class Meetings:
    """What readers do together. The photograph stays blinded, and nobody is told who had said what."""

    def __init__(self, rooms: MeetingRooms) -> None:
        self._rooms = rooms
        self._book = rooms.store.committee
        self._rules = rooms.charter.reading

    def are_held(self) -> bool:
        """Say whether the trial file has meetings at all."""
        return self._rules.holds_meetings

    def readers(self, reader: User) -> tuple[str, ...]:
        """List who may sit there: every reader who is let in, by name."""
        require(reader.role, Act.READ_BLINDED)
        users = self._rooms.store.users.known()
        return tuple(
            one.name for one in users if one.role is Role.READER and not (one.disabled or one.locked)
        )

    def waiting(self, reader: User) -> tuple[ToMeetAbout, ...]:
        """List the photographs that wait for a meeting, in an order that says nothing.

        Every answer that is shown with one is locked and signed, and nobody else has it to read.

        Raises:
            NotAllowed: The training comes first.
            Conflict: The reader still has photographs of his own to read or to sign: those come first, so
                that no reader hears of a disagreement in the middle of a list.
        """
        self._rooms.training.require_qualified(reader)
        progress = self._rooms.reading_list.progress(reader)
        if progress.to_read or progress.read_in_batch:
            raise Conflict(
                f"You have {progress.to_read} photographs to read and {progress.read_in_batch} to sign",
                remedy="Read and sign them first: the committee meets about photographs that all have read",
            )
        return tuple(_to_meet_about(name, photo) for name, photo in self._open(reader).items())

    def _open(self, reader: User) -> Mapping[str, PhotoToRead]:
        """Find what waits for a meeting, by the id under which it is shown there.

        Not what the trial file keeps this reader from.
        """
        if not self.are_held() or is_closed(self._rooms.store):
            return {}
        kept_from = self._rules.scope_of(reader.name).keeps_from
        waiting = (photo for photo in self._book.photos_to_read() if self._awaits(photo))
        photos = [photo for photo in waiting if photo.site not in kept_from]
        lot = Lot(self._book.seed(), "the committee")
        photos.sort(key=lambda photo: lot.draw("meeting", photo.photo_id))
        return {self._id(photo.photo_id): photo for photo in photos}

    def _awaits(self, photo: PhotoToRead) -> bool:
        return photo.is_confirmed and awaits_meeting(photo, rules=self._rules)

    def _id(self, photo_id: str) -> str:
        """Make the id of a photograph at a meeting: like that of any reading, and foreseen by nobody."""
        asked = "\0".join(("meeting", photo_id)).encode()
        return hmac.digest(self._book.seed().encode(), asked, hashlib.sha256)[:_ID_BYTES].hex()

    def photo_of(self, reader: User, reading_id: str) -> str | None:
        """Find the photograph that is shown under an id at a meeting; None where the id is of something else.

        Raises:
            Conflict: The reader has photographs of his own to read or to sign first.
        """
        if not self.are_held() or self._book.find_assignment(reading_id) is not None:
            return None
        found = self._open(reader).get(reading_id)
        if found is None:
            return None
        self.waiting(reader)
        return found.photo_id

    def record(
        self, reader: User, reading_id: str, said: Said, *, password: str, meaning: str, at: datetime
    ) -> None:
        """Record what the committee said together, signed by who writes it down: it is the verdict.

        Args:
            reader: Who sat there and writes it down.
            reading_id: From `waiting`.
            said: What was said, and by whom.
            password: Given for this, as for any signature.
            meaning: What the signature stands for, in the words that were shown.
            at: Now.

        Raises:
            SignInRefused: The password is not this reader's.
            NotAllowed: No photograph is shown under this id.
            Conflict: The photograph waits for no meeting any more, or the reader has others to read first.
            RecordRefused: Fewer than two readers sat there, one is none, a text is too long, no such answer.
        """
        photo_id = self.photo_of(reader, reading_id)
        if photo_id is None:
            raise NotAllowed("No meeting is open under this address", remedy="Go to the committee's page")
        self._rooms.charter.check_answer(said.answer)
        sat = self._seated(reader, said.sat)
        _check_texts(said)
        self._rooms.accounts.confirm(reader.name, password, at=at)
        self._book.meet(
            Minutes(
                reading_id=reading_id,
                photo_id=photo_id,
                answer=said.answer,
                sat=sat,
                guests=said.guests.strip() or None,
                comment=said.comment.strip() or None,
                meaning=meaning,
                by=reader.name,
                at=at,
            ),
            awaits=self._awaits,
        )

    def _seated(self, reader: User, named: Sequence[str]) -> tuple[str, ...]:
        sat = sorted({reader.name, *named})
        strangers = [name for name in sat if name not in self.readers(reader)]
        if strangers:
            raise RecordRefused(
                f"{strangers[0]!r} is no reader of this committee",
                remedy="Choose readers, and write down who else sat there",
            )
        if len(sat) < _LEAST_READERS:
            raise RecordRefused(
                f"{len(sat)} reader sat there; at least {_LEAST_READERS} must",
                remedy="Choose who sat there with you",
            )
        return tuple(sat)


def _check_texts(said: Said) -> None:
    for text in (said.guests, said.comment):
        if len(text) > _MOST_SIGNS:
            raise RecordRefused(
                f"A text has {len(text)} characters", remedy=f"Write at most {_MOST_SIGNS} characters"
            )


def _to_meet_about(reading_id: str, photo: PhotoToRead) -> ToMeetAbout:
    """Sort the answers by what they say: their order must not tell whose they are."""
    answers = sorted((one.answer for one in photo.readings), key=_place)
    return ToMeetAbout(reading_id, tuple(answers))


def _place(answer: Answer) -> tuple[int, str, str]:
    return (9 if answer.score is None else answer.score, answer.status.value, answer.reason or "")
