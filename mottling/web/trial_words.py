"""What pages call visits, sites, reasons and answers: as the trial file has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from mottling.scale import Status
from mottling.services.views import Answer
from mottling.trial.charter import Charter, Language, Reason
from mottling.web.clocks import Clock
from mottling.web.words import Words

__all__ = ["Choice", "TrialWords"]


@dataclass(frozen=True)
class Choice:
    """One code of the trial file, to choose."""

    code: str
    label: str


@dataclass(frozen=True)
class TrialWords:
    """The trial file in one language."""

    charter: Charter
    words: Words

    @property
    def language(self) -> Language:
        """Which language it is."""
        return "fr" if self.words.language == "fr" else "en"

    def visit(self, code: str) -> str:
        """Name a visit."""
        return self.charter.visit(code).label.of(self.language)

    def site(self, code: str) -> str:
        """Name a site."""
        return self.charter.site(code).name

    def not_done(self) -> tuple[Choice, ...]:
        """List why a visit may not be done."""
        return self._choices(self.charter.reasons_not_done)

    def not_assessable(self) -> tuple[Choice, ...]:
        """List why a photograph may not be assessable."""
        return self._choices(self.charter.reasons_not_assessable)

    def clock(self, site: str | None, *, at: datetime) -> Clock:
        """Read the clock of a site; of the first one for who works for the whole trial."""
        zone = self.charter.sites[0].time_zone if site is None else self.charter.site(site).time_zone
        return Clock(self.words, ZoneInfo(zone), at)

    def why_not_done(self, code: str) -> str:
        """Say why a visit was not done."""
        return self._label(self.charter.reasons_not_done, code)

    def answer(self, answer: Answer) -> str:
        """Say an answer on one line: `3`, `at least 3`, `not assessable (blurred)`."""
        if answer.status is Status.NOT_ASSESSABLE:
            reason = self._label(self.charter.reasons_not_assessable, answer.reason or "")
            return self.words.say("scale.not_assessable_because", {"reason": reason})
        if answer.status is Status.AT_LEAST:
            return self.words.say("scale.at_least", {"score": answer.score})
        return str(answer.score)

    def _label(self, reasons: tuple[Reason, ...], code: str) -> str:
        return next(one.label for one in self._choices(reasons) if one.code == code)

    def _choices(self, reasons: tuple[Reason, ...]) -> tuple[Choice, ...]:
        return tuple(Choice(one.code, one.label.of(self.language)) for one in reasons)
