"""Paints rendered legs anew each time they are drawn: one geometry carries many nets, extents and colours.

The net of a rendered photograph is baked into it, and a network learns it by heart. Here its clean twin is
painted as real legs are, up to a zone drawn anew. So are canvases, the clean legs of another engine.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from mottling.scale import Zone
from training.painting.extents import legs_of, possible_scores, up_to
from training.painting.painter import Nets, close_to_patch, draw_tint, many_nets, paint
from training.samples import Sample
from training.sources.rendered import RenderedPhoto, find_rendered, read_rendered, refuse_measured
from training.tones import Tone, tone_of

__all__ = ["RepaintedSource", "repaint"]

_PAINTED_SHARE = 0.55


class RepaintedSource:
    """Draws clean rendered photographs of a folder, most of them with new mottling on."""

    def __init__(self, folder: Path, *, nets: Nets | None = None) -> None:
        self._found = find_rendered(folder)
        refuse_measured(self._found[0])
        self._nets = nets or many_nets()

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one photograph; the twin is the clean one."""
        files = self._found[int(rng.integers(len(self._found)))]
        read = read_rendered(files, with_twin=True)
        sample = read.clean() if read.twin is not None else read
        quiet = np.zeros_like(sample.mottling)
        clean = Sample(sample.photo, sample.zones, quiet)
        return repaint(clean, _tone(files), self._nets, rng) if rng.random() < _PAINTED_SHARE else clean


def _tone(files: RenderedPhoto) -> Tone:
    return tone_of(int(json.loads(files.record.read_text("utf-8"))["appearance"]["skin"]["tone"]))


def repaint(clean: Sample, tone: Tone, nets: Nets, rng: np.random.Generator) -> Sample:
    """Paint new mottling up to a zone drawn anew; unchanged where the legs are too small to carry any."""
    legs = legs_of(clean.zones)
    possible = [] if legs is None else possible_scores(legs)
    if legs is None or not possible:
        return clean
    score = possible[int(rng.integers(len(possible)))]
    weight = up_to(legs, score, rng)
    amount, cell_px = nets.lay(rng, legs.skin.shape, mm_per_px=legs.mm_per_px)
    if score == Zone.COIN:
        amount = close_to_patch(amount, legs.skin, mm_per_px=legs.mm_per_px, rng=rng)
    drawn = paint(
        clean.photo, amount * weight, legs.skin, tint=draw_tint(rng, tone), cell_px=cell_px, rng=rng
    )
    return Sample(drawn.photo, clean.zones, drawn.mottling, twin=clean.photo)
