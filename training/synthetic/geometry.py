"""What the camera sees before any colour is chosen: the seam between geometry pass and appearance pass.

The geometry pass is slow and cached. The appearance pass dresses one geometry in many skins, patterns,
lights and phones. Nothing here knows the score.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import IntEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Geometry", "Part", "load_geometry", "save_geometry"]

Float = NDArray[np.floating[Any]]


class Part(IntEnum):
    """What a pixel shows."""

    ROOM = 0
    MATTRESS = 1
    SHEET = 2
    BLANKET = 3
    GOWN = 4
    UNDERWEAR = 5
    TUBE = 6
    RAIL = 7
    HAND = 8
    """The patient's own hand and arm."""
    DRESSING = 9
    STOCKING = 10
    SKIN = 11
    """Skin of the leg or beyond the groin: the only part with a zone."""
    STAFF_HAND = 12
    """Hand and arm of whoever helps."""


@dataclass(frozen=True)
class Geometry:
    """Buffers of one view, all (H, W, ...), in the camera's frame unless said otherwise.

    World: x to the patient's left, y from feet to head, z up from the mattress; millimetres.
    """

    part: NDArray[np.uint8]
    """(H, W): `Part`."""
    zone: NDArray[np.uint8]
    """(H, W): `mottling.scale.Zone`; 0 wherever part is not SKIN."""
    leg: NDArray[np.uint8]
    """(H, W): 1 the patient's right leg, 2 the left; 0 elsewhere."""
    rest_mm: Float
    """(H, W, 3): the skin point on the body at rest, so that patterns stay on the skin in any pose."""
    axial_mm: Float
    """(H, W): along the leg from the patella centre, up positive, following the bone."""
    around_deg: Float
    """(H, W): around the bone, 0 at the front, positive towards the outside; -180 to 180."""
    half_width_mm: Float
    """(H, W): radius of the leg there: nuisances are drawn in this unit."""
    surface_mm: Float
    """(H, W, 2): texture coordinates of cloth, sheet and room; of a hand, how far up the arm from the wrist
    (negative in the hand) and where across it."""
    normal: Float
    """(H, W, 3): unit, world, smooth shading normal."""
    position_mm: Float
    """(H, W, 3): world."""
    depth_mm: Float
    """(H, W): distance to the camera; inf where nothing is hit."""
    ambient: Float
    """(H, W): 0-1 part of the sky that is open."""
    shadow: Float
    """(L, H, W): 0-1 part of each light that is seen."""
    light_direction: Float
    """(L, 3): unit, world, from the scene towards the light (its centre)."""
    light_is_near: NDArray[np.bool_]
    """(L,): the camera's flash and bedside lamps fall off with distance; windows and ceilings do not."""
    light_position_mm: Float
    """(L, 3): world; of near lights, else nan."""
    camera_mm: Float
    """(3,): world position of the camera."""


_HALF = {
    "rest_mm",
    "axial_mm",
    "around_deg",
    "half_width_mm",
    "surface_mm",
    "normal",
    "position_mm",
    "depth_mm",
    "ambient",
    "shadow",
}


def save_geometry(path: Path, geometry: Geometry) -> None:
    """Keep the buffers for later dressings; floats as half precision where a half millimetre is enough."""
    arrays = {f.name: getattr(geometry, f.name) for f in fields(geometry)}
    kept = {name: a.astype(np.float16) if name in _HALF else a for name, a in arrays.items()}
    with path.open("wb") as file:
        np.savez_compressed(file, **kept)


def load_geometry(path: Path) -> Geometry:
    """Read what `save_geometry` kept, as single precision."""
    with np.load(path, allow_pickle=False) as kept:
        arrays = {name: kept[name] for name in kept.files}
    return Geometry(**{n: a.astype(np.float32) if a.dtype == np.float16 else a for n, a in arrays.items()})
