"""The frozen outcome on the office's page: what was signed, freezing it, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.services.accounts import Accounts, User
from mottling.services.monitoring import AuditLine
from mottling.services.results import Results
from mottling.services.snapshots import ExplainedChange, SnapshotDiff
from mottling.web.audit_words import AuditWords, SaidAct
from mottling.web.forms import Empty, Form, Password, Sentence
from mottling.web.markup import render
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["FrozenScreens"]

_Number = Annotated[int, Field(ge=1)]


class _Freeze(Form):
    """The signature with which the outcome is frozen, and why it takes the place of the one before."""

    password: Password
    because: Sentence = ""


class _Pair(Form):
    """Two frozen outcomes, the earlier one first."""

    before: _Number
    after: _Number


@dataclass(frozen=True)
class Line:
    """One frozen outcome, ready to show."""

    snapshot: int
    at: str
    by: str
    rows: int
    sha256: str
    because: str
    """Why it takes the place of the one before; empty for the first one."""
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
class FrozenScreens:
    """What is shown, and what is done."""

    results: Results
    accounts: Accounts
    trial_words: TrialWords

    def deeds(self) -> list[Deed[Any]]:
        """Give what a person can do here."""
        return [
            Deed("frozen", Empty, self.show),
            Deed("freeze_outcome", _Freeze, self.freeze),
            Deed("frozen_diff", _Pair, self.diff),
        ]

    def show(self, user: User, _: Empty, at: datetime) -> Shown:
        """Show what was frozen, and ask for the signature under another one."""
        return self._shown(user, at)

    def freeze(self, user: User, form: _Freeze, at: datetime) -> Shown:
        """Freeze the outcome as it stands, signed with the password."""
        signer = self.accounts.confirm(user.name, form.password, at=at)
        frozen = self.results.freeze(signer, because=form.because.strip() or None, at=at)
        shown = self._shown(user, at, {"head": frozen.head.model_dump_json()})
        number = frozen.snapshot.snapshot
        return Shown(shown.body, notice=self.trial_words.words.say("office.frozen.done", {"n": number}))

    def diff(self, user: User, form: _Pair, at: datetime) -> Shown:
        """Say what changed between two, and what was recorded of each patient in between."""
        diff = self.results.diff(user, form.before, form.after)
        found = tuple(self._difference(one, now=at) for one in diff.changes)
        return self._shown(user, at, {"diff": diff, "differences": found, "silence": self._silence(diff)})

    def _difference(self, explained: ExplainedChange, *, now: datetime) -> Difference:
        say, acts = self.trial_words.words.say, AuditWords(self.trial_words)
        change = explained.change
        return Difference(
            patient=change.patient,
            before=change.before or say("office.frozen.not_enrolled"),
            after=change.after or say("office.frozen.gone"),
            parts=", ".join(say(f"office.frozen.part.{part}") for part in change.parts),
            acts=tuple(
                acts.said(AuditLine(one.number, one.at, one.by, one.act, one.subject), now=now)
                for one in explained.acts
            ),
        )

    def _silence(self, diff: SnapshotDiff) -> str:
        """Say why a line differs of whom nothing was recorded."""
        why = "trial_file" if diff.rules_changed else "time"
        return self.trial_words.words.say(f"office.frozen.only.{why}")

    def _shown(self, user: User, at: datetime, asked: Mapping[str, object] | None = None) -> Shown:
        clock = self.trial_words.clock(None, at=at)
        lines = [
            Line(
                snapshot=one.snapshot,
                at=clock.moment(one.at),
                by=one.by,
                rows=one.rows,
                sha256=one.sha256,
                because=one.because or "",
                supersedes=one.supersedes,
            )
            for one in self.results.snapshots(user)
        ]
        values = {"lines": lines, "head": "", "diff": None, "differences": (), "silence": "", **(asked or {})}
        return Shown(render("office_frozen.html", self.trial_words.words, values))
