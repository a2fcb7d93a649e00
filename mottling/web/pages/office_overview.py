"""The overview on the pages of office and monitor: is it complete, is it on track, and every line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from mottling.services.accounts import User
from mottling.services.office_views import Completeness, Look, SeenLines, Standing
from mottling.services.track import Track
from mottling.web.forms import Empty, Form
from mottling.web.pages.office_figures import bars_of, of_endpoint, site_figures
from mottling.web.pages.office_lines import in_words
from mottling.web.pages.office_queries import QueryScreens
from mottling.web.pages.office_track import drawn
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["Overseen", "OverviewScreens", "Patients"]

_MOST_LINES = 500
"""A browser shows so many in a blink; of more, the first ones, and a site or a state is chosen."""


class Overseen(Protocol):
    """A service that oversees the whole trial; each says as much as its user may know."""

    def completeness(self, user: User, *, at: datetime) -> tuple[Completeness, ...]:
        """Count photographs, scores, verdicts and what is missing, by site and visit."""

    def track(self, user: User, *, at: datetime) -> Track:
        """Say whether the endpoint's visit is on track."""

    def lines(self, user: User, look: Look, *, most: int, at: datetime) -> SeenLines:
        """Give the lines of a site and a standing; of many, the first `most`."""


class Patients(Form):
    """Which lines are looked at."""

    site: str = ""
    standing: Standing = Standing.ALL


@dataclass(frozen=True)
class OverviewScreens:
    """The screens of the overview within a page."""

    overseen: Overseen
    queries: QueryScreens
    trial_words: TrialWords
    shown: Callable[[str, Mapping[str, object]], Shown]
    """Fills a template with what the page shows on each of its screens."""

    def deeds(self) -> list[Deed[Any]]:
        """List what may be done."""
        return [
            Deed("completeness", Empty, self.completeness),
            Deed("track", Empty, self.track),
            Deed("patients", Patients, self.patients),
        ]

    def show(self, user: User, at: datetime) -> Shown:
        """Show how complete the trial is, by site and visit: the first screen."""
        counted = self.overseen.completeness(user, at=at)
        endpoint = self.trial_words.charter.endpoint_visit
        values = {
            "figures": site_figures(counted, self.trial_words),
            "bars": bars_of(counted, endpoint, self.trial_words),
            "endpoint": of_endpoint(counted, endpoint, self.trial_words),
            "endpoint_label": self.trial_words.visit(endpoint),
            "clock": self.trial_words.clock(None, at=at).today(),
            "asked": self.queries.standing(user, at=at),
        }
        return self.shown("office_completeness.html", values)

    def completeness(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go back to the first screen."""
        return self.show(user, at)

    def track(self, user: User, _: Empty, at: datetime) -> Shown:
        """Say whether the endpoint's visit is on track."""
        endpoint = self.trial_words.visit(self.trial_words.charter.endpoint_visit)
        track = drawn(self.overseen.track(user, at=at), self.trial_words, at=at)
        return self.shown("office_track.html", {"track": track, "visit_label": endpoint})

    def patients(self, user: User, form: Patients, at: datetime) -> Shown:
        """List patients and visits, as far as the user may see them."""
        seen = self.overseen.lines(user, Look(form.site, form.standing), most=_MOST_LINES, at=at)
        return self.shown("office_patients.html", {"seen": in_words(seen, self.trial_words)})
