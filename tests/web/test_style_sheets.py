"""What can be seen in bad light, and that no style sheet asks for what is not there."""

import re

import pytest

from mottling.web.statics import text_of
from mottling.web.theme import NIGHT, STYLE_SHEETS

# WCAG 2.2, 1.4.3 for text and 1.4.11 for the edge of what can be pressed.
LEAST_OF_TEXT, LEAST_OF_EDGE = 4.5, 3.0
SEEN = [
    ("--line-strong", "--sheet", LEAST_OF_EDGE),
    ("--line-strong", "--paper", LEAST_OF_EDGE),
    ("--accent", "--paper", LEAST_OF_EDGE),
    ("--quiet", "--paper", LEAST_OF_TEXT),
    ("--quiet", "--sunken", LEAST_OF_TEXT),
    ("--sheet", "--quiet", LEAST_OF_TEXT),
    ("--warn", "--warn-soft", LEAST_OF_TEXT),
    ("--bad", "--bad-soft", LEAST_OF_TEXT),
    ("--good", "--good-soft", LEAST_OF_TEXT),
    ("--accent-strong", "--accent-soft", LEAST_OF_TEXT),
    ("--on-accent", "--accent", LEAST_OF_TEXT),
]
_COLOUR = re.compile(r"(--[a-z-]+): #([0-9a-f]{6});")


def colours() -> dict[str, dict[str, str]]:
    """The colours by name, in the light and in the dark."""
    by_day, by_night = (dict(_COLOUR.findall(text_of(name))) for name in ("mottling.css", NIGHT))
    return {"light": by_day, "dark": {**by_day, **by_night}}


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("drawn", "ground", "least"), SEEN)
def test_text_and_the_edges_of_what_is_pressed_stand_out(scheme, drawn, ground, least):
    known = colours()[scheme]
    assert contrast(known[drawn], known[ground]) >= least


def test_every_property_that_a_sheet_asks_for_is_set_somewhere():
    whole = "\n".join(text_of(name) for name in STYLE_SHEETS)
    set_by_scripts = {"--zoom", "--ratio"}
    assert (
        set(re.findall(r"var\((--[a-z-]+)", whole)) - set(re.findall(r"(--[a-z-]+):", whole))
        <= set_by_scripts
    )
