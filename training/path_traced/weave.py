"""Cloth as a small picture that repeats: how it is woven, and what is printed on it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.path_traced.records import Weave, WeaveKind

__all__ = ["TILE_PX", "weave"]

TILE_PX = 256


def weave(cloth: Weave, rng: np.random.Generator) -> NDArray[np.float32]:
    """Draw one repeat (256, 256, 3), linear sRGB."""
    y, x = np.mgrid[0:TILE_PX, 0:TILE_PX] / TILE_PX
    thread = 0.5 + 0.5 * np.sin(2 * np.pi * x * 32) * np.sin(2 * np.pi * y * 32)
    shade, printed = 0.9 + 0.1 * thread, np.zeros_like(x)
    match cloth.kind:
        case WeaveKind.TWILL:
            shade = 0.86 + 0.14 * (0.5 + 0.5 * np.sin(2 * np.pi * 16 * (x + y)))
        case WeaveKind.WAFFLE:
            pit = np.abs(np.sin(np.pi * 4 * x)) * np.abs(np.sin(np.pi * 4 * y))
            shade = 1 - 0.4 * pit**0.7
        case WeaveKind.DIAMONDS:
            far = np.abs((x * 2) % 1 - 0.5) + np.abs((y * 2 + 0.5 * np.floor(x * 2)) % 1 - 0.5)
            printed = _edge(0.16 - far)
        case WeaveKind.SPRIGS:
            printed = _sprigs(x, y, rng)
        case WeaveKind.BANDS:
            printed = _edge(0.12 - np.abs(y - 0.5)) + _edge(0.03 - np.abs(y - 0.2))
        case WeaveKind.PLAIN:
            pass
    colour = (1 - printed[..., None]) * np.array(cloth.colour) + printed[..., None] * np.array(cloth.second)
    worn = 1 + 0.03 * rng.normal(size=(TILE_PX, TILE_PX))
    return np.asarray(np.clip(colour * (shade * worn)[..., None], 0.01, 0.9), np.float32)


def _edge(inside: NDArray[np.floating]) -> NDArray[np.floating]:
    return np.clip(inside * TILE_PX / 4 + 0.5, 0, 1)


def _sprigs(
    x: NDArray[np.floating], y: NDArray[np.floating], rng: np.random.Generator
) -> NDArray[np.floating]:
    """Flowers of five petals, three a repeat."""
    printed = np.zeros_like(x)
    for cx, cy in ((0.25, 0.3), (0.75, 0.55), (0.3, 0.8)):
        dx, dy = (x - cx + 0.5) % 1 - 0.5, (y - cy + 0.5) % 1 - 0.5
        turn = np.arctan2(dy, dx) * 5 + rng.uniform(0, 6)
        printed = np.maximum(printed, _edge(0.07 + 0.035 * np.cos(turn) - np.hypot(dx, dy)))
    return printed
