"""Fills a fresh store through the services, act after act in the order of time, as a trial does in a week."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mottling.demo.passwords import DemoUser, draw_passwords
from mottling.demo.people import NURSES, OFFICE, OTHERS, READERS, SHOWN
from mottling.demo.plan import DemoPatient, Stage, plan
from mottling.scale import MAX_SCORE
from mottling.services.accounts import User
from mottling.services.darkroom import Darkroom
from mottling.services.made_photographs import MadePhoto
from mottling.services.opening import Services
from mottling.services.padding import padded
from mottling.services.views import Answer, Shot

__all__ = ["fill"]

_BASELINE = timedelta(minutes=30)
_DAY1 = timedelta(hours=24)
_NOT_DONE = timedelta(hours=30)
_READING_S = 14.0
_BETWEEN_READINGS = timedelta(seconds=25)

# Before the patients of READ_ONCE were enrolled, and after their day 1 was confirmed: see `Stage`.
_SECOND_READER_AGO = timedelta(hours=90)
_THIRD_READER_AGO = timedelta(hours=54)
_TRAINED_AGO = timedelta(hours=92)

_WITHOUT_BASELINE = (Stage.JUST_ENROLLED,)
_WITHOUT_DAY1 = (
    Stage.JUST_ENROLLED,
    Stage.BASELINE_DONE,
    Stage.DAY1_DUE,
    Stage.DAY1_OVERDUE,
    Stage.DAY1_NOT_DONE,
)
_MEANING = "I have read these photographs myself, and these are my answers"
_BECAUSE = "The overlay shows the net further up than I had looked"


@dataclass(frozen=True)
class _Act:
    """Something that was done in the trial."""

    at: datetime
    do: Callable[[datetime], None]


def fill(services: Services, photos: Sequence[MadePhoto], *, now: datetime) -> tuple[DemoUser, ...]:
    """Let the trial run until now; gives the users to sign in as.

    Args:
        services: Over an empty store.
        photos: What the patients' photographs are taken from.
        now: Every act lies before it.
    """
    everybody = (*NURSES.values(), *READERS, OFFICE, *OTHERS)
    drawn = {one.name: one for one in draw_passwords([user.name for user in everybody])}
    acts = [*_Week(services, _Album(photos), now, passwords=drawn).acts()]
    begin = min(act.at for act in acts) - timedelta(days=1)
    for user in everybody:
        services.accounts.add_user(user, drawn[user.name].password, by="demo", at=begin)
    for act in sorted(acts, key=lambda act: act.at):
        act.do(act.at)
    return tuple(drawn[user.name] for user in SHOWN)


class _Album:
    """Which photograph shows which patient."""

    def __init__(self, photos: Sequence[MadePhoto]) -> None:
        # Neighbours have about the same skin, so that a patient does not change it from day to day.
        *many, apart = sorted(photos, key=lambda photo: photo.tone or 0)
        self._many = many or [apart]
        self._apart = apart

    def baseline(self, place: int) -> MadePhoto:
        """Give the baseline photograph of a patient, by place in the plan."""
        return self._many[(4 * place + 1) % len(self._many)]

    def day1(self, place: int, stage: Stage) -> MadePhoto:
        """Give the day-1 photograph; the one on which readers differ is nobody else's."""
        return self._apart if stage is Stage.DIFFER else self._many[4 * place % len(self._many)]

    def by_picture(self) -> _Truth:
        """Say for each picture that a reader sees what it shows."""
        darkroom = Darkroom()
        return _Truth(
            {
                _sha256(padded(darkroom.picture(photo.data))): photo.score
                for photo in (*self._many, self._apart)
            },
            apart=_sha256(padded(darkroom.picture(self._apart.data))),
        )


@dataclass(frozen=True)
class _Truth:
    """What the rendered pictures show. A made-up reader knows them by sight."""

    scores: dict[str, int]
    apart: str


class _Week:
    """Everything that happened, as acts with their times."""

    def __init__(
        self, services: Services, album: _Album, now: datetime, *, passwords: Mapping[str, DemoUser]
    ) -> None:
        self._services = services
        self._passwords = passwords
        self._album = album
        self._now = now
        self._truth = album.by_picture()

    def acts(self) -> Iterator[_Act]:
        """List what was done, patient by patient and then by the committee."""
        for place, patient in enumerate(plan()):
            yield from self._acts_of(patient, place)
        yield _Act(self._now - _TRAINED_AGO, self._train)
        yield _Act(self._now - _SECOND_READER_AGO, lambda at: self._read_all(READERS[1], at=at))
        yield _Act(self._now - _THIRD_READER_AGO, lambda at: self._read_all(READERS[2], at=at))

    def _acts_of(self, patient: DemoPatient, place: int) -> Iterator[_Act]:
        began = self._now - patient.stage.since_randomisation
        yield _Act(began + timedelta(minutes=10), lambda at: self._enrol(patient, randomised_at=began, at=at))
        if patient.stage not in _WITHOUT_BASELINE:
            photo = self._album.baseline(place)
            yield _Act(began + _BASELINE, lambda at: self._whole_visit(patient, "baseline", photo, at=at))
        if patient.stage is Stage.DAY1_NOT_DONE:
            yield _Act(began + _NOT_DONE, lambda at: self._not_done(patient, at=at))
        if patient.stage not in _WITHOUT_DAY1:
            later = self._album.day1(place, patient.stage)
            yield _Act(began + _DAY1, lambda at: self._day1(patient, later, at=at))

    def _enrol(self, patient: DemoPatient, *, randomised_at: datetime, at: datetime) -> None:
        line = f"{patient.number},{patient.site},{randomised_at.isoformat()},{patient.initials}"
        file = f"patient,site,randomised_at,initials\n{line}\n".encode()
        report = self._services.enrolling.enrol(OFFICE, file, at=at)
        assert report.stored, report.problems

    def _day1(self, patient: DemoPatient, photo: MadePhoto, *, at: datetime) -> None:
        if patient.stage is Stage.TO_SCORE:
            self._take(patient, "day1", photo, at=at)
        elif patient.stage is Stage.TO_CONFIRM:
            self._score(patient, self._take(patient, "day1", photo, at=at), photo.score, at=at)
        else:
            self._whole_visit(patient, "day1", photo, at=at)

    def _whole_visit(self, patient: DemoPatient, visit: str, photo: MadePhoto, *, at: datetime) -> None:
        """Photograph, score, look at the proposal, confirm; one nurse in ten changes her mind."""
        ward, nurse = self._services.ward, NURSES[patient.site]
        photo_id = self._take(patient, visit, photo, at=at)
        changes = visit == "day1" and patient.number.endswith("9") and photo.score > 0
        self._score(patient, photo_id, photo.score - changes, at=at + timedelta(minutes=2))
        ward.proposal(nurse, photo_id, at=at + timedelta(minutes=3))
        if changes:
            final = Answer.scored(photo.score)
            ward.change(nurse, photo_id, final, because=_BECAUSE, at=at + timedelta(minutes=4))
        else:
            ward.keep(nurse, photo_id, at=at + timedelta(minutes=4))

    def _take(self, patient: DemoPatient, visit: str, photo: MadePhoto, *, at: datetime) -> str:
        shot = Shot(patient.number, visit, photo.data, key=f"demo-{patient.number}-{visit}")
        return self._services.ward.take_photo(NURSES[patient.site], shot, at=at).photo_id

    def _score(self, patient: DemoPatient, photo_id: str, score: int, *, at: datetime) -> None:
        self._services.ward.lock_own_score(NURSES[patient.site], photo_id, Answer.scored(score), at=at)

    def _not_done(self, patient: DemoPatient, *, at: datetime) -> None:
        reason = self._services.charter.reasons_not_done[0].code
        self._services.ward.not_done(NURSES[patient.site], patient.number, visit="day1", reason=reason, at=at)

    def _train(self, at: datetime) -> None:
        """Let every reader read the training cases, and know them by sight."""
        committee = self._services.committee
        for reader in READERS:
            while (case := committee.training.state(reader).next_id) is not None:
                score = self._truth.scores[_sha256(committee.picture(reader, case))]
                committee.train(reader, case, Answer.scored(score), reading_s=_READING_S, at=at)

    def _read_all(self, reader: User, *, at: datetime) -> None:
        """Let a reader read whatever waits, and sign each batch."""
        committee = self._services.committee
        while committee.next_photo(reader, at=at) is not None:
            at = self._read_batch(reader, at=at)
            committee.sign(
                reader,
                self._passwords[reader.name].password,
                meaning=_MEANING,
                readings=len(committee.batch(reader)),
                at=at,
            )

    def _read_batch(self, reader: User, *, at: datetime) -> datetime:
        """Let a reader read a batch, the last one differ on one picture; gives when it is done."""
        committee = self._services.committee
        while (given := committee.next_photo(reader, at=at)) is not None:
            seen = _sha256(committee.picture(reader, given.reading_id))
            score = self._truth.scores[seen]
            if reader == READERS[2] and seen == self._truth.apart:
                score += 1 if score < MAX_SCORE else -1
            answer = Answer.scored(score)
            committee.lock_reading(reader, given.reading_id, answer, reading_s=_READING_S, at=at)
            at += _BETWEEN_READINGS
        return at


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
