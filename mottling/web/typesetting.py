"""How a language sets its signs: what must not stand at the beginning of a line, and which apostrophe."""

from __future__ import annotations

import re

__all__ = ["typeset"]

_NO_BREAK = "\u00a0"
# French sets a space before these signs and inside its quotation marks; a line must not break there.
_BEFORE = re.compile(r" (?=[:;?!»%])")
_AFTER = re.compile(r"(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")


def typeset(text: str, language: str) -> str:
    """Set a text as its language is printed."""
    if language != "fr":
        return text
    text = _AFTER.sub(_NO_BREAK, _BEFORE.sub(_NO_BREAK, text))
    return _APOSTROPHE.sub("’", text)
