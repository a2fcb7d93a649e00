"""Gradio's theme, as far as Gradio shows anything itself: system fonts, and no font from outside.

The look is `static/mottling.css`: one set of custom properties; `static/night.css` gives those of the dark.
"""

from __future__ import annotations

import gradio as gr

__all__ = ["NIGHT", "STYLE_SHEETS", "theme"]

NIGHT = "night.css"
"""Where the browser asks for the dark, and always in the reading room."""
STYLE_SHEETS = (
    "mottling.css",
    "scale.css",
    NIGHT,
    "page.css",
    "ward.css",
    "help.css",
    "office.css",
    "changes.css",
    "room.css",
    "roles.css",
)
_FONT = ("ui-sans-serif", "system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif")
_FONT_MONO = ("ui-monospace", "Consolas", "DejaVu Sans Mono", "monospace")


def theme() -> gr.themes.Base:
    """Make the theme of every page."""
    return gr.themes.Base(primary_hue="teal", neutral_hue="slate", font=_FONT, font_mono=_FONT_MONO)
