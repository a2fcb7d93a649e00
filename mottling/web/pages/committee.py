"""The reading room: one photograph after the other, blinded, until this reader has read all.

Nothing on this page says whose photograph it is, what the network or another reader said, or how many there
are of anything but this reader's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import gradio as gr
from pydantic import BaseModel, ConfigDict, Field

from mottling.services.accounts import User
from mottling.services.committee import Committee
from mottling.services.opening import Services
from mottling.services.views import Progress, ToRead
from mottling.web.areas import Area
from mottling.web.markup import render
from mottling.web.parts import Deed, Empty, Shown, live_page
from mottling.web.trial_words import Choice, TrialWords
from mottling.web.widgets import AnswerFields
from mottling.web.words import Words

__all__ = ["build"]

_A_DAY_S = 86_400.0


class _Lock(BaseModel):
    """The form with which a reader locks an answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reading_id: Annotated[str, Field(min_length=1, max_length=80)]
    reading_s: Annotated[float, Field(ge=0.0, le=_A_DAY_S)]
    """Seconds for which the photograph was in sight, measured on the page."""
    answer: AnswerFields


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the reading room in one language."""
    room = _ReadingRoom(services.committee, TrialWords(services.charter, words).not_assessable(), words)
    deeds: list[Deed[Any]] = [Deed("lock", _Lock, room.lock), Deed("go_on", Empty, room.go_on)]
    return live_page(Area.COMMITTEE, words, show=room.show, deeds=deeds)


@dataclass(frozen=True)
class _ReadingRoom:
    committee: Committee
    reasons: tuple[Choice, ...]
    words: Words

    def show(self, user: User, at: datetime) -> Shown:
        """Show the reader's next photograph, a pause after a batch, or that all are read."""
        progress = self.committee.progress(user)
        return self._shown(progress, None if progress.is_pause else self.committee.next_photo(user, at=at))

    def go_on(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go on after a pause."""
        waits = self.committee.next_photo(user, at=at)
        return self._shown(self.committee.progress(user), waits)

    def _shown(self, progress: Progress, to_read: ToRead | None) -> Shown:
        values = {
            "to_read": to_read,
            "progress": progress,
            "is_pause": progress.is_pause,
            "is_closed": self.committee.is_closed(),
            "reasons": self.reasons,
        }
        return Shown(render("committee.html", self.words, values))

    def lock(self, user: User, form: _Lock, at: datetime) -> Shown:
        """Lock the answer and show what comes next."""
        self.committee.lock_reading(
            user, form.reading_id, form.answer.answer(), reading_s=form.reading_s, at=at
        )
        return Shown(self.show(user, at).body, notice=self.words.say("committee.locked"))
