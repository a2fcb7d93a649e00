"""The models: which one scores the next photograph, what its card says, and letting another one do it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import gradio as gr
from markdown_it import MarkdownIt
from markupsafe import Markup
from pydantic import Field

from mottling.services.accounts import User
from mottling.services.drift import Drift, Grouping
from mottling.services.opening import Services
from mottling.services.proposals import Proposals
from mottling.services.release import Release
from mottling.services.shadow import Shadow
from mottling.web.areas import Area
from mottling.web.forms import Empty, Form
from mottling.web.markup import render
from mottling.web.pages.models_drift import drift_values
from mottling.web.pages.models_shadow import shadow_values
from mottling.web.parts import Deed, Shown, live_page
from mottling.web.words import Words

__all__ = ["build"]

_UTC = ZoneInfo("UTC")


class _Model(Form):
    """One model of the registry."""

    name: Annotated[str, Field(min_length=1, max_length=200)]


class _Because(_Model):
    """A model, and why."""

    because: Annotated[str, Field(max_length=5000)]


class _Weeks(Form):
    """Whose weeks are looked at."""

    grouping: Grouping = Grouping.SITE
    group: Annotated[str, Field(max_length=200)] = ""


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the page of the models in one language."""
    page = _ModelsPage(services.release, services.proposals, services.shadow, services.drift, words)
    deeds: list[Deed[Any]] = [
        Deed("look", _Model, page.look),
        Deed("back", Empty, page.back),
        Deed("drift", _Weeks, page.weeks),
        Deed("release_form", _Model, page.release_form),
        Deed("release", _Model, page.release_model),
        Deed("propose", _Because, page.propose),
        Deed("confirm", _Because, page.confirm),
        Deed("decline", _Because, page.decline),
        Deed("shadow_start", _Because, page.shadow_start),
        Deed("shadow_stop", _Because, page.shadow_stop),
        Deed("roll_back_form", Empty, page.roll_back_form),
        Deed("roll_back", Empty, page.roll_back),
    ]
    return live_page(Area.MODELS, words, show=page.show, deeds=deeds)


@dataclass(frozen=True)
class _ModelsPage:
    release: Release
    proposals: Proposals
    shadow: Shadow
    drift: Drift
    words: Words

    def show(self, user: User, _at: datetime) -> Shown:
        """Show the model in use and its card."""
        return self._shown(user, chosen="", asked="")

    def back(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go back to the model in use."""
        return self.show(user, at)

    def weeks(self, user: User, form: _Weeks, _at: datetime) -> Shown:
        """Show what the model in use has said, by week."""
        values = drift_values(self.drift, user, form.grouping, form.group, self.words)
        return Shown(render("models_drift.html", self.words, values))

    def look(self, user: User, form: _Model, _at: datetime) -> Shown:
        """Show another model's card."""
        return self._shown(user, chosen=form.name, asked="")

    def release_form(self, user: User, form: _Model, _at: datetime) -> Shown:
        """Ask whether a model shall really score from now on."""
        return self._shown(user, chosen=form.name, asked="release")

    def release_model(self, user: User, form: _Model, at: datetime) -> Shown:
        """Let a model score from the next photograph on."""
        self.release.release(user, form.name, at=at)
        return self._done(user, form, "models.released")

    def propose(self, user: User, form: _Because, at: datetime) -> Shown:
        """Propose a model; another person confirms it."""
        self.proposals.propose(user, form.name, because=form.because, at=at)
        return self._done(user, form, "models.proposed")

    def confirm(self, user: User, form: _Because, at: datetime) -> Shown:
        """Let a model that another person proposed score from the next photograph on."""
        self.proposals.confirm(user, form.name, because=form.because, at=at)
        return self._done(user, form, "models.released")

    def decline(self, user: User, form: _Because, at: datetime) -> Shown:
        """End a proposal without a release."""
        self.proposals.decline(user, form.name, because=form.because, at=at)
        return self._done(user, form, "models.declined")

    def shadow_start(self, user: User, form: _Because, at: datetime) -> Shown:
        """Let a challenger score silently from the next photograph on."""
        self.shadow.start(user, form.name, because=form.because, at=at)
        return self._done(user, form, "models.shadow.started")

    def shadow_stop(self, user: User, form: _Because, at: datetime) -> Shown:
        """Let it score silently no more."""
        self.shadow.stop(user, because=form.because, at=at)
        return self._done(user, form, "models.shadow.stopped")

    def _done(self, user: User, form: _Model, notice: str) -> Shown:
        shown = self._shown(user, chosen=form.name, asked="")
        return Shown(shown.body, notice=self.words.say(notice, {"name": form.name}))

    def roll_back_form(self, user: User, _: Empty, _at: datetime) -> Shown:
        """Ask whether the model before shall really score again."""
        return self._shown(user, chosen="", asked="roll_back")

    def roll_back(self, user: User, _: Empty, at: datetime) -> Shown:
        """Go back to the model that was in use before."""
        name = self.release.roll_back(user, at=at)
        shown = self._shown(user, chosen=name, asked="")
        return Shown(shown.body, notice=self.words.say("models.rolled_back", {"name": name}))

    def _shown(self, user: User, *, chosen: str, asked: str) -> Shown:
        models = self.release.models(user)
        proposed = self.proposals.waiting(user)
        active = next((model.name for model in models if model.active), "")
        name = chosen or active or (models[0].name if models else "")
        values: Mapping[str, object] = {
            "models": models,
            "times": {
                model.name: self.words.clock(model.released_at, _UTC)
                for model in models
                if model.released_at is not None
            },
            "chosen": next((model for model in models if model.name == name), None),
            "active": active,
            "asked": asked,
            "two_people": self.proposals.are_needed(),
            "proposed": proposed,
            "proposed_at": "" if proposed is None else self.words.clock(proposed.at, _UTC),
            "signed_by": self.release.signed_by(user),
            **shadow_values(self.shadow, user, name, self.words),
            "card": _as_html(self.release.card(user, name)) if name else Markup(),
        }
        return Shown(render("models.html", self.words, values))


def _as_html(card: str) -> Markup:
    """Render a card's Markdown: no HTML of its own, no pictures from elsewhere."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(renderer.render(card))  # noqa: S704 # the renderer escapes, and HTML in the card stays text
