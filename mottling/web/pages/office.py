"""The trial office: how complete each site is, every patient's outcome, enrolment, files to export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import gradio as gr

from mottling.services.accounts import User
from mottling.services.agreement import Agreement
from mottling.services.enrolling import Enrolling
from mottling.services.office import Office
from mottling.services.office_tables import TABLES
from mottling.services.opening import Services
from mottling.services.queries import Queries
from mottling.services.sheets import Sheets
from mottling.web.areas import Area
from mottling.web.forms import Empty
from mottling.web.markup import render
from mottling.web.office_files import FORMATS
from mottling.web.pages.office_changes import ChangeScreens
from mottling.web.pages.office_consent import ConsentScreen
from mottling.web.pages.office_enrolment import EnrolmentScreens
from mottling.web.pages.office_frozen import FrozenScreens
from mottling.web.pages.office_overview import OverviewScreens
from mottling.web.pages.office_queries import QueryScreens
from mottling.web.pages.office_sheet import SheetScreens
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.words import Words

__all__ = ["OfficePage", "build"]

REPORTS = ("pdf", "html")


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the office's page in one language."""
    page = OfficePage.of(services, words)
    deeds: list[Deed[Any]] = [
        *page.overview().deeds(),
        Deed("files", Empty, page.files),
        *page.enrolment().deeds(),
        *page.sheet_screens().deeds(),
        *page.query_screens().deeds(),
        *ConsentScreen(services.consents, words).deeds(),
        *FrozenScreens(services.results, services.accounts, TrialWords(services.charter, words)).deeds(),
        *ChangeScreens(services.changing, services.office, TrialWords(services.charter, words)).deeds(),
    ]
    return live_page(Area.OFFICE, words, show=page.overview().show, deeds=deeds)


@dataclass(frozen=True)
class OfficePage:
    """What the page shows for each deed."""

    office: Office
    enrolling: Enrolling
    sheets: Sheets
    agreement: Agreement
    queries: Queries
    trial_words: TrialWords

    @classmethod
    def of(cls, services: Services, words: Words) -> Self:
        """Put the page together in one language."""
        return cls(
            services.office,
            services.enrolling,
            services.sheets,
            services.agreement,
            services.queries,
            TrialWords(services.charter, words),
        )

    def files(self, _user: User, _: Empty, _at: datetime) -> Shown:
        """Offer the files for the statistician."""
        reports = REPORTS if self.agreement.may_leave() else ()
        return self._shown("office_files.html", {"tables": TABLES, "formats": FORMATS, "reports": reports})

    def enrolment(self) -> EnrolmentScreens:
        """Give the screens of the enrolment."""
        return EnrolmentScreens(self.enrolling, self.trial_words, self._shown)

    def sheet_screens(self) -> SheetScreens:
        """Give the screens of a patient's sheet."""
        return SheetScreens(self.sheets, self.trial_words, self._shown)

    def overview(self) -> OverviewScreens:
        """Give the screens of the overview, with every outcome."""
        return OverviewScreens(self.office, self.query_screens(), self.trial_words, self._shown)

    def query_screens(self) -> QueryScreens:
        """Give the screens of queries; the office closes them."""
        return QueryScreens(self.queries, self.trial_words, self._shown, may_close=True)

    def _shown(self, template: str, values: Mapping[str, object]) -> Shown:
        return Shown(render(template, self.trial_words.words, values))
