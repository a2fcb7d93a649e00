"""Turns templates into HTML: every value is escaped unless it is markup already."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from mottling.scale import SCORES
from mottling.web.scale_drawings import drawing
from mottling.web.scale_examples import TONES, file_name
from mottling.web.statics import address_of
from mottling.web.words import Words

__all__ = ["render"]

_FOLDER = Path(__file__).parent / "templates"


def render(template: str, words: Words, values: Mapping[str, object]) -> Markup:
    """Fill a template.

    Templates know `say(key, values)`, `language`, `scores`, `scale_drawing(score, title)`, `tones`,
    `example_of(tone, score)`, `address_of(static file)`, and what `values` names.

    Args:
        template: Name of a file of `templates/`.
        words: In which language.
        values: By the names that the template uses; a name that is missing is an error.
    """
    known = {"say": words.say, "language": words.language}
    return Markup(_environment().get_template(template).render({**known, **values}))  # noqa: S704 # escaped by the template


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        scores=SCORES,
        tones=TONES,
        scale_drawing=_scale_drawing,
        example_of=file_name,
        address_of=address_of,
    )
    return made


def _scale_drawing(score: int, title: str = "") -> Markup:
    return Markup(drawing(score, title))  # noqa: S704 # escapes its title
