"""Frozen outcomes in the words of a page: the lines of the list, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mottling.services.monitoring import AuditLine, SeenSnapshot
from mottling.services.snapshots import ExplainedChange, SnapshotDiff
from mottling.trial.office_records import Snapshot
from mottling.web.audit_words import AuditWords, SaidAct
from mottling.web.trial_words import TrialWords

__all__ = ["Difference", "FrozenLine", "FrozenWords"]


@dataclass(frozen=True)
class FrozenLine:
    """One frozen outcome, ready to show."""

    snapshot: int
    at: str
    by: str
    rows: int
    sha256: str
    """Empty where it is not shown."""
    because: str
    """Why it takes the place of the one before; empty for the first one, and where it is not shown."""
    supersedes: int | None


@dataclass(frozen=True)
class Difference:
    """One patient whose line differs, ready to show."""

    patient: str
    before: str
    after: str
    parts: str
    acts: tuple[SaidAct, ...]


@dataclass(frozen=True)
class FrozenWords:
    """Says frozen outcomes in one language."""

    trial_words: TrialWords
    now: datetime

    def line(self, one: Snapshot | SeenSnapshot) -> FrozenLine:
        """Say one frozen outcome."""
        return FrozenLine(
            snapshot=one.snapshot,
            at=self.trial_words.clock(None, at=self.now).moment(one.at),
            by=one.by,
            rows=one.rows,
            sha256=one.sha256 or "",
            because=one.because or "",
            supersedes=one.supersedes,
        )

    def changes(self, diff: SnapshotDiff) -> Mapping[str, object]:
        """Say what changed between two, as `frozen_parts.html` shows it."""
        differences = tuple(self._difference(one) for one in diff.changes)
        return {"diff": diff, "differences": differences, "silence": self._silence(diff)}

    def _difference(self, explained: ExplainedChange) -> Difference:
        say, acts = self.trial_words.words.say, AuditWords(self.trial_words)
        change = explained.change
        return Difference(
            patient=change.patient,
            before=change.before or say("office.frozen.not_enrolled"),
            after=change.after or say("office.frozen.gone"),
            parts=", ".join(say(f"office.frozen.part.{part}") for part in change.parts),
            acts=tuple(
                acts.said(AuditLine(one.number, one.at, one.by, one.act, one.subject), now=self.now)
                for one in explained.acts
            ),
        )

    def _silence(self, diff: SnapshotDiff) -> str:
        """Say why a line differs of whom nothing was recorded."""
        why = "trial_file" if diff.rules_changed else "time"
        return self.trial_words.words.say(f"office.frozen.only.{why}")
