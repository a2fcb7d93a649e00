"""The reading room: one photograph after the other, blinded, and the batch that its reader signs.

Nothing on this page says whose photograph it is, what the network or another reader said, or how many there
are of anything but this reader's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from mottling.services.accounts import User
from mottling.services.committee import Committee
from mottling.services.opening import Services
from mottling.services.views import Beside, InBatch, Progress, ToRead
from mottling.trial.markings import read_outline
from mottling.web.areas import Area
from mottling.web.forms import Empty, Form, Password, Reading, Sentence
from mottling.web.markup import render
from mottling.web.pages.committee_meeting import MeetingRoom, Met
from mottling.web.pages.committee_model import Kept, ModelRoom, SaysAnew
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.widgets import AnswerFields
from mottling.web.words import Words

__all__ = ["Lock", "ReadingRoom", "build"]

# The largest outline that is kept takes some 50 000.
_MOST_MARKING_SIGNS = 100_000
_ReadingTime = Annotated[float, Field(ge=0.0, le=86_400.0)]
"""In seconds, a day at most."""


class _Said(Reading):
    """What a reader says of a photograph, and what goes beside it."""

    answer: AnswerFields
    marking: Annotated[str, Field(max_length=_MOST_MARKING_SIGNS)] = ""
    """JSON of an `Outline`; empty where no border was marked."""
    remark: Sentence = ""

    def beside(self) -> Beside:
        """Give what goes beside the answer."""
        return Beside(read_outline(self.marking), self.remark.strip() or None)


class Lock(_Said):
    """The form with which a reader locks an answer."""

    reading_s: _ReadingTime
    """Seconds for which the photograph was in sight, measured on the page."""


class _Train(Reading):
    """The form with which a reader answers a training case."""

    reading_s: _ReadingTime
    answer: AnswerFields


class _Change(_Said):
    """The form with which a reader says anew what is not signed yet."""

    because: Sentence


class _Sign(Form):
    """The form with which a reader signs the batch."""

    readings: Annotated[int, Field(ge=1, le=100_000)]
    """How many the page showed."""
    password: Password


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the reading room in one language."""
    trial_words = TrialWords(services.charter, words)
    model = ModelRoom(services.committee, trial_words, words)
    room = ReadingRoom(services.committee, trial_words, words, model)
    meeting = MeetingRoom(services.committee, trial_words, words)
    deeds: list[Deed[Any]] = [
        Deed("lock", Lock, room.lock),
        Deed("keep_after", Kept, room.keep_after),
        Deed("say_after", SaysAnew, room.say_after),
        Deed("go_on", Empty, room.go_on),
        Deed("train", _Train, room.train),
        Deed("train_again", Empty, room.train_again),
        Deed("batch", Empty, room.batch),
        Deed("again", Reading, room.again),
        Deed("change", _Change, room.change),
        Deed("sign", _Sign, room.sign),
        Deed("meeting", Empty, meeting.show),
        Deed("met", Met, meeting.met),
    ]
    return live_page(Area.COMMITTEE, words, show=room.show, deeds=deeds)


@dataclass(frozen=True)
class ReadingRoom:
    """What a reader sees, and what comes of what he does."""

    committee: Committee
    trial_words: TrialWords
    words: Words
    model: ModelRoom

    def show(self, user: User, at: datetime) -> Shown:
        """Show what comes next: training, an answer to the model, a photograph, or the batch to sign."""
        if not (self.committee.training.is_qualified(user) or self.committee.is_closed()):
            return self._training(user)
        waiting = self.committee.after_lock.waiting(user)
        if waiting:
            return self.model.shown(user, waiting[0], at)
        progress = self.committee.progress(user)
        if progress.is_to_sign and not progress.is_closed:
            return self._batch(user, progress)
        return self._room(progress, self.committee.next_photos(user, at=at))

    def go_on(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go on after a pause, or from the batch."""
        return self.show(user, at)

    def train(self, user: User, form: _Train, at: datetime) -> Shown:
        """Keep what is said of a training case, and show what it is."""
        taught = self.committee.train(
            user, form.reading_id, form.answer.answer(), reading_s=form.reading_s, at=at
        )
        values = {
            "taught": taught,
            "said": self.trial_words.answer(taught.answer),
            "state": self.committee.training.state(user),
        }
        return Shown(render("committee_taught.html", self.words, values))

    def train_again(self, user: User, _: Empty, _at: datetime) -> Shown:
        """Begin another attempt at the training cases."""
        return self._training(user, reading_id=self.committee.training.again(user))

    def _training(self, user: User, *, reading_id: str | None = None) -> Shown:
        state = self.committee.training.state(user)
        values = {
            "state": state,
            "reading_id": reading_id or state.next_id,
            "number": 1 if reading_id else state.read + 1,
            "reasons": self.trial_words.not_assessable(),
        }
        return Shown(render("committee_training.html", self.words, values))

    def keep_after(self, user: User, form: Kept, at: datetime) -> Shown:
        """Keep what was said before the model was shown, and show what comes next."""
        self.model.keep(user, form, at)
        return self.show(user, at)

    def say_after(self, user: User, form: SaysAnew, at: datetime) -> Shown:
        """Keep what is said now that the model was shown, and show what comes next."""
        self.model.say_anew(user, form, at)
        return Shown(self.show(user, at).body, notice=self.words.say("committee.batch.changed_now"))

    def batch(self, user: User, _: Empty, _at: datetime) -> Shown:
        """Show what was read since the last signature."""
        return self._batch(user, self.committee.progress(user))

    def again(self, user: User, form: Reading, _at: datetime) -> Shown:
        """Show one photograph of the batch again, with what was said of it."""
        batch = self.committee.batch(user)
        place = next((n for n, one in enumerate(batch) if one.reading_id == form.reading_id), None)
        if place is None or not batch[place].may_change:
            return self._batch(user, self.committee.progress(user))
        outline = self.committee.beside(user, form.reading_id).outline
        values = {
            "one": batch[place],
            "outline": "" if outline is None else outline.model_dump_json(),
            "number": place + 1,
            "stands": self.trial_words.answer(batch[place].answer),
            "reasons": self.trial_words.not_assessable(),
        }
        return Shown(render("committee_again.html", self.words, values))

    def change(self, user: User, form: _Change, at: datetime) -> Shown:
        """Keep what is said anew, with its reason, and show the batch."""
        self.committee.change_reading(
            user,
            form.reading_id,
            form.answer.answer(),
            because=form.because,
            at=at,
            beside=form.beside(),
        )
        shown = self._batch(user, self.committee.progress(user))
        return Shown(shown.body, notice=self.words.say("committee.batch.changed_now"))

    def sign(self, user: User, form: _Sign, at: datetime) -> Shown:
        """Sign the batch, and offer a pause."""
        meaning = self.words.say("committee.batch.meaning", {"n": form.readings})
        self.committee.sign(user, form.password, meaning=meaning, readings=form.readings, at=at)
        progress = self.committee.progress(user)
        shown = self._room(progress, (), is_pause=progress.to_read > 0)
        return Shown(shown.body, notice=self.words.say("committee.batch.signed"))

    def _batch(self, user: User, progress: Progress) -> Shown:
        batch = self.committee.batch(user)
        values = {
            "batch": [self._line(one) for one in batch],
            "progress": progress,
            "meaning": self.words.say("committee.batch.meaning", {"n": len(batch)}),
        }
        return Shown(render("committee_batch.html", self.words, values))

    def _line(self, one: InBatch) -> tuple[InBatch, str]:
        """Say one reading of the batch: what was said, and what once the model was shown."""
        say = self.trial_words.answer
        if one.after is None or one.after == one.answer:
            return one, say(one.answer)
        said = {"before": say(one.answer), "after": say(one.after)}
        return one, self.words.say("committee.model.both", said)

    def _room(
        self,
        progress: Progress,
        given: Sequence[ToRead],
        *,
        is_pause: bool = False,
    ) -> Shown:
        to_read, ahead = (*given, None, None)[:2]
        values = {
            "to_read": to_read,
            "ahead": ahead,
            "progress": progress,
            "is_pause": is_pause,
            "is_closed": progress.is_closed,
            "has_meetings": self.committee.meetings.are_held(),
            "reasons": self.trial_words.not_assessable(),
        }
        return Shown(render("committee.html", self.words, values))

    def lock(self, user: User, form: Lock, at: datetime) -> Shown:
        """Lock the answer and show what comes next."""
        self.committee.lock_reading(
            user,
            form.reading_id,
            form.answer.answer(),
            reading_s=form.reading_s,
            at=at,
            beside=form.beside(),
        )
        return Shown(self.show(user, at).body, notice=self.words.say("committee.locked"))
