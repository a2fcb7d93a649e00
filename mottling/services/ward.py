"""The ward: photograph, own score, what the model proposes, final record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mottling.errors import Conflict, NotAllowed, RecordRefused
from mottling.services.accounts import User
from mottling.services.courses import courses_of
from mottling.services.darkroom import Darkroom
from mottling.services.own_ward import OwnWard
from mottling.services.scorer import Scorer
from mottling.services.shadow import Shadow
from mottling.services.tablets import Tablets
from mottling.services.today import ward_list
from mottling.services.views import (
    Answer,
    Framing,
    PatientToday,
    PhotoOnWard,
    PhotoTaken,
    Proposal,
    Shot,
)
from mottling.services.ward_model import WardModel
from mottling.services.ward_rules import (
    check_because,
    check_shot,
    may_be_shown,
    refuse_after_reveal,
    refuse_after_withdrawal,
    refuse_another_own_score,
    refuse_closed,
    refuse_replaced,
    require_own_score,
)
from mottling.store.ward import WardBook
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.records import FinalRecord, NewPhoto, NotDone, OwnScore, PhotoSteps, Reveal

__all__ = ["Ward", "WardRooms"]

# A photograph that took no longer than this to come did not wait for anything but its own way.
_WAITED_FROM_S = 60.0


@dataclass(frozen=True)
class WardRooms:
    """What the ward works with."""

    book: WardBook
    charter: Charter
    darkroom: Darkroom
    scorer: Scorer
    tablets: Tablets
    shadow: Shadow


class Ward:
    """What a nurse does. Every act is for patients of the user's own site only (`NotAllowed`)."""

    def __init__(self, rooms: WardRooms) -> None:
        self._book = rooms.book
        self._charter = rooms.charter
        self._darkroom = rooms.darkroom
        self._tablets = rooms.tablets
        self._own = OwnWard(rooms.book, rooms.charter)
        self._model = WardModel(rooms.book, rooms.darkroom, rooms.scorer, rooms.shadow)

    def today(self, user: User, *, at: datetime) -> tuple[PatientToday, ...]:
        """List the patients of the user's site with the state of each visit; what is overdue comes first."""
        require(user.role, Act.WORK_ON_WARD)
        erased = self._book.erased()
        patients = [each for each in self._book.patients(site=user.site) if each.patient not in erased]
        courses = courses_of(patients, self._book, self._charter)
        return ward_list(courses, self._book.initials(), at=at)

    def take_photo(self, user: User, shot: Shot, *, at: datetime) -> PhotoTaken:
        """Store a photograph's bytes unchanged. The same key sent again gives the same photograph.

        Raises:
            PhotoRefused: The bytes are no photograph that can be read; nothing was stored.
            RecordRefused: No such patient or visit, or the visit is not done or confirmed already, or its
                proposal was shown before the photograph was taken.
            Conflict: The key was used for other bytes, another patient or another visit.
        """
        check_shot(shot)
        taken_at = at - timedelta(seconds=shot.age_s)
        patient = self._own.patient(user, shot.patient, then=taken_at)
        self._charter.visit(shot.visit)
        course = self._own.course(patient, shot.visit)
        sent_before = any(steps.photo.key == shot.key for steps in self._book.photos(patient=patient.patient))
        if not sent_before:
            refuse_closed(course)
            refuse_after_reveal(self._own.of_visit(patient.patient, shot.visit), taken_at=taken_at)
            self._darkroom.check(shot.data)
        photo = self._book.add_photo(
            NewPhoto(
                patient=patient.patient,
                visit=shot.visit,
                data=shot.data,
                key=shot.key,
                outside_window=not course.window.holds(taken_at),
                by=user.name,
                at=at,
                taken_at=taken_at if shot.age_s >= _WAITED_FROM_S else None,
            )
        )
        return PhotoTaken(photo.photo_id, photo.sha256, outside_window=photo.outside_window)

    def take_scored(self, user: User, shot: Shot, answer: Answer, *, at: datetime) -> PhotoTaken:
        """Store a photograph and lock the own score that was given with it on the tablet.

        Sent again, whatever step the first try had reached, it ends in the same two records.

        Raises:
            PhotoRefused: As `take_photo`.
            RecordRefused: As `take_photo`, or the answer is none that the trial file knows.
            Conflict: As `take_photo`, or another own score of this photograph is locked.
        """
        self._charter.check_answer(answer)
        taken = self.take_photo(user, shot, at=at)
        try:
            self._lock_what_came(taken.photo_id, answer, by=user.name, at=at)
        except Conflict:
            # The tablet heard nothing and sent again, while the first try was at work still, and quicker.
            self._lock_what_came(taken.photo_id, answer, by=user.name, at=at)
        return taken

    def _lock_what_came(self, photo_id: str, answer: Answer, *, by: str, at: datetime) -> None:
        steps = self._book.photo(photo_id)
        assert steps is not None, "it was stored a moment ago"
        refuse_another_own_score(steps, answer, by=by)
        if steps.own is None:
            self._lock(steps, answer, by=by, at=at)
        elif steps.assessment is None:
            self._model.read(steps, by=by, at=at)

    def framing(self, user: User, data: bytes) -> Framing:
        """Say how much of the legs a picture shows; nothing is stored, and nothing is said of mottling.

        Raises:
            PhotoRefused: The bytes are no photograph.
        """
        require(user.role, Act.WORK_ON_WARD)
        return self._model.framing(data)

    def outbox_key(self, user: User) -> bytes:
        """Give the key under which a tablet keeps this user's photographs until they are sent."""
        require(user.role, Act.WORK_ON_WARD)
        return self._tablets.outbox_key(user.name)

    def photo(self, user: User, photo_id: str) -> PhotoOnWard:
        """Say how far the scoring of a photograph has come."""
        steps = self._own.photo(user, photo_id)
        return PhotoOnWard(
            photo_id=photo_id,
            patient=steps.photo.patient,
            initials=self._book.initials().get(steps.photo.patient, ""),
            visit=steps.photo.visit,
            taken_at=steps.taken_at,
            outside_window=steps.photo.outside_window,
            own=None if steps.own is None else steps.own.answer,
            proposal_allowed=may_be_shown(steps, self._charter),
            revealed_at=None if steps.reveal is None else steps.reveal.at,
            final=None if steps.final is None else steps.final.answer,
        )

    def picture(self, user: User, photo_id: str) -> bytes:
        """Give the photograph as a JPEG to look at: upright, long side ≤ 2048, without EXIF."""
        self._own.photo(user, photo_id)
        return self._darkroom.picture(self._book.photo_bytes(photo_id))

    def lock_own_score(self, user: User, photo_id: str, answer: Answer, *, at: datetime) -> None:
        """Lock the user's own score, given before anything of the model was seen.

        The model reads the photograph now. When it cannot, the own score stands all the same.

        Raises:
            Conflict: The own score of this photograph is locked already, or a later one was taken.
            RecordRefused: The answer is none that the trial file knows.
        """
        steps = self._own.photo(user, photo_id)
        self._charter.check_answer(answer)
        self._lock(steps, answer, by=user.name, at=at)

    def _lock(self, steps: PhotoSteps, answer: Answer, *, by: str, at: datetime) -> None:
        self._refuse_replaced(steps)
        self._book.lock_own_score(OwnScore(by=by, at=at, photo_id=steps.photo.photo_id, answer=answer))
        self._model.read(steps, by=by, at=at)
        for beside in self._own.beside(steps):
            if beside.assessment is None:
                self._model.read(beside, by=by, at=at)

    def proposal(self, user: User, photo_id: str, *, at: datetime) -> Proposal | None:
        """Reveal what the model proposes, and record that it was.

        None where the trial file forbids it, and where no model could read the photograph.

        Raises:
            NotAllowed: The own score is not locked.
            Conflict: A later photograph was taken, whose own score this proposal could sway.
        """
        steps = self._before_revealing(user, photo_id)
        return self._revealed(steps, by=user.name, at=at)

    def proposals_beside(self, user: User, photo_id: str, *, at: datetime) -> tuple[Proposal, ...]:
        """Reveal what the model proposes for the earlier photographs of the visit, each by itself.

        The own score is one, of the patient; which photograph the outcome is of, the trial file says.

        Raises:
            NotAllowed: The own score is not locked.
            Conflict: A later photograph was taken.
        """
        steps = self._before_revealing(user, photo_id)
        shown = (self._revealed(one, by=user.name, at=at) for one in self._own.beside(steps))
        return tuple(one for one in shown if one is not None)

    def _before_revealing(self, user: User, photo_id: str) -> PhotoSteps:
        steps = self._own.photo(user, photo_id)
        require_own_score(steps)
        if steps.reveal is None:
            self._refuse_replaced(steps)
        return steps

    def _revealed(self, steps: PhotoSteps, *, by: str, at: datetime) -> Proposal | None:
        if steps.assessment is None or not self._charter.proposal_on_ward:
            return None
        photo_id = steps.photo.photo_id
        reveal = self._book.reveal(Reveal(by=by, at=at, photo_id=photo_id))
        return Proposal(photo_id, steps.assessment.assessment, reveal.at)

    def overlay(self, user: User, photo_id: str) -> bytes:
        """Give the overlay of the proposal as a JPEG.

        Raises:
            NotAllowed: The proposal was not revealed.
            RecordRefused: The proposal has no overlay.
        """
        steps = self._own.photo(user, photo_id)
        if steps.reveal is None:
            raise NotAllowed("The proposal was not shown yet", remedy="Lock your own score first")
        overlay = self._book.overlay(photo_id)
        if overlay is None:
            raise RecordRefused("This proposal has no overlay", remedy="Look at the photograph itself")
        return overlay

    def keep(self, user: User, photo_id: str, *, at: datetime) -> Answer:
        """Confirm the own score as the final bedside record; gives that record.

        Raises:
            NotAllowed: The own score is not locked, or the proposal was allowed and not yet revealed.
            Conflict: The final record is there already, or a later photograph was taken.
        """
        steps = self._own.photo(user, photo_id)
        own = self._before_confirming(steps)
        self._book.confirm(FinalRecord(by=user.name, at=at, photo_id=photo_id, answer=own, because=None))
        return own

    def change(self, user: User, photo_id: str, answer: Answer, *, because: str, at: datetime) -> Answer:
        """Confirm another score than the own one as the final bedside record, and say why.

        Raises:
            NotAllowed: The own score is not locked, or the proposal was allowed and not yet revealed.
            RecordRefused: The reason is empty, or the answer is the own one, or none of the trial file's.
            Conflict: The final record is there already, or a later photograph was taken.
        """
        steps = self._own.photo(user, photo_id)
        own = self._before_confirming(steps)
        self._charter.check_answer(answer)
        check_because(because)
        if answer == own:
            raise RecordRefused("The new score is the own score", remedy="Keep the own score instead")
        self._book.confirm(
            FinalRecord(by=user.name, at=at, photo_id=photo_id, answer=answer, because=because.strip())
        )
        return answer

    def not_done(self, user: User, patient: str, *, visit: str, reason: str, at: datetime) -> None:
        """Record that a visit was not done, with a reason code of the trial file.

        Raises:
            RecordRefused: No such patient, visit or reason.
            Conflict: The visit has a photograph, or is recorded as not done already.
        """
        self._own.patient(user, patient)
        self._charter.visit(visit)
        self._charter.check_not_done(reason)
        self._book.add_not_done(NotDone(by=user.name, at=at, patient=patient, visit=visit, reason=reason))

    def _refuse_replaced(self, steps: PhotoSteps) -> None:
        refuse_replaced(steps, self._book.photos(patient=steps.photo.patient))

    def _before_confirming(self, steps: PhotoSteps) -> Answer:
        """Give the own score, unless a step before the final record is missing."""
        own = require_own_score(steps)
        refuse_after_withdrawal(steps)
        self._refuse_replaced(steps)
        if may_be_shown(steps, self._charter) and steps.reveal is None:
            raise NotAllowed(
                "The proposal was not shown yet", remedy="Look at what the model proposes, then confirm"
            )
        return own
