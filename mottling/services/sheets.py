"""A patient's sheet for the office: how the patient was enrolled, beside the photograph and score of then.

Nobody who reads for the committee is let in here, and nothing here reaches the ward's list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.courses import VisitCourse, courses_of
from mottling.services.darkroom import Darkroom
from mottling.services.verdicts import Verdicts
from mottling.services.views import VisitState
from mottling.store.store import Store
from mottling.trial.access import Act, require
from mottling.trial.charter import Charter
from mottling.trial.eligibility import EligibilityValue, expected, in_one_writing
from mottling.trial.enrolment_plan import EligibilityItem
from mottling.trial.records import Answer, Patient

__all__ = ["ItemCorrection", "ItemSheet", "PatientSheet", "Sheets", "VisitBeside"]

_MOST_SIGNS = 2000


@dataclass(frozen=True)
class ItemSheet:
    """One eligibility item of a patient."""

    code: str
    versions: tuple[EligibilityValue, ...]
    """All that was said of it, the latest first: that counts. Empty where nothing was."""
    is_asked: bool
    """Whether the trial file names it now; one that it named earlier is shown, and no more."""

    @property
    def value(self) -> str | None:
        """What counts; None where nothing does."""
        return self.versions[0].value if self.versions else None

    @property
    def version(self) -> int:
        """How often something was said."""
        return self.versions[0].version if self.versions else 0


@dataclass(frozen=True)
class VisitBeside:
    """The visit that is shown beside the items."""

    code: str
    state: VisitState
    photo_id: str | None
    """None where there is none, or where it was erased."""
    taken_at: datetime | None
    bedside: Answer | None
    verdict: Answer | None


@dataclass(frozen=True)
class PatientSheet:
    """How a patient was enrolled."""

    patient: Patient
    initials: str
    """Empty where none are known."""
    skin_tone: int | None
    items: tuple[ItemSheet, ...]
    """In the trial file's order; those that it names no longer at the end."""
    beside: VisitBeside | None
    """None where the trial file names no visit."""


@dataclass(frozen=True)
class ItemCorrection:
    """What somebody says of an item, anew or for the first time."""

    patient: str
    item: str
    version: int
    """The one that was seen: what was recorded meanwhile is not written over unseen. 0 where none was."""
    text: str
    """Empty takes back what was said."""
    because: str
    """Why; it may be empty the first time only."""


class Sheets:
    """What the office sees and corrects of one patient."""

    def __init__(self, store: Store, charter: Charter, darkroom: Darkroom) -> None:
        self._store = store
        self._charter = charter
        self._darkroom = darkroom

    def of(self, user: User, number: str, *, at: datetime) -> PatientSheet:
        """Give the sheet of a patient.

        Raises:
            RecordRefused: There is no such patient.
        """
        require(user.role, Act.SEE_OUTCOME)
        patient = self._patient(number)
        said = [one for one in self._store.eligibility.all() if one.patient == patient.patient]
        asked = [item.code for item in self._charter.enrolment.items]
        codes = dict.fromkeys([*asked, *(one.item for one in said)])
        return PatientSheet(
            patient=patient,
            initials=self._store.ward.initials().get(patient.patient, ""),
            skin_tone=self._store.office.tones().get(patient.patient),
            items=tuple(
                ItemSheet(code, tuple(reversed([one for one in said if one.item == code])), code in asked)
                for code in codes
            ),
            beside=self._beside(patient, at=at),
        )

    def picture(self, user: User, photo_id: str) -> bytes:
        """Give a photograph to show.

        Raises:
            RecordRefused: There is no such photograph.
            PhotosErased: It was erased.
        """
        require(user.role, Act.SEE_OUTCOME)
        return self._darkroom.picture(self._store.ward.photo_bytes(photo_id))

    def correct(self, user: User, correction: ItemCorrection, *, at: datetime) -> None:
        """Record what is said of an item; what was said before stays, superseded.

        Raises:
            RecordRefused: There is no such patient or item, this cannot be said of it, or no reason is given.
            Conflict: Something else was recorded of it meanwhile.
        """
        require(user.role, Act.ENROL)
        patient = self._patient(correction.patient)
        item = self._item(correction.item)
        because = _reason(correction)
        last = self._store.eligibility.last().get((patient.patient, item.code))
        value = _value(item, correction.text.strip())
        before = None if last is None else last.value
        if value == before and correction.version == (0 if last is None else last.version):
            raise RecordRefused(
                f"Of {item.code} this is recorded already", remedy="Say something else, or leave it as it is"
            )
        self._store.eligibility.note(
            [
                EligibilityValue(
                    by=user.name,
                    at=at,
                    patient=patient.patient,
                    item=item.code,
                    value=value,
                    version=correction.version + 1,
                    because=because,
                )
            ]
        )

    def _patient(self, number: str) -> Patient:
        patient = self._store.ward.find_patient(number)
        if patient is None:
            raise RecordRefused(f"Patient {number!r} is not enrolled", remedy="Choose one of the list")
        return patient

    def _item(self, code: str) -> EligibilityItem:
        found = [item for item in self._charter.enrolment.items if item.code == code]
        if not found:
            raise RecordRefused(
                f"{code!r} is no eligibility item of this trial",
                remedy="Load the page again and repeat the step",
            )
        return found[0]

    def _beside(self, patient: Patient, *, at: datetime) -> VisitBeside | None:
        code = self._charter.enrolment.visit
        if code is None:
            return None
        (visits,) = courses_of([patient], self._store.ward, self._charter)
        (course,) = [one for one in visits if one.visit.code == code]
        verdict = Verdicts.read(self._store.committee).of(course)
        is_erased = patient.patient in self._store.ward.erased()
        return VisitBeside(
            code=code,
            state=course.state(at),
            photo_id=None if course.photo is None or is_erased else course.photo.photo_id,
            taken_at=_taken_at(course),
            bedside=course.final,
            verdict=verdict,
        )


def _taken_at(course: VisitCourse) -> datetime | None:
    return None if course.steps is None else course.steps.taken_at


def _reason(correction: ItemCorrection) -> str | None:
    because = correction.because.strip()
    if len(because) > _MOST_SIGNS or (correction.version and not because):
        raise RecordRefused(
            f"The reason has {len(because)} characters",
            remedy=f"Say in at most {_MOST_SIGNS} characters why what is recorded is corrected",
        )
    # The first version supersedes nothing.
    return because if correction.version else None


def _value(item: EligibilityItem, text: str) -> str | None:
    if not text:
        if item.required:
            raise RecordRefused(f"{item.code} is needed", remedy="Say what was measured")
        return None
    value = in_one_writing(item, text)
    if value is None:
        raise RecordRefused(f"{text!r} is not {expected(item)}", remedy="Write it as it was measured")
    return value
