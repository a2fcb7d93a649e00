"""The committee's meeting: a photograph on which readers differ, and what is said together of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from mottling.services.accounts import User
from mottling.services.committee import Committee
from mottling.services.meetings import Said
from mottling.web.forms import Code, Empty, Password, Reading, Sentence
from mottling.web.markup import render
from mottling.web.parts import Shown
from mottling.web.trial_words import TrialWords
from mottling.web.widgets import AnswerFields
from mottling.web.words import Words

__all__ = ["MeetingRoom", "Met"]


class Met(Reading):
    """The form in which one who sat there writes down what was said together."""

    sat: Annotated[Mapping[str, Code], Field(max_length=100)] = {}
    """Names of readers, by the number of their box."""
    guests: Sentence = ""
    comment: Sentence = ""
    password: Password
    answer: AnswerFields


@dataclass(frozen=True)
class MeetingRoom:
    """What readers see when they meet, and what comes of it."""

    committee: Committee
    trial_words: TrialWords
    words: Words

    def show(self, user: User, _: Empty, _at: datetime) -> Shown:
        """Show the first photograph that waits for a meeting, or that there is none."""
        meetings = self.committee.meetings
        waiting = meetings.waiting(user)
        to_meet = waiting[0] if waiting else None
        values = {
            "to_meet": to_meet,
            "left": len(waiting),
            "said": [] if to_meet is None else [self.trial_words.answer(one) for one in to_meet.answers],
            "readers": [name for name in meetings.readers(user) if name != user.name],
            "writes": user.name,
            "meaning": self.words.say("committee.meeting.meaning"),
            "reasons": self.trial_words.not_assessable(),
        }
        return Shown(render("committee_meeting.html", self.words, values))

    def met(self, user: User, form: Met, at: datetime) -> Shown:
        """Record what was said together, and show what comes next."""
        said = Said(form.answer.answer(), tuple(form.sat.values()), form.guests, form.comment)
        self.committee.meetings.record(
            user,
            form.reading_id,
            said,
            password=form.password,
            meaning=self.words.say("committee.meeting.meaning"),
            at=at,
        )
        shown = self.show(user, Empty(), at)
        return Shown(shown.body, notice=self.words.say("committee.meeting.recorded"))
