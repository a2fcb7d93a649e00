"""What the office records of a patient after enrolment: withdrawal, another site, what was wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.reasons import reason
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.changes import (
    Change,
    EnrolmentCorrected,
    Extent,
    NumberCorrected,
    Transfer,
    Withdrawal,
    WithdrawalTakenBack,
)
from mottling.trial.charter import Charter
from mottling.trial.consents import Choice, RetrainingConsent
from mottling.trial.local_times import moments_of
from mottling.trial.records import Patient, PhotoSteps

__all__ = [
    "Change",
    "Changing",
    "EnrolmentCorrected",
    "Extent",
    "NumberCorrected",
    "PatientStanding",
    "Transfer",
    "Withdrawal",
    "said_in_short",
]

# A clock of a hospital may go a little before ours.
_AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class PatientStanding:
    """What holds of one patient now."""

    patient: str
    former_numbers: tuple[str, ...]
    site: str
    """Which randomised; the outcome is its."""
    site_now: str
    randomised_at: datetime
    withdrawal: Withdrawal | None
    photographs: int
    """All that are stored, those from after a withdrawal too."""
    after_withdrawal: int
    """Those that were taken when the patient had withdrawn: kept, and counted nowhere."""
    are_erased: bool
    changes: tuple[Change, ...]
    """The latest first."""

    @property
    def is_erasure_asked(self) -> bool:
        """Whether the patient asked that photographs be erased, and nobody has."""
        return self.withdrawal is not None and self.withdrawal.extent.erases and not self.are_erased


class Changing:
    """What changes about patients. Each act is a record with its reason; none changes what was written."""

    def __init__(self, store: Store, charter: Charter) -> None:
        self._store = store
        self._charter = charter

    def withdraw(
        self, user: User, patient: str, extent: Extent, *, since: datetime, because: str, at: datetime
    ) -> PatientStanding:
        """Record that a patient withdrew. It erases nothing: the standing says whether that is asked for.

        Args:
            user: Who records it.
            patient: Any number that the patient ever had.
            extent: What the patient withdraws from; from training, the refusal is recorded too.
            since: From when on; a photograph from then on counts nowhere.
            because: Such as who said it and where it is signed.
            at: Now.

        Raises:
            RecordRefused: No such patient, no reason, or the time is before randomisation or to come.
            Conflict: The same is on record already.
        """
        known, why = self._known(user, patient), reason(because)
        _check_time(known, since, at=at)
        self._store.changes.withdraw(
            Withdrawal(by=user.name, at=at, patient=known.patient, since=since, extent=extent, because=why)
        )
        if extent is Extent.TRAINING:
            self._store.consents.note(
                [
                    RetrainingConsent(
                        by=user.name, at=at, patient=known.patient, choice=Choice.REFUSED, because=why
                    )
                ]
            )
        return self._standing(known.patient)

    def take_back(self, user: User, patient: str, *, because: str, at: datetime) -> PatientStanding:
        """Record that a withdrawal no longer holds. What was erased stays erased, and a refusal a refusal.

        Raises:
            RecordRefused: There is no such patient, or no reason.
            Conflict: The patient has not withdrawn.
        """
        known = self._known(user, patient)
        self._store.changes.take_back(
            WithdrawalTakenBack(by=user.name, at=at, patient=known.patient, because=reason(because))
        )
        return self._standing(known.patient)

    def transfer(
        self, user: User, patient: str, site: str, *, since: datetime, because: str, at: datetime
    ) -> PatientStanding:
        """Record that a patient is at another site from a time on, which has passed.

        Raises:
            RecordRefused: No such patient or site, no reason, or the time is before randomisation or to come.
            Conflict: The patient is there already.
        """
        known, code = self._known(user, patient), self._charter.site(site).code
        _check_time(known, since, at=at)
        self._store.changes.transfer(
            Transfer(
                by=user.name,
                at=at,
                patient=known.patient,
                site=code,
                since=since,
                because=reason(because),
            )
        )
        return self._standing(known.patient)

    def correct_number(
        self, user: User, patient: str, becomes: str, *, because: str, at: datetime
    ) -> PatientStanding:
        """Record that a patient's number was wrong. Everything of the patient stays with the patient.

        Raises:
            RecordRefused: There is no such patient, no reason, or the number is none of this trial's.
            Conflict: Another patient has the number, or ever had it.
        """
        known = self._known(user, patient)
        self._charter.check_patient(becomes)
        self._store.changes.correct_number(
            known.patient, becomes, because=reason(because), by=user.name, at=at
        )
        return self._standing(becomes)

    def correct_enrolment(
        self, user: User, patient: str, site: str, *, randomised_at: datetime, because: str, at: datetime
    ) -> PatientStanding:
        """Record the site and the time of randomisation that are right; windows follow the time.

        Args:
            user: Who records it.
            patient: Any number that the patient ever had.
            site: The right one, as it was where it was right.
            randomised_at: Likewise.
            because: How the mistake came about.
            at: Now.

        Raises:
            RecordRefused: No such patient or site, no reason, or the time is to come.
            Conflict: They are on record so already.
        """
        known, code = self._known(user, patient), self._charter.site(site).code
        _check_passed(randomised_at, at=at)
        self._store.changes.correct_enrolment(
            EnrolmentCorrected(
                by=user.name,
                at=at,
                patient=known.patient,
                site=code,
                randomised_at=randomised_at,
                because=reason(because),
            )
        )
        return self._standing(known.patient)

    def moment(self, site: str, shown: datetime) -> datetime:
        """Say which moment the clocks of a site meant.

        Args:
            site: A site of the trial file.
            shown: What they showed, without an offset.

        Raises:
            RecordRefused: There is no such site, or they never showed it, or twice.
        """
        moments = moments_of(shown, ZoneInfo(self._charter.site(site).time_zone))
        if len(moments) != 1:
            raise RecordRefused(
                f"The clocks showed {shown:%H:%M} {'twice' if moments else 'never'} on that day",
                remedy="Record it at the server, with `mottling change`, where a time has its offset",
            )
        return moments[0]

    def look_up(self, user: User, number: str) -> PatientStanding:
        """Say what holds of a patient now, found by any number that the patient ever had.

        Raises:
            RecordRefused: There is none.
        """
        return self._standing(self._known(user, number).patient)

    def lines(self, user: User) -> tuple[Change, ...]:
        """List every change of every patient, the latest first."""
        require(user.role, Act.SEE_OUTCOME)
        return tuple(reversed(self._store.changes.all()))

    def to_erase(self, user: User) -> tuple[str, ...]:
        """Name the patients who asked that photographs be erased, and whose are not."""
        require(user.role, Act.SEE_OUTCOME)
        return tuple(sorted(self._store.changes.look().to_erase() - self._store.ward.erased()))

    def _known(self, user: User, number: str) -> Patient:
        require(user.role, Act.ENROL)
        patient = self._store.ward.find_patient(number.strip())
        if patient is None:
            raise RecordRefused(f"Patient {number!r} is not enrolled", remedy="Check the number")
        return patient

    def _standing(self, number: str) -> PatientStanding:
        patient = self._store.ward.find_patient(number)
        assert patient is not None, "it was found before"
        changes = self._store.changes.look()
        ward = self._store.ward
        late = _of(patient, ward.photos_after_withdrawal())
        others = (*ward.photos(patient=patient.patient), *_of(patient, ward.photos_left_out()))
        return PatientStanding(
            patient=patient.patient,
            former_numbers=changes.former.get(patient.patient, ()),
            site=patient.site,
            site_now=changes.site_now(patient),
            randomised_at=patient.randomised_at,
            withdrawal=changes.withdrawals.get(patient.patient),
            photographs=len(others) + len(late),
            after_withdrawal=len(late),
            are_erased=patient.patient in self._store.ward.erased(),
            changes=tuple(
                one for one in reversed(self._store.changes.all()) if one.patient == patient.patient
            ),
        )


def said_in_short(change: Change) -> str:
    """Say a change in a few words, without its reason."""
    match change:
        case Withdrawal():
            return f"withdrawn from {change.since.isoformat()}, {change.extent}"
        case WithdrawalTakenBack():
            return "withdrawal taken back"
        case Transfer():
            return f"at site {change.site} from {change.since.isoformat()}"
        case NumberCorrected():
            return f"number {change.was} corrected to {change.becomes}"
        case EnrolmentCorrected():
            return f"enrolment corrected to site {change.site}, {change.randomised_at.isoformat()}"


def _of(patient: Patient, photos: Sequence[PhotoSteps]) -> list[PhotoSteps]:
    return [one for one in photos if one.photo.patient == patient.patient]


def _check_time(patient: Patient, since: datetime, *, at: datetime) -> None:
    if since < patient.randomised_at:
        raise RecordRefused(
            f"{since.isoformat()} is before the patient was randomised", remedy="Correct the time"
        )
    _check_passed(since, at=at)


def _check_passed(time: datetime, *, at: datetime) -> None:
    if time > at + _AHEAD:
        raise RecordRefused(
            f"{time.isoformat()} is still to come",
            remedy="Record it when it has happened, or correct the time",
        )
