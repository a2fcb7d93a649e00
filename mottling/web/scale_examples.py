"""The examples of the scale: rendered photographs, one a score on light, medium and dark skin."""

from __future__ import annotations

from mottling.scale import SCORES

__all__ = ["TONES", "file_name", "file_names"]

TONES = ("light", "medium", "dark")
"""Monk 1, 5 and 8; `python -m docs.build_examples` renders them."""


def file_name(tone: str, score: int) -> str:
    """Name the file of `static/` that shows a score on a tone."""
    return f"scale-{tone}-{score}.jpg"


def file_names() -> tuple[str, ...]:
    """Name them all."""
    return tuple(file_name(tone, score) for score in SCORES for tone in TONES)
