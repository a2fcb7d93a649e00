"""What the model said, for a reader whose own answer is locked, and what he says then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mottling.services.accounts import User
from mottling.services.committee import Committee
from mottling.web.forms import Reading, Sentence
from mottling.web.markup import render
from mottling.web.pages.ward_proposal import shown_proposal
from mottling.web.parts import Shown
from mottling.web.trial_words import TrialWords
from mottling.web.widgets import AnswerFields
from mottling.web.words import Words

__all__ = ["Kept", "ModelRoom", "SaysAnew"]


class Kept(Reading):
    """The form with which a reader keeps what he had said."""


class SaysAnew(Kept):
    """The form with which a reader says another answer, and why."""

    because: Sentence
    answer: AnswerFields


@dataclass(frozen=True)
class ModelRoom:
    """What a reader sees between the lock and the next photograph, where the trial file shows the model."""

    committee: Committee
    trial_words: TrialWords
    words: Words

    def shown(self, user: User, reading_id: str, at: datetime) -> Shown:
        """Show what the model said of one photograph, beside what the reader had said."""
        said = self.committee.after_lock.show(user, reading_id, at=at)
        # The model's name and version would tell when the photograph was scored: they stay in the records.
        values = {
            "reading_id": reading_id,
            "before": self.trial_words.answer(said.before),
            "model": shown_proposal(said.assessment, said.before, self.words),
            "ahead": self.committee.next_photo(user, at=at),
            "reasons": self.trial_words.not_assessable(),
        }
        return Shown(render("committee_model.html", self.words, values))

    def keep(self, user: User, form: Kept, at: datetime) -> None:
        """Keep what was said before."""
        self.committee.after_lock.keep(user, form.reading_id, at=at)

    def say_anew(self, user: User, form: SaysAnew, at: datetime) -> None:
        """Say another answer."""
        answer = form.answer.answer()
        self.committee.after_lock.say(user, form.reading_id, answer, because=form.because, at=at)
