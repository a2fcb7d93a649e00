"""Draws `docs/explanation/*.svg`: `python -m docs.build_drawings`. The scale by the drawings of the pages."""

from __future__ import annotations

from html import escape
from pathlib import Path

from docs.draw_curve import CURVE, curve_svg
from mottling.scale import SCORES
from mottling.web.scale_drawings import drawing
from mottling.web.statics import text_of

__all__ = ["SCALE", "main", "scale_svg"]

SCALE = Path(__file__).parent / "explanation" / "scale.svg"

_REACHES = (
    ("nowhere", ""),
    ("a coin on the", "centre of the knee"),
    ("not past the upper", "edge of the kneecap"),
    ("not past the", "middle of the thigh"),
    ("not past the", "fold of the groin"),
    ("past the fold", "of the groin"),
)
_WIDTH, _HEIGHT, _GAP, _CAPTION = 104, 147, 22, 48
_INK = """
svg { color: #24303a; font-family: system-ui, sans-serif; }
text { fill: currentColor; text-anchor: middle; font-size: 10.5px; }
text.score { font-size: 17px; font-weight: 600; }
@media (prefers-color-scheme: dark) { svg { color: #e6ebef; } }
"""


def scale_svg() -> str:
    """Lay the six drawings of the scale side by side, with what each says."""
    width = len(SCORES) * (_WIDTH + _GAP)
    style = _INK + text_of("scale.css")
    parts = "\n".join(_scored(score) for score in SCORES)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {_HEIGHT + _CAPTION + 8}" role="img"'
        f' aria-label="The six scores of the scale">\n<style>{style}</style>\n{parts}\n</svg>\n'
    )


def _scored(score: int) -> str:
    left = score * (_WIDTH + _GAP) + _GAP // 2
    middle = left + _WIDTH // 2
    placed = f'<svg x="{left}" y="4" width="{_WIDTH}" height="{_HEIGHT}" '
    words = "".join(
        f'<text x="{middle}" y="{_HEIGHT + 35 + 13 * line}">{escape(said)}</text>'
        for line, said in enumerate(_REACHES[score])
        if said
    )
    number = f'<text class="score" x="{middle}" y="{_HEIGHT + 20}">{score}</text>'
    return drawing(score, "").replace("<svg ", placed, 1) + number + words


def main() -> None:
    """Write the drawings."""
    SCALE.write_text(scale_svg(), "utf-8")
    CURVE.write_text(curve_svg(), "utf-8")


if __name__ == "__main__":
    main()
