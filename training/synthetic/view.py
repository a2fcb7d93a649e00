"""A geometry as tensors: full frames for light, and the skin alone as a list of points."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.synthetic.geometry import Geometry, Part

__all__ = ["SkinPoints", "View", "as_view", "smoothstep"]

_FAR_MM = 4000.0
_WALL_MM_PER_PX = 5.0
_MM_PER_PX_LIMITS = (0.1, 12.0)


@dataclass(frozen=True)
class SkinPoints:
    """The pixels that show skin of a leg, as N points."""

    pixel: Tensor  # (N,) index into the flattened frame
    rest_mm: Tensor  # (N, 3)
    axial_mm: Tensor  # (N,)
    around_deg: Tensor  # (N,)
    half_width_mm: Tensor  # (N,)
    leg: Tensor  # (N,) 1 or 2
    zone: Tensor  # (N,)
    mm_per_px: float

    @property
    def arc_mm(self) -> Tensor:
        """Way around the leg from its front."""
        return self.around_deg * self.half_width_mm * (math.pi / 180)

    def __len__(self) -> int:
        return int(self.pixel.numel())

    def paint(self, values: Tensor, like: Tensor) -> Tensor:
        """Copy a frame `like` (H, W, ...) and put the points' values into it."""
        flat = like.reshape(-1, *like.shape[2:]).clone()
        flat[self.pixel] = values.to(flat.dtype)
        return flat.reshape(like.shape)


@dataclass(frozen=True)
class View:
    """A geometry on the device."""

    part: Tensor  # (H, W) uint8
    normal: Tensor  # (H, W, 3)
    position_mm: Tensor  # (H, W, 3)
    surface_mm: Tensor  # (H, W, 2)
    ambient: Tensor  # (H, W)
    shadow: Tensor  # (L, H, W)
    light_direction: Tensor  # (L, 3)
    light_is_near: tuple[bool, ...]
    light_position_mm: Tensor  # (L, 3)
    camera_mm: Tensor  # (3,)
    mm_per_px: float
    skin: SkinPoints


def as_view(geometry: Geometry, device: torch.device) -> View:
    """Put a geometry on the device; what is infinite or unknown becomes far away or zero."""
    mm_per_px = _mm_per_px(geometry)
    geometry = _with_room(geometry)
    position = np.clip(
        np.nan_to_num(geometry.position_mm, nan=0, posinf=_FAR_MM, neginf=-_FAR_MM), -_FAR_MM, _FAR_MM
    )
    return View(
        torch.from_numpy(geometry.part).to(device),
        _tensor(geometry.normal, device),
        _tensor(position, device),
        _tensor(geometry.surface_mm, device),
        _tensor(geometry.ambient, device).clamp(0, 1),
        _tensor(geometry.shadow, device).clamp(0, 1),
        _tensor(geometry.light_direction, device),
        tuple(bool(near) for near in geometry.light_is_near),
        _tensor(geometry.light_position_mm, device),
        _tensor(geometry.camera_mm, device),
        mm_per_px,
        _skin_points(geometry, mm_per_px, device),
    )


def _with_room(geometry: Geometry) -> Geometry:
    """Put a wall where nothing was hit: it faces the camera and lies in the light of the room."""
    missed = ~np.isfinite(geometry.depth_mm)
    if not missed.any():
        return geometry
    row, column = np.mgrid[: missed.shape[0], : missed.shape[1]].astype(np.float32) * _WALL_MM_PER_PX
    return replace(
        geometry,
        normal=np.where(missed[..., None], np.array([0, 0, 1], np.float32), geometry.normal),
        ambient=np.where(missed, 0.8, geometry.ambient),
        shadow=np.where(missed, 0.35, geometry.shadow),
        surface_mm=np.where(missed[..., None], np.stack([column, row], axis=-1), geometry.surface_mm),
    )


def _skin_points(geometry: Geometry, mm_per_px: float, device: torch.device) -> SkinPoints:
    pixel = np.flatnonzero((geometry.part == Part.SKIN) & (geometry.leg > 0))
    flat = {name: getattr(geometry, name).reshape(geometry.part.size, -1)[pixel] for name in _POINT_FIELDS}
    return SkinPoints(
        torch.from_numpy(pixel).to(device),
        _tensor(flat["rest_mm"], device),
        _tensor(flat["axial_mm"][:, 0], device),
        _tensor(flat["around_deg"][:, 0], device),
        _tensor(flat["half_width_mm"][:, 0], device).clamp(20, 200),
        torch.from_numpy(flat["leg"][:, 0]).to(device),
        torch.from_numpy(flat["zone"][:, 0]).to(device),
        mm_per_px,
    )


_POINT_FIELDS = ("rest_mm", "axial_mm", "around_deg", "half_width_mm", "leg", "zone")


def _tensor(array: NDArray[np.floating], device: torch.device) -> Tensor:
    return torch.from_numpy(np.nan_to_num(np.asarray(array, np.float32), posinf=_FAR_MM, neginf=-_FAR_MM)).to(
        device
    )


def _mm_per_px(geometry: Geometry) -> float:
    """How far apart two neighbouring pixels lie on the skin, in the middle of all skin."""
    skin = (geometry.part == Part.SKIN) & (geometry.leg > 0)
    both = skin[1:] & skin[:-1]
    if not both.any():
        return 2.0
    steps = np.linalg.norm(np.diff(geometry.position_mm.astype(np.float32), axis=0), axis=-1)[both]
    return float(np.clip(np.median(steps), *_MM_PER_PX_LIMITS))


def smoothstep(values: Tensor, low: float | Tensor, high: float | Tensor) -> Tensor:
    """0 below low, 1 above high, smooth between."""
    part = ((values - low) / (high - low)).clamp(0, 1)
    return part * part * (3 - 2 * part)
