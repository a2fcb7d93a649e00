"""The monitor's page: what the office has, as far as it does not unblind. A site can be asked; no more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from mottling.services.accounts import User
from mottling.services.monitoring import Monitoring
from mottling.services.opening import Services
from mottling.services.queries import Queries
from mottling.trial.consents import Choice
from mottling.trial.records import Patient
from mottling.web.areas import Area
from mottling.web.audit_words import AuditWords
from mottling.web.clocks import Clock
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.pages.change_words import ChangeWords
from mottling.web.pages.enrolment_words import EnrolmentWords
from mottling.web.pages.frozen_words import FrozenWords
from mottling.web.pages.office_frozen import FrozenPair
from mottling.web.pages.office_overview import OverviewScreens
from mottling.web.pages.office_queries import QueryScreens
from mottling.web.pages.readout_figures import readout_values
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.words import Words

__all__ = ["build"]

_TABS = (
    "completeness",
    "track",
    "patients",
    "queries",
    "enrolment",
    "changes",
    "eligibility",
    "consent",
    "readout",
    "frozen",
    "audit",
)
_MOST_ACTS = 100
_MOST_VALUES = 500
"""A browser shows so many in a blink; of more, the latest ones."""


class _Audit(Form):
    """From which act on the audit trail is read, towards the earlier ones."""

    before: Annotated[int, Field(ge=1)] | None = None


@dataclass(frozen=True)
class _Said:
    """One version of what was said of an eligibility item, ready to show."""

    patient: str
    item: str
    value: str
    """Empty where it was taken back."""
    because: str
    by: str
    at: str


@dataclass(frozen=True)
class _Enrolled:
    """One patient, ready to show."""

    patient: str
    site: str
    randomised: str
    by: str
    at: str


@dataclass(frozen=True)
class _Consent:
    """One word of a patient about retraining, ready to show."""

    patient: str
    choice: Choice
    because: str
    by: str
    at: str


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the monitor's page in one language."""
    page = _MonitorPage(services.monitoring, services.queries, TrialWords(services.charter, words))
    deeds: list[Deed[Any]] = [
        *page.overview().deeds(),
        Deed("readout", Empty, page.readout),
        Deed("enrolment", Empty, page.enrolment),
        Deed("changes", Empty, page.changes),
        Deed("eligibility", Empty, page.eligibility),
        Deed("consent", Empty, page.consent),
        Deed("frozen", Empty, page.frozen),
        Deed("frozen_diff", FrozenPair, page.frozen_diff),
        Deed("audit", _Audit, page.audit),
        *page.query_screens().deeds(),
    ]
    return live_page(Area.MONITOR, words, show=page.overview().show, deeds=deeds)


@dataclass(frozen=True)
class _MonitorPage:
    monitoring: Monitoring
    queries: Queries
    trial_words: TrialWords

    def readout(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show how far the committee is."""
        values = {
            **readout_values(self.monitoring.readout(user, at=at), self.trial_words, at=at),
            "may_act": False,
            "is_signed": False,
            "taken": "",
            "reminded": "",
        }
        return self._shown("monitor_readout.html", values)

    def enrolment(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show who was enrolled: site, time of randomisation on the site's clock, and who entered it when."""
        patients, clock = self.monitoring.enrolments(user, at=at), self.trial_words.clock(None, at=at)
        lines = [self._enrolled(one, clock, at) for one in patients[:_MOST_VALUES]]
        return self._shown("monitor_enrolment.html", {"lines": lines, "left_out": len(patients) - len(lines)})

    def _enrolled(self, one: Patient, clock: Clock, at: datetime) -> _Enrolled:
        of_site = self.trial_words.clock(one.site, at=at)
        return _Enrolled(
            patient=one.patient,
            site=self.trial_words.site(one.site),
            randomised=f"{of_site.moment(one.randomised_at)} ({of_site.zone.key})",
            by=one.by,
            at=clock.moment(one.at),
        )

    def changes(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show what changed about patients after enrolment."""
        words = ChangeWords(self.trial_words, at)
        lines = [words.line(one) for one in self.monitoring.changes(user, at=at)]
        return self._shown("monitor_changes.html", {"lines": lines})

    def eligibility(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show what was said of eligibility items, and what was corrected."""
        words, clock = EnrolmentWords(self.trial_words), self.trial_words.clock(None, at=at)
        said = self.monitoring.eligibility(user, at=at)
        lines = [
            _Said(
                patient=one.patient,
                item=words.label(one.item),
                value="" if one.value is None else words.value(one.item, one.value),
                because=one.because or "",
                by=one.by,
                at=clock.moment(one.at),
            )
            for one in said[:_MOST_VALUES]
        ]
        return self._shown("monitor_eligibility.html", {"lines": lines, "left_out": len(said) - len(lines)})

    def consent(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show what was said of consent for retraining, and what was said before."""
        clock, seen = self.trial_words.clock(None, at=at), self.monitoring.consents(user, at=at)
        lines = [
            _Consent(one.patient, one.choice, one.because or "", one.by, clock.moment(one.at))
            for one in seen.said[:_MOST_VALUES]
        ]
        values = {"standing": seen.standing, "lines": lines, "left_out": len(seen.said) - len(lines)}
        return self._shown("monitor_consent.html", values)

    def frozen(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show which outcomes were frozen, by whom and when."""
        return self._frozen(user, at, {"diff": None})

    def frozen_diff(self, user: User, form: FrozenPair, at: datetime) -> Shown:
        """Say what changed between two frozen outcomes, once the read-out is closed."""
        diff = self.monitoring.frozen_diff(user, form.before, form.after, at=at)
        return self._frozen(user, at, FrozenWords(self.trial_words, at).changes(diff))

    def _frozen(self, user: User, at: datetime, asked: Mapping[str, object]) -> Shown:
        words = FrozenWords(self.trial_words, at)
        lines = [words.line(one) for one in self.monitoring.frozen(user, at=at)]
        return self._shown("monitor_frozen.html", {"lines": lines, **asked})

    def audit(self, user: User, form: _Audit, at: datetime) -> Shown:
        """Show acts of the audit trail, the latest first."""
        seen = self.monitoring.audit(user, before=form.before, most=_MOST_ACTS, at=at)
        words = AuditWords(self.trial_words)
        values = {
            "lines": [words.said(one, now=at) for one in seen.lines],
            "older": seen.lines[-1].number if seen.has_older else None,
            "is_latest": form.before is None,
        }
        return self._shown("monitor_audit.html", values)

    def overview(self) -> OverviewScreens:
        """Give the screens of the overview; with the bedside score, and no verdict before the closing."""
        return OverviewScreens(self.monitoring, self.query_screens(), self.trial_words, self._shown)

    def query_screens(self) -> QueryScreens:
        """Give the screens of queries; a monitor asks, and leaves it to the office to close."""
        return QueryScreens(self.queries, self.trial_words, self._shown, may_close=False)

    def _shown(self, template: str, values: Mapping[str, object]) -> Shown:
        of_monitor = {"own_tabs": _TABS, "is_blinded": self.monitoring.is_blinded()}
        return Shown(render(template, self.trial_words.words, {**of_monitor, **values}))
