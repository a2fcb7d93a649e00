"""An act of the audit trail in the words of a page: who, what, and of what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.services.looked import Screen, looked_in
from mottling.services.monitoring import AuditLine
from mottling.trial.no_persons import NoPerson
from mottling.web.trial_words import TrialWords

__all__ = ["AuditWords", "SaidAct"]

_TOKEN = "token:"  # noqa: S105 # what a program's name begins with in the records, no secret
_OF_AN_OPEN_READOUT = ", read-out open"


@dataclass(frozen=True)
class SaidAct:
    """One line of the audit trail, ready to show."""

    number: int
    at: str
    by: str
    act: str
    subject: str


@dataclass(frozen=True)
class AuditWords:
    """Says acts in one language. Numbers, names and files stay as they are recorded."""

    trial_words: TrialWords

    def said(self, line: AuditLine, *, now: datetime) -> SaidAct:
        """Say one act."""
        at = self.trial_words.clock(None, at=now).moment(line.at)
        act = self.trial_words.words.say(f"act.{line.act}")
        return SaidAct(line.number, at, self._by(line), act, self._subject(line))

    def _by(self, line: AuditLine) -> str:
        say = self.trial_words.words.say
        # What was typed as a name is shown as it was typed.
        if line.act == "sign_in_tried":
            return line.by
        if line.by.startswith(_TOKEN):
            return say("monitor.by.token", {"name": line.by.removeprefix(_TOKEN)})
        return say(f"monitor.by.{line.by}") if line.by in set(NoPerson) else line.by

    def _subject(self, line: AuditLine) -> str:
        if line.act == "looked":
            return self._looked(line.subject)
        if line.act == "exported":
            return self._exported(line.subject)
        if line.act == "readout_changed":
            return self.trial_words.words.say(f"monitor.readout.{line.subject}")
        return self._by(line) if line.subject == line.by else line.subject

    def _looked(self, written: str) -> str:
        looked, say = looked_in(written), self.trial_words.words.say
        if looked is None:
            return say("monitor.looked.other")
        if looked.before is not None:
            return say("monitor.looked.before", {"number": looked.before})
        if looked.pair is not None:
            before, after = looked.pair
            return say("monitor.looked.frozen_pair", {"before": before, "after": after})
        if looked.screen is not Screen.PATIENTS:
            return say(f"monitor.looked.{looked.screen.name.lower()}")
        where = (
            say("monitor.looked.site", {"site": looked.site}) if looked.site else say("monitor.looked.sites")
        )
        standing = say(f"office.standing.{looked.standing}")
        return say("monitor.looked.patients", {"where": where, "standing": standing})

    def _exported(self, kind: str) -> str:
        words = self.trial_words.words
        name = kind.removesuffix(_OF_AN_OPEN_READOUT)
        key = f"monitor.exported.{name}"
        said = words.say(key) if words.has(key) else name
        return said if name == kind else words.say("monitor.exported.while_open", {"name": said})
