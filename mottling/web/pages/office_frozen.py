"""The frozen outcome on the office's page: what was signed, freezing it, and what changed between two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from mottling.services.accounts import Accounts, User
from mottling.services.results import Results
from mottling.web.forms import Empty, Form, Password, Sentence
from mottling.web.markup import render
from mottling.web.pages.frozen_words import FrozenWords
from mottling.web.parts import Deed, Shown
from mottling.web.trial_words import TrialWords

__all__ = ["FrozenPair", "FrozenScreens"]

_Number = Annotated[int, Field(ge=1)]


class _Freeze(Form):
    """The signature with which the outcome is frozen, and why it takes the place of the one before."""

    password: Password
    because: Sentence = ""


class FrozenPair(Form):
    """Two frozen outcomes, the earlier one first."""

    before: _Number
    after: _Number


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
            Deed("frozen_diff", FrozenPair, self.diff),
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

    def diff(self, user: User, form: FrozenPair, at: datetime) -> Shown:
        """Say what changed between two, and what was recorded of each patient in between."""
        words = FrozenWords(self.trial_words, at)
        return self._shown(user, at, words.changes(self.results.diff(user, form.before, form.after)))

    def _shown(self, user: User, at: datetime, asked: Mapping[str, object] | None = None) -> Shown:
        words = FrozenWords(self.trial_words, at)
        lines = [words.line(one) for one in self.results.snapshots(user)]
        values = {"lines": lines, "head": "", "diff": None, **(asked or {})}
        return Shown(render("office_frozen.html", self.trial_words.words, values))
