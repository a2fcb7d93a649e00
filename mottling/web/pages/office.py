"""The trial office: how complete each site is, every patient's outcome, enrolment, files to export."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.agreement import Agreement
from mottling.services.office import Office
from mottling.services.opening import Services
from mottling.services.queries import Queries
from mottling.web.areas import Area
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.office_files import FORMATS, TABLES
from mottling.web.pages.office_consent import ConsentScreen
from mottling.web.pages.office_overview import OverviewScreens
from mottling.web.pages.office_queries import QueryScreens
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.words import Words

__all__ = ["OfficePage", "build"]

REPORTS = ("pdf", "html")
_LARGEST_FILE_SIGNS = 3_000_000
"""Of an enrolment file in base64: some 40,000 patients."""


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


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the office's page in one language."""
    page = OfficePage(
        services.office, services.agreement, services.queries, TrialWords(services.charter, words)
    )
    deeds: list[Deed[Any]] = [
        *page.overview().deeds(),
        Deed("files", Empty, page.files),
        Deed("enrolment", Empty, page.enrolment),
        Deed("check", _File, page.check),
        Deed("enrol", _File, page.enrol),
        *page.query_screens().deeds(),
        *ConsentScreen(services.consents, words).deeds(),
    ]
    return live_page(Area.OFFICE, words, show=page.overview().show, deeds=deeds)


@dataclass(frozen=True)
class OfficePage:
    """What the page shows for each deed."""

    office: Office
    agreement: Agreement
    queries: Queries
    trial_words: TrialWords

    def files(self, _user: User, _: Empty, _at: datetime) -> Shown:
        """Offer the files for the statistician."""
        reports = REPORTS if self.agreement.may_leave() else ()
        return self._shown("office_files.html", {"tables": TABLES, "formats": FORMATS, "reports": reports})

    def enrolment(self, _user: User, _: Empty, _at: datetime) -> Shown:
        """Ask for an enrolment file."""
        return self._shown("office_enrolment.html", {"report": None, "data": ""})

    def check(self, user: User, form: _File, at: datetime) -> Shown:
        """Say what an enrolment file would do; nothing is stored."""
        report = self.office.check_enrolment(user, form.content(), at=at)
        return self._shown("office_enrolment.html", {"report": report, "data": form.data})

    def enrol(self, user: User, form: _File, at: datetime) -> Shown:
        """Enrol the patients of a file: all or none."""
        report = self.office.enrol(user, form.content(), at=at)
        shown = self._shown("office_enrolment.html", {"report": report, "data": form.data})
        notice = self.trial_words.words.say("office.enrolment.stored", {"n": len(report.new)})
        return Shown(shown.body, notice=notice if report.stored else "")

    def overview(self) -> OverviewScreens:
        """Give the screens of the overview, with every outcome."""
        return OverviewScreens(self.office, self.query_screens(), self.trial_words, self._shown)

    def query_screens(self) -> QueryScreens:
        """Give the screens of queries; the office closes them."""
        return QueryScreens(self.queries, self.trial_words, self._shown, may_close=True)

    def _shown(self, template: str, values: Mapping[str, object]) -> Shown:
        return Shown(render(template, self.trial_words.words, values))
