"""What changes about a patient, on the office's page: looked up by any number, recorded with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.changes import Change, Changing, Extent, PatientStanding
from mottling.services.office import Office
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.pages.change_words import ChangeWords
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["ChangeScreens"]

_Short = Annotated[str, Field(max_length=80)]
_Why = Annotated[str, Field(max_length=5000)]


class _Patient(Form):
    """A patient, by any number."""

    patient: _Short


class _Because(_Patient):
    """Something of a patient, with its reason."""

    because: _Why = ""


class _At(_Because):
    """Something that holds from a time on, as the clocks of the site showed it."""

    day: _Short
    clock: _Short

    def shown(self) -> datetime:
        """Give what the clocks showed.

        Raises:
            RecordRefused: It is no day and time.
        """
        try:
            shown = datetime.fromisoformat(f"{self.day}T{self.clock}")
        except ValueError as error:
            raise RecordRefused(
                "The day and the time are not whole", remedy="Write both, such as 3 March 2026 and 14:05"
            ) from error
        return shown.replace(tzinfo=None)


class _Withdrawal(_At):
    extent: Extent


class _Transfer(_At):
    site: _Short


class _Number(_Because):
    becomes: _Short


@dataclass(frozen=True)
class ChangeScreens:
    """What is shown, and what is done."""

    changing: Changing
    office: Office
    trial_words: TrialWords

    def deeds(self) -> list[Deed[Any]]:
        """Give what a person can do here."""
        return [
            Deed("changes", Empty, self.show),
            Deed("change_of", _Patient, self.look_up),
            Deed("withdraw", _Withdrawal, self.withdraw),
            Deed("take_back_withdrawal", _Because, self.take_back),
            Deed("transfer", _Transfer, self.transfer),
            Deed("correct_number", _Number, self.correct_number),
            Deed("correct_enrolment", _Transfer, self.correct_enrolment),
            Deed("erase_withdrawn", _Because, self.erase),
        ]

    def show(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show every change, and ask of whom there is one to record."""
        return self._shown(user, None, self.changing.lines(user), at=at)

    def look_up(self, user: User, form: _Patient, at: datetime) -> Shown:
        """Show what holds of one patient."""
        return self._of(user, self.changing.look_up(user, form.patient), at=at)

    def withdraw(self, user: User, form: _Withdrawal, at: datetime) -> Shown:
        """Record a withdrawal; what the patient asks to have erased is offered, and not done."""
        since = self._moment(self.changing.look_up(user, form.patient).site_now, form)
        standing = self.changing.withdraw(
            user, form.patient, form.extent, since=since, because=form.because, at=at
        )
        return self._done(user, standing, "withdraw", at=at)

    def take_back(self, user: User, form: _Because, at: datetime) -> Shown:
        """Record that a withdrawal no longer holds."""
        standing = self.changing.take_back(user, form.patient, because=form.because, at=at)
        return self._done(user, standing, "take_back", at=at)

    def transfer(self, user: User, form: _Transfer, at: datetime) -> Shown:
        """Record that a patient is at another site."""
        since = self._moment(form.site, form)
        standing = self.changing.transfer(
            user, form.patient, form.site, since=since, because=form.because, at=at
        )
        return self._done(user, standing, "transfer", at=at)

    def correct_number(self, user: User, form: _Number, at: datetime) -> Shown:
        """Record the right number."""
        becomes = form.becomes.strip()
        standing = self.changing.correct_number(user, form.patient, becomes, because=form.because, at=at)
        return self._done(user, standing, "number", at=at)

    def correct_enrolment(self, user: User, form: _Transfer, at: datetime) -> Shown:
        """Record the right site and time of randomisation."""
        time = self._moment(form.site, form)
        standing = self.changing.correct_enrolment(
            user, form.patient, form.site, randomised_at=time, because=form.because, at=at
        )
        return self._done(user, standing, "enrolment", at=at)

    def erase(self, user: User, form: _Because, at: datetime) -> Shown:
        """Erase the photographs of who asked for it, for good."""
        patient = self.changing.look_up(user, form.patient).patient
        self.office.erase_photos(user, patient, reason=form.because, at=at)
        return self._done(user, self.changing.look_up(user, patient), "erase", at=at)

    def _moment(self, site: str, form: _At) -> datetime:
        return self.changing.moment(site, form.shown())

    def _done(self, user: User, standing: PatientStanding, what: str, *, at: datetime) -> Shown:
        said = self.trial_words.words.say(f"office.changes.done.{what}", {"patient": standing.patient})
        return Shown(self._of(user, standing, at=at).body, notice=said)

    def _of(self, user: User, standing: PatientStanding, *, at: datetime) -> Shown:
        return self._shown(user, standing, standing.changes, at=at)

    def _shown(
        self, user: User, standing: PatientStanding | None, changes: tuple[Change, ...], *, at: datetime
    ) -> Shown:
        words = ChangeWords(self.trial_words, at)
        values = {
            "standing": None if standing is None else words.standing(standing),
            "lines": [words.line(one) for one in changes],
            "to_erase": self.changing.to_erase(user),
            "extents": tuple(Extent),
            "sites": self.trial_words.charter.sites,
        }
        return Shown(render("office_changes.html", self.trial_words.words, values))
