"""Consent for retraining on the office's page: what is known, and recording what a patient has said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.services.accounts import User
from mottling.services.consents import Consents
from mottling.trial.consents import Choice
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.parts import Deed, Shown
from mottling.web.words import Words

__all__ = ["ConsentScreen"]


class _Said(Form):
    """What a patient, or who speaks for the patient, has said."""

    patient: Annotated[str, Field(max_length=60)]
    choice: Choice
    because: Annotated[str, Field(max_length=5000)] = ""


@dataclass(frozen=True)
class ConsentScreen:
    """What is shown, and what is done."""

    consents: Consents
    words: Words

    def deeds(self) -> list[Deed[Any]]:
        """Give what a person can do here."""
        return [Deed("consent", Empty, self.show), Deed("note_consent", _Said, self.note)]

    def show(self, user: User, _: Empty, _at: datetime) -> Shown:
        """Show what is known of whom."""
        return self._shown(user)

    def note(self, user: User, form: _Said, at: datetime) -> Shown:
        """Record what was said."""
        patient = form.patient.strip()
        self.consents.record(user, [patient], form.choice, because=form.because, at=at)
        notice = self.words.say(f"office.consent.noted.{form.choice}", {"patient": patient})
        return Shown(self._shown(user).body, notice=notice)

    def _shown(self, user: User) -> Shown:
        values = {"standing": self.consents.standing(user), "lines": self.consents.lines(user)}
        return Shown(render("office_consent.html", self.words, values))
