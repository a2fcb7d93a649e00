"""What has changed about a patient, in the words of the page and by the clocks of the site."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mottling.services.changes import (
    Change,
    EnrolmentCorrected,
    NumberCorrected,
    PatientStanding,
    Transfer,
    Withdrawal,
)
from mottling.trial.outcome_rules import OfErased
from mottling.web.trial_words import TrialWords

__all__ = ["ChangeWords", "SaidChange", "SaidStanding"]


@dataclass(frozen=True)
class SaidChange:
    """One change, ready to show."""

    patient: str
    what: str
    because: str
    by: str
    at: str


@dataclass(frozen=True)
class SaidStanding:
    """What holds of one patient, ready to show."""

    patient: str
    former: str
    """Earlier numbers; empty where there are none."""
    site: str
    """Code of the one that randomised."""
    site_label: str
    site_now: str
    now_label: str
    randomised: str
    day: str
    """Of randomisation, as a form takes it."""
    clock: str
    withdrawn: str
    """Since when and what from; empty where no withdrawal holds."""
    photographs: int
    after_withdrawal: int
    are_erased: bool
    is_erasure_asked: bool
    do_scores_stay: bool
    """Whether they count when the photographs are erased."""


@dataclass(frozen=True)
class ChangeWords:
    """Says changes in one language."""

    trial_words: TrialWords
    now: datetime

    def standing(self, standing: PatientStanding) -> SaidStanding:
        """Say what holds of one patient."""
        withdrawal = standing.withdrawal
        zone = ZoneInfo(self.trial_words.charter.site(standing.site).time_zone)
        randomised_at = standing.randomised_at.astimezone(zone)
        return SaidStanding(
            patient=standing.patient,
            former=", ".join(standing.former_numbers),
            site=standing.site,
            site_label=self._site(standing.site),
            site_now=standing.site_now,
            now_label=self._site(standing.site_now),
            randomised=self._moment(standing.randomised_at, standing.site),
            day=f"{randomised_at:%Y-%m-%d}",
            clock=f"{randomised_at:%H:%M:%S}" if randomised_at.second else f"{randomised_at:%H:%M}",
            withdrawn="" if withdrawal is None else self._what(withdrawal),
            photographs=standing.photographs,
            after_withdrawal=standing.after_withdrawal,
            are_erased=standing.are_erased,
            is_erasure_asked=standing.is_erasure_asked,
            do_scores_stay=self.trial_words.charter.outcome.scores_of_erased is OfErased.STAY,
        )

    def line(self, change: Change) -> SaidChange:
        """Say one change."""
        return SaidChange(
            change.patient, self._what(change), change.because, change.by, self._moment(change.at, None)
        )

    def _what(self, change: Change) -> str:
        say = self.trial_words.words.say
        match change:
            case Withdrawal():
                extent = say(f"office.changes.extent.{change.extent}")
                said = {"since": self._moment(change.since, None), "extent": extent}
                return say("office.changes.what.withdrawn", said)
            case Transfer():
                said = {"site": self._site(change.site), "since": self._moment(change.since, change.site)}
                return say("office.changes.what.transferred", said)
            case NumberCorrected():
                return say("office.changes.what.number", {"was": change.was, "becomes": change.becomes})
            case EnrolmentCorrected():
                time = self._moment(change.randomised_at, change.site)
                return say("office.changes.what.enrolment", {"site": self._site(change.site), "time": time})
        return say("office.changes.what.taken_back")

    def _site(self, code: str) -> str:
        return f"{code} · {self.trial_words.site(code)}"

    def _moment(self, at: datetime, site: str | None) -> str:
        return self.trial_words.clock(site, at=self.now).moment(at)
