"""Gradio's HTML document, made ours: its language, our style and scripts, and nothing from outside.

Inline scripts get the nonce that the Content-Security-Policy of the same answer names. A Gradio whose
document differs is refused by `make_ours`, and so by the tests, rather than passed on.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re

from markupsafe import Markup

from mottling.errors import SettingsRefused
from mottling.web.areas import Area
from mottling.web.scale_examples import file_names
from mottling.web.statics import address_of
from mottling.web.theme import NIGHT, STYLE_SHEETS

__all__ = [
    "FILES_OF_THE_WARD",
    "MODULES",
    "SCRIPTS",
    "WARD_SCRIPT",
    "hash_of_the_map",
    "head_of_the_ward",
    "make_ours",
]

SCRIPTS = (
    "live.js",
    "lock.js",
    "ahead.js",
    "viewer.js",
    "light.js",
    "outline.js",
    "mark.js",
    "answer.js",
    "upload.js",
    "find.js",
    "copy.js",
)
MODULES = (
    "camera.js",
    "capture.js",
    "decoder.js",
    "hints.js",
    "level.js",
    "outbox.js",
    "refused.js",
    "scan.js",
    "sender.js",
    "shell.js",
    "tablet.js",
    "zxing.js",
)
"""What the ward's script imports, by the name `mottling/NAME`: the map gives each its address of now."""
WARD_SCRIPT = "ward.js"
FILES_OF_THE_WARD = (*STYLE_SHEETS, *SCRIPTS, *MODULES, WARD_SCRIPT, "mark.svg", *file_names())
"""All that the ward's page needs of `static/`."""
_OUTSIDE = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_MANIFEST = '<link rel="manifest" href="/manifest.json" />'


def make_ours(document: str, *, area: Area | None, language: str, nonce: str) -> str:
    """Rewrite the document that Gradio serves for a page.

    Args:
        document: As Gradio serves it.
        area: Whose page it is; the ward's has scripts of its own.
        language: Of the page.
        nonce: Of this answer.

    Raises:
        SettingsRefused: This is not the Gradio that the project was made with.
    """
    head, found, rest = document.partition("</head>")
    if not found or '<html\n\tlang="en"' not in head or _MANIFEST not in head:
        raise SettingsRefused(
            "Gradio's page is not the one that this project was made with",
            remedy="Install the versions of requirements.lock",
        )
    head = _OUTSIDE.sub("", head).replace(_MANIFEST, "")
    head = head.replace('<html\n\tlang="en"', f'<html\n\tlang="{language}"', 1)
    if area is Area.WARD:
        # A map must stand before the first module, and Gradio's own scripts are modules.
        head = head.replace("<head>", f"<head>{_map_element()}", 1) + _ward_script()
    return f"{head}{_ours(area)}</head>{rest}".replace("<script", f'<script nonce="{nonce}"')


def head_of_the_ward() -> Markup:
    """Give what the head of the ward's page needs when Gradio does not make it."""
    return Markup(f"{_map_element()}{_ours(Area.WARD)}{_ward_script()}")  # noqa: S704 # holds names of our own files only


def hash_of_the_map() -> str:
    """Give what a Content-Security-Policy names the map of modules by, where no nonce can stand."""
    return base64.b64encode(hashlib.sha256(_map_of_modules().encode()).digest()).decode()


def _map_element() -> str:
    return f'<script type="importmap">{_map_of_modules()}</script>'


def _map_of_modules() -> str:
    return json.dumps({"imports": {f"mottling/{name}": address_of(name) for name in MODULES}})


def _ward_script() -> str:
    return f'<script type="module" src="{address_of(WARD_SCRIPT)}"></script>'


def _ours(area: Area | None) -> str:
    styles = "".join(
        f'<link rel="stylesheet" href="{address_of(name)}"{_when(name, area)}>' for name in STYLE_SHEETS
    )
    scripts = "".join(f'<script src="{address_of(name)}"></script>' for name in SCRIPTS)
    return f'{styles}{scripts}<link rel="icon" href="{address_of("mark.svg")}" type="image/svg+xml">'


def _when(style: str, area: Area | None) -> str:
    """Say when a sheet holds. A white page beside a photograph would hide what is faint on dark skin."""
    return ' media="(prefers-color-scheme: dark)"' if style == NIGHT and area is not Area.COMMITTEE else ""
