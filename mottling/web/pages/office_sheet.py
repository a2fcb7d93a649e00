"""A patient's sheet on the office's page: eligibility items beside the photograph, and their correction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.services.accounts import User
from mottling.services.sheets import ItemCorrection, ItemSheet, PatientSheet, Sheets
from mottling.services.views import Answer
from mottling.trial.eligibility import EligibilityValue
from mottling.web.clocks import Clock
from mottling.web.forms import Code, Form, Sentence
from mottling.web.pages.enrolment_words import EnrolmentWords, SaidItem
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["SheetScreens"]


class _Whose(Form):
    """Whose sheet."""

    patient: Code


class _Corrected(_Whose):
    """What is said of an item now."""

    item: Code
    version: Annotated[int, Field(ge=0)]
    text: Annotated[str, Field(max_length=80)] = ""
    because: Sentence = ""


@dataclass(frozen=True)
class SaidVersion:
    """One version of what was said, ready to show."""

    value: str
    by: str
    at: str
    because: str


@dataclass(frozen=True)
class SheetLine:
    """One item, ready to show."""

    code: str
    label: str
    value: str
    """Empty where nothing counts."""
    version: int
    written: str
    """As it is recorded: what a field begins with."""
    versions: tuple[SaidVersion, ...]
    asked: SaidItem | None
    """How it is asked for; None where the trial file names it no longer."""


@dataclass(frozen=True)
class SheetScreens:
    """The screens of a patient's sheet within a page."""

    sheets: Sheets
    trial_words: TrialWords
    shown: Callable[[str, Mapping[str, object]], Shown]
    """Fills a template with what the page shows on each of its screens."""

    def deeds(self) -> list[Deed[Any]]:
        """List what may be done."""
        return [Deed("sheet", _Whose, self.sheet), Deed("correct_item", _Corrected, self.correct)]

    def sheet(self, user: User, form: _Whose, at: datetime) -> Shown:
        """Show how a patient was enrolled."""
        return self._screen(user, form.patient, at=at)

    def correct(self, user: User, form: _Corrected, at: datetime) -> Shown:
        """Record what is said of an item now; what was said before stays."""
        wrong = EnrolmentWords(self.trial_words).wrong(form.item, form.text.strip())
        if wrong:
            return self._screen(user, form.patient, at=at, faults={form.item: wrong}, typed=form)
        correction = ItemCorrection(form.patient, form.item, form.version, form.text, form.because)
        self.sheets.correct(user, correction, at=at)
        notice = self.trial_words.words.say("office.sheet.corrected")
        return Shown(self._screen(user, form.patient, at=at).body, notice=notice)

    def _screen(
        self,
        user: User,
        number: str,
        *,
        at: datetime,
        faults: Mapping[str, str] | None = None,
        typed: _Corrected | None = None,
    ) -> Shown:
        sheet = self.sheets.of(user, number, at=at)
        clock = self.trial_words.clock(sheet.patient.site, at=at)
        beside = sheet.beside
        values = {
            "patient": sheet.patient.patient,
            "site": self.trial_words.site(sheet.patient.site),
            "randomised": f"{clock.moment(sheet.patient.randomised_at)} ({clock.zone.key})",
            "initials": sheet.initials,
            "skin_tone": sheet.skin_tone,
            "lines": self._lines(sheet, clock),
            "beside": beside,
            "visit_label": "" if beside is None else self.trial_words.visit(beside.code),
            "taken": clock.moment(beside.taken_at) if beside and beside.taken_at else "",
            "bedside": self._answer(None if beside is None else beside.bedside),
            "verdict": self._answer(None if beside is None else beside.verdict),
            "faults": faults or {},
            "typed": typed,
        }
        return self.shown("office_sheet.html", values)

    def _lines(self, sheet: PatientSheet, clock: Clock) -> tuple[SheetLine, ...]:
        words = EnrolmentWords(self.trial_words)
        asked = {item.code: item for item in words.items()}
        return tuple(
            SheetLine(
                code=one.code,
                label=words.label(one.code),
                value="" if one.value is None else words.value(one.code, one.value),
                version=one.version,
                written=one.value or "",
                versions=self._versions(one, words, clock),
                asked=asked.get(one.code),
            )
            for one in sheet.items
        )

    def _versions(self, one: ItemSheet, words: EnrolmentWords, clock: Clock) -> tuple[SaidVersion, ...]:
        def said(version: EligibilityValue) -> str:
            if version.value is None:
                return self.trial_words.words.say("office.sheet.taken_back")
            return words.value(one.code, version.value)

        return tuple(
            SaidVersion(said(each), each.by, clock.moment(each.at), each.because or "")
            for each in one.versions
        )

    def _answer(self, answer: Answer | None) -> str:
        return "" if answer is None else self.trial_words.answer(answer)
