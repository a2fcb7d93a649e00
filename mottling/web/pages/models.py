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
from pydantic import BaseModel, ConfigDict, Field

from mottling.services.accounts import User
from mottling.services.opening import Services
from mottling.services.release import Release
from mottling.web.areas import Area
from mottling.web.markup import render
from mottling.web.parts import Deed, Empty, Shown, live_page
from mottling.web.words import Words

__all__ = ["build"]

_UTC = ZoneInfo("UTC")


class _Model(BaseModel):
    """One model of the registry."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=200)]


def build(services: Services, words: Words) -> gr.Blocks:
    """Make the page of the models in one language."""
    page = _ModelsPage(services.release, words)
    deeds: list[Deed[Any]] = [
        Deed("look", _Model, page.look),
        Deed("release_form", _Model, page.release_form),
        Deed("release", _Model, page.release_model),
        Deed("roll_back_form", Empty, page.roll_back_form),
        Deed("roll_back", Empty, page.roll_back),
    ]
    return live_page(Area.MODELS, words, show=page.show, deeds=deeds)


@dataclass(frozen=True)
class _ModelsPage:
    release: Release
    words: Words

    def show(self, user: User, _at: datetime) -> Shown:
        """Show the model in use and its card."""
        return self._shown(user, chosen="", asked="")

    def look(self, user: User, form: _Model, _at: datetime) -> Shown:
        """Show another model's card."""
        return self._shown(user, chosen=form.name, asked="")

    def release_form(self, user: User, form: _Model, _at: datetime) -> Shown:
        """Ask whether a model shall really score from now on."""
        return self._shown(user, chosen=form.name, asked="release")

    def release_model(self, user: User, form: _Model, at: datetime) -> Shown:
        """Let a model score from the next photograph on."""
        self.release.release(user, form.name, at=at)
        shown = self._shown(user, chosen=form.name, asked="")
        return Shown(shown.body, notice=self.words.say("models.released", {"name": form.name}))

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
            "signed_by": self.release.signed_by(user),
            "card": _as_html(self.release.card(user, name)) if name else Markup(),
        }
        return Shown(render("models.html", self.words, values))


def _as_html(card: str) -> Markup:
    """Render a card's Markdown: no HTML of its own, no pictures from elsewhere."""
    renderer = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    return Markup(renderer.render(card))  # noqa: S704 # the renderer escapes, and HTML in the card stays text
