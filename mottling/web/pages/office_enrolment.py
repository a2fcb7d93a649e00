"""Enrolment on the office's page: one patient by a form, or many by a file that is checked first."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.enrolling import Enrolling
from mottling.services.office_views import EnrolmentFault, EnrolmentReport
from mottling.services.one_patient import Hour, OnePatient
from mottling.web.forms import Empty, Form
from mottling.web.pages.enrolment_words import EnrolmentWords, SaidProblem
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["EnrolmentScreens"]

_LARGEST_FILE_SIGNS = 3_000_000
"""Of an enrolment file in base64: some 40,000 patients."""

_Short = Annotated[str, Field(max_length=80)]


class _File(Form):
    """An enrolment file as the browser sends it."""

    data: Annotated[str, Field(max_length=_LARGEST_FILE_SIGNS)]

    def content(self) -> bytes:
        """Give the file's bytes.

        Raises:
            RecordRefused: The page sent something else than a file.
        """
        try:
            return base64.b64decode(self.data, validate=True)
        except binascii.Error as error:
            raise RecordRefused(
                "The enrolment file did not arrive whole", remedy="Choose the file again"
            ) from error


class _One(Form):
    """One patient as somebody wrote it; what is left out is empty, so that it is said beside its field."""

    patient: _Short = ""
    site: _Short = ""
    day: _Short = ""
    clock: _Short = ""
    hour: Hour | None = None
    initials: _Short = ""
    skin_tone: _Short = ""
    items: dict[_Short, _Short] = Field(default_factory=dict)

    def person(self) -> OnePatient:
        """Give what was written to who checks it."""
        return OnePatient(**dict(self))


@dataclass(frozen=True)
class SiteToChoose:
    """A site, and the zone of its clocks."""

    code: str
    label: str
    zone: str


@dataclass(frozen=True)
class EnrolmentScreens:
    """The screens of the enrolment within a page."""

    enrolling: Enrolling
    trial_words: TrialWords
    shown: Callable[[str, Mapping[str, object]], Shown]
    """Fills a template with what the page shows on each of its screens."""

    def deeds(self) -> list[Deed[Any]]:
        """List what may be done."""
        return [
            Deed("enrolment", Empty, self.enrolment),
            Deed("check", _File, self.check),
            Deed("enrol", _File, self.enrol),
            Deed("enrol_one", _One, self.enrol_one),
        ]

    def enrolment(self, _user: User, _: Empty, _at: datetime) -> Shown:
        """Ask for a patient, or for a file."""
        return self._screen()

    def check(self, user: User, form: _File, at: datetime) -> Shown:
        """Say what an enrolment file would do; nothing is stored."""
        return self._screen(self.enrolling.check(user, form.content(), at=at), data=form.data)

    def enrol(self, user: User, form: _File, at: datetime) -> Shown:
        """Enrol the patients of a file: all or none."""
        report = self.enrolling.enrol(user, form.content(), at=at)
        notice = self._say("office.enrolment.stored", {"n": len(report.new)}) if report.stored else ""
        return Shown(self._screen(report, data=form.data).body, notice=notice)

    def enrol_one(self, user: User, form: _One, at: datetime) -> Shown:
        """Enrol one patient, or say beside each field what is wrong; a second press changes nothing."""
        report = self.enrolling.enrol_one(user, form.person(), at=at)
        if report.problems:
            return self._screen(one=form, one_report=report)
        done = "one_stored" if report.new else "one_completed" if report.completed else "one_known"
        notice = self._say(f"office.enrolment.{done}", {"patient": form.patient.strip()})
        # The next patient is mostly of the same site.
        return Shown(self._screen(one=_One(site=form.site)).body, notice=notice)

    def _screen(
        self,
        report: EnrolmentReport | None = None,
        *,
        data: str = "",
        one: _One | None = None,
        one_report: EnrolmentReport | None = None,
    ) -> Shown:
        words = EnrolmentWords(self.trial_words)
        faults = () if one_report is None else one_report.problems
        sites = self._sites()
        values = {
            "report": report,
            "data": data,
            "problems": () if report is None else words.problems(report.problems),
            "one": one or _One(),
            "faults": _by_field(words.problems(faults)),
            "asks_hour": any(each.fault is EnrolmentFault.TWICE_ON_CLOCK for each in faults),
            "items": words.items(),
            "sites": sites,
            "zone": sites[0].zone if len({site.zone for site in sites}) == 1 else "",
            "takes_redcap": self.trial_words.charter.enrolment.redcap is not None,
        }
        return self.shown("office_enrolment.html", values)

    def _sites(self) -> tuple[SiteToChoose, ...]:
        return tuple(
            SiteToChoose(one.code, one.name, one.time_zone) for one in self.trial_words.charter.sites
        )

    def _say(self, key: str, values: Mapping[str, object]) -> str:
        return self.trial_words.words.say(key, values)


def _by_field(problems: Sequence[SaidProblem]) -> Mapping[str, str]:
    """Give each field one sentence: the first of those that are about it."""
    first: dict[str, str] = {}
    for one in problems:
        first.setdefault(one.field, one.text)
    return first
