"""The coordinator's page: how far the committee is, who is late, what is taken back, closing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gradio as gr

from mottling.services.accounts import User
from mottling.services.coordination import Coordination
from mottling.services.opening import Services
from mottling.services.readout import Readout
from mottling.web.areas import Area
from mottling.web.forms import Code, Empty, Form, Password, Reading, Sentence
from mottling.web.markup import render
from mottling.web.pages.readout_figures import readout_values
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.trial_words import TrialWords
from mottling.web.words import Words

__all__ = ["build"]


class _Reader(Form):
    """One reader."""

    name: Code


class _TakeBack(Reading):
    """A photograph that waits with a reader, and why it is taken back."""

    because: Sentence


class _Close(Form):
    """The signature with which the read-out is closed."""

    password: Password


class _Reopen(_Close):
    """The signature with which it is opened again, and why."""

    because: Sentence


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the coordinator's page in one language."""
    page = _ReadoutPage(services.coordination, services.readout, TrialWords(services.charter, words))
    deeds: list[Deed[Any]] = [
        Deed("progress", Empty, page.progress),
        Deed("remind", _Reader, page.remind),
        Deed("take_back_form", Reading, page.take_back_form),
        Deed("take_back", _TakeBack, page.take_back),
        Deed("close_form", Empty, page.close_form),
        Deed("close", _Close, page.close),
        Deed("reopen", _Reopen, page.reopen),
    ]
    return live_page(Area.READOUT, words, show=page.show, deeds=deeds)


@dataclass(frozen=True)
class _ReadoutPage:
    coordination: Coordination
    readout: Readout
    trial_words: TrialWords

    def show(self, user: User, at: datetime) -> Shown:
        """Show how far the committee is."""
        return self._shown(user, at)

    def progress(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go back to how far the committee is."""
        return self._shown(user, at)

    def remind(self, user: User, form: _Reader, at: datetime) -> Shown:
        """Show a text by which a reader can be reminded; nothing is sent."""
        return self._shown(user, at, {"reminded": form.name})

    def take_back_form(self, user: User, form: Reading, at: datetime) -> Shown:
        """Ask why a photograph is taken back."""
        return self._shown(user, at, {"taken": form.reading_id})

    def take_back(self, user: User, form: _TakeBack, at: datetime) -> Shown:
        """Take a photograph back, so that another reader is given it."""
        self.coordination.take_back(user, form.reading_id, because=form.because, at=at)
        return self._said(user, "taken_back", at)

    def close_form(self, user: User, _: Empty, at: datetime) -> Shown:
        """Ask for the signature with which the read-out is closed, or opened again."""
        return self._shown(user, at, {"is_signed": True})

    def close(self, user: User, form: _Close, at: datetime) -> Shown:
        """Close the read-out."""
        meaning = self.trial_words.words.say("readout.close.meaning")
        self.readout.close(user.name, form.password, meaning=meaning, at=at)
        return self._said(user, "closed", at)

    def reopen(self, user: User, form: _Reopen, at: datetime) -> Shown:
        """Open the read-out again."""
        self.readout.reopen(user.name, form.password, reason=form.because, at=at)
        return self._said(user, "reopened", at)

    def _said(self, user: User, what: str, at: datetime) -> Shown:
        notice = self.trial_words.words.say(f"readout.done.{what}")
        return Shown(self._shown(user, at).body, notice=notice)

    def _shown(self, user: User, at: datetime, asked: Mapping[str, object] | None = None) -> Shown:
        nothing_asked = {"reminded": "", "taken": "", "is_signed": False}
        values = {
            **readout_values(self.coordination.progress(user), self.trial_words, at=at),
            **nothing_asked,
            **(asked or {}),
            "may_act": True,
        }
        return Shown(render("readout.html", self.trial_words.words, values))
