"""Gradio's HTML document, made ours: its language, our style and scripts, and nothing from outside.

Inline scripts get the nonce that the Content-Security-Policy of the same answer names. A Gradio whose
document differs is refused by `make_ours`, and so by the tests, rather than passed on.
"""

from __future__ import annotations

import re

from mottling.errors import SettingsRefused
from mottling.web.statics import address_of
from mottling.web.theme import STYLE_SHEETS

__all__ = ["SCRIPTS", "make_ours"]

SCRIPTS = ("live.js", "viewer.js", "answer.js", "upload.js", "find.js")
_OUTSIDE = re.compile(r'<meta\s+(?:property="og:|name="twitter:)[^>]*>\s*')
_MANIFEST = '<link rel="manifest" href="/manifest.json" />'


def make_ours(document: str, *, language: str, nonce: str) -> str:
    """Rewrite the document that Gradio serves for a page.

    Args:
        document: As Gradio serves it.
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
    return f"{head}{_ours()}</head>{rest}".replace("<script", f'<script nonce="{nonce}"')


def _ours() -> str:
    styles = "".join(f'<link rel="stylesheet" href="{address_of(name)}">' for name in STYLE_SHEETS)
    scripts = "".join(f'<script src="{address_of(name)}"></script>' for name in SCRIPTS)
    return f'{styles}{scripts}<link rel="icon" href="{address_of("mark.svg")}" type="image/svg+xml">'
