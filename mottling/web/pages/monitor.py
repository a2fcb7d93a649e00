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
from mottling.web.areas import Area
from mottling.web.audit_words import AuditWords
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.pages.office_overview import OverviewScreens
from mottling.web.pages.office_queries import QueryScreens
from mottling.web.pages.readout_figures import readout_values
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.words import Words

__all__ = ["build"]

_TABS = ("completeness", "track", "patients", "queries", "readout", "audit")
_MOST_ACTS = 100


class _Audit(Form):
    """From which act on the audit trail is read, towards the earlier ones."""

    before: Annotated[int, Field(ge=1)] | None = None


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the monitor's page in one language."""
    page = _MonitorPage(services.monitoring, services.queries, TrialWords(services.charter, words))
    deeds: list[Deed[Any]] = [
        *page.overview().deeds(),
        Deed("readout", Empty, page.readout),
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
