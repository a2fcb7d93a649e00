"""The ward: today's list, a photograph, the own score, what the model proposes, the final record.

One thing to do a screen. Where a photograph stands comes from the services each time, so a tablet that lost
its page, or another tablet, goes on where the last one stopped.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

import gradio as gr
from pydantic import Field

from mottling.errors import RecordRefused
from mottling.services.accounts import User
from mottling.services.opening import Services
from mottling.services.queries import Queries
from mottling.services.views import PatientToday, PhotoOnWard, VisitState, VisitToday
from mottling.services.ward import Ward
from mottling.web.areas import Area
from mottling.web.forms import Code, Empty, Form, Sentence
from mottling.web.markup import render
from mottling.web.pages.query_words import asked_in_words
from mottling.web.pages.ward_list import groups_of
from mottling.web.pages.ward_proposal import shown_beside, shown_proposal
from mottling.web.parts import Deed, OutboxKey, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.widgets import AnswerFields
from mottling.web.words import Words

__all__ = ["build"]


class _Visit(Form):
    """A visit of a patient."""

    patient: Code
    visit: Code


class _NotDone(_Visit):
    """A visit that was not done, and why."""

    reason: Code


class _Photo(Form):
    """A photograph that is stored."""

    photo_id: Code


class _Lock(_Photo):
    """The own score of a photograph."""

    answer: AnswerFields


class _Change(_Lock):
    """Another score than the own one, and why."""

    because: Sentence


class _Query(Form):
    """A question of the trial office."""

    query_id: Code


class _QueryAnswer(_Query):
    """What the ward answers."""

    text: Annotated[str, Field(max_length=4000)]


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the ward's page in one language."""
    page = _WardPage(services.ward, services.queries, TrialWords(services.charter, words))
    deeds: list[Deed[Any]] = [
        Deed("list", Empty, page.back),
        Deed("open", _Visit, page.open),
        Deed("retake", _Visit, page.retake),
        Deed("photo", _Photo, page.photo),
        Deed("lock", _Lock, page.lock),
        Deed("keep", _Photo, page.keep),
        Deed("change_form", _Photo, page.change_form),
        Deed("change", _Change, page.change),
        Deed("not_done_form", _Visit, page.not_done_form),
        Deed("not_done", _NotDone, page.not_done),
        Deed("query", _Query, page.query),
        Deed("query_answer", _QueryAnswer, page.query_answer),
    ]
    return live_page(Area.WARD, words, show=page.opened, deeds=deeds)


@dataclass(frozen=True)
class _Found:
    """A visit of the ward's list."""

    patient: PatientToday
    visit: VisitToday


@dataclass(frozen=True)
class _WardPage:
    ward: Ward
    queries: Queries
    trial_words: TrialWords

    def opened(self, user: User, at: datetime) -> Shown:
        """Show today's list, and give what opens the photographs that wait on the tablet."""
        key = base64.b64encode(self.ward.outbox_key(user)).decode("ascii")
        return replace(self.today(user, at), outbox=OutboxKey(user.name, key))

    def today(self, user: User, at: datetime) -> Shown:
        """Show what is to be done now."""
        clock = self.trial_words.clock(user.site, at=at)
        groups = groups_of(self.ward.today(user, at=at), self.trial_words, clock)
        site = "" if user.site is None else self.trial_words.site(user.site)
        return self._shown(
            "ward_list.html",
            {
                "asked": [asked_in_words(one, self.trial_words, clock) for one in self.queries.of_ward(user)],
                "groups": groups,
                "today": clock.today(),
                "site": site,
                "reasons": self.trial_words.not_assessable(),
            },
        )

    def back(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go back to the list."""
        return self.today(user, at)

    def open(self, user: User, form: _Visit, at: datetime) -> Shown:
        """Show the camera for a visit, or where its photograph stands."""
        found = self._find(user, form, at)
        if found.visit.photo_id is not None:
            return self.photo(user, _Photo(photo_id=found.visit.photo_id), at)
        if found.visit.state in (VisitState.NOT_DONE, VisitState.WITHDRAWN):
            return self.today(user, at)
        return self._camera(found, at)

    def retake(self, user: User, form: _Visit, at: datetime) -> Shown:
        """Show the camera again; a new photograph takes the place of one that nobody has scored."""
        return self._camera(self._find(user, form, at), at)

    def photo(self, user: User, form: _Photo, at: datetime) -> Shown:
        """Show the next thing to do with a photograph."""
        photo = self.ward.photo(user, form.photo_id)
        if photo.own is None:
            return self._shown("ward_score.html", self._of(photo, user, at))
        if photo.final is None:
            return self._proposal(user, photo, at)
        return self._shown("ward_stored.html", self._of(photo, user, at))

    def lock(self, user: User, form: _Lock, at: datetime) -> Shown:
        """Lock the own score, and show what the model proposes where that is allowed."""
        self.ward.lock_own_score(user, form.photo_id, form.answer.answer(), at=at)
        return self.photo(user, _Photo(photo_id=form.photo_id), at)

    def keep(self, user: User, form: _Photo, at: datetime) -> Shown:
        """Confirm the own score."""
        self.ward.keep(user, form.photo_id, at=at)
        return self.photo(user, form, at)

    def change_form(self, user: User, form: _Photo, at: datetime) -> Shown:
        """Ask for another score, and why."""
        return self._shown("ward_change.html", self._of(self.ward.photo(user, form.photo_id), user, at))

    def change(self, user: User, form: _Change, at: datetime) -> Shown:
        """Confirm another score than the own one."""
        self.ward.change(user, form.photo_id, form.answer.answer(), because=form.because, at=at)
        return self.photo(user, _Photo(photo_id=form.photo_id), at)

    def not_done_form(self, user: User, form: _Visit, at: datetime) -> Shown:
        """Ask why there is no photograph."""
        whose = self._whose(self._find(user, form, at))
        return self._shown("ward_not_done.html", {**whose, "reasons": self.trial_words.not_done()})

    def not_done(self, user: User, form: _NotDone, at: datetime) -> Shown:
        """Record that a visit was not done."""
        self.ward.not_done(user, form.patient, visit=form.visit, reason=form.reason, at=at)
        said = {"patient": form.patient, "visit": self.trial_words.visit(form.visit)}
        notice = self.trial_words.words.say("ward.not_done.saved", said)
        return Shown(self.today(user, at).body, notice=notice)

    def query(self, user: User, form: _Query, at: datetime) -> Shown:
        """Show a question of the trial office, and ask for the answer."""
        clock = self.trial_words.clock(user.site, at=at)
        asked = asked_in_words(self.queries.asked(user, form.query_id), self.trial_words, clock)
        return self._shown("ward_query.html", {"asked": asked})

    def query_answer(self, user: User, form: _QueryAnswer, at: datetime) -> Shown:
        """Send the answer to the trial office."""
        self.queries.answer(user, form.query_id, form.text, at=at)
        return Shown(self.today(user, at).body, notice=self.trial_words.words.say("ward.query.sent"))

    def _camera(self, found: _Found, at: datetime) -> Shown:
        is_late, is_early = at > found.visit.closes_at, at < found.visit.opens_at
        mark = "late" if is_late else "early" if is_early else ""
        reasons = self.trial_words.not_assessable()
        return self._shown("ward_photo.html", {**self._whose(found), "reasons": reasons, "mark": mark})

    def _whose(self, found: _Found) -> Mapping[str, object]:
        """Give what a screen without a photograph shows of its patient and visit."""
        return {
            "patient": found.patient.patient,
            "initials": found.patient.initials,
            "visit": found.visit,
            "visit_label": self.trial_words.visit(found.visit.visit),
        }

    def _proposal(self, user: User, photo: PhotoOnWard, at: datetime) -> Shown:
        assert photo.own is not None
        proposal = self.ward.proposal(user, photo.photo_id, at=at)
        words = self.trial_words.words
        shown = None if proposal is None else shown_proposal(proposal.assessment, photo.own, words)
        beside = [
            shown_beside(one, photo.own, self.trial_words)
            for one in self.ward.proposals_beside(user, photo.photo_id, at=at)
        ]
        values = {**self._of(photo, user, at), "proposal": shown, "beside": beside}
        return self._shown("ward_proposal.html", values)

    def _find(self, user: User, form: _Visit, at: datetime) -> _Found:
        for patient in self.ward.today(user, at=at):
            for visit in patient.visits:
                if (patient.patient, visit.visit) == (form.patient, form.visit):
                    return _Found(patient, visit)
        raise RecordRefused(
            f"Patient {form.patient!r} has no visit {form.visit!r} at this site", remedy="Go back to the list"
        )

    def _of(self, photo: PhotoOnWard, user: User, at: datetime) -> Mapping[str, object]:
        """Give what every screen of a photograph shows."""
        answer = self.trial_words.answer
        return {
            "photo": photo,
            "patient": photo.patient,
            "initials": photo.initials,
            "visit_label": self.trial_words.visit(photo.visit),
            "taken": self.trial_words.clock(user.site, at=at).moment(photo.taken_at),
            "own": "" if photo.own is None else answer(photo.own),
            "final": "" if photo.final is None else answer(photo.final),
            "reasons": self.trial_words.not_assessable(),
        }

    def _shown(self, template: str, values: Mapping[str, object]) -> Shown:
        return Shown(render(template, self.trial_words.words, values))
