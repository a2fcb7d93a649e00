"""Openly licensed photographs of fabric, rooms and skin, read where they lie and never copied."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as nn

from mottling.errors import TrainingRefused
from training.synthetic.ranges import Ranges

__all__ = ["FabricPhoto", "RealMaterials", "SkinPhoto", "kept_for"]

_FABRIC_SIDE_PX = 512
_SKIN_SIDE_PX = 512
_GAMMA = 2.2
_FINE_PX = 12.0
_SHARES = 5


@dataclass(frozen=True)
class FabricPhoto:
    """A fabric that repeats, mirrored."""

    pixels: Tensor  # (1, 3, H, W) linear
    side_mm: float

    def at(self, way_mm: Tensor) -> Tensor:
        """Colour (N, 3) at points on the cloth (N, 2)."""
        return _mirrored(self.pixels, way_mm / self.side_mm)


@dataclass(frozen=True)
class SkinPhoto:
    """What makes a close-up of skin uneven, as logarithms of factors on red, green and blue."""

    detail: Tensor  # (1, 3, H, W)
    side_mm: float

    def at(self, way_mm: Tensor) -> Tensor:
        """Logarithm of the factor (N, 3) at points on the skin (N, 2)."""
        return _mirrored(self.detail, way_mm / self.side_mm)


def _mirrored(pixels: Tensor, way: Tensor) -> Tensor:
    grid = ((way.remainder(2) - 1).abs() * 2 - 1)[None, :, None]  # (1, N, 1, 2)
    found = nn.grid_sample(pixels, grid, padding_mode="border", align_corners=True)
    return found[0, :, :, 0].T


@dataclass(frozen=True)
class RealMaterials:
    """The lists of files of one folder."""

    fabrics: tuple[Path, ...]
    rooms: tuple[Path, ...]
    skins: tuple[Path, ...]

    @classmethod
    def open(cls, folder: Path, ranges: Ranges) -> RealMaterials:
        """List the photographs. One in five is kept for measuring and never trained on.

        Raises:
            TrainingRefused: A kind is missing.
        """
        fabrics = sorted((folder / "materials" / "fabric").glob("*_color.jpg"))
        rooms = sorted((folder / "materials" / "background" / "photos").glob("*.jpg"))
        rooms += sorted((folder / "cloth").glob("*.jpg"))
        skins = _close_ups(folder / "skin")
        found = tuple(kept_for(ranges, files) for files in (fabrics, rooms, skins))
        for kind, files in zip(("fabric", "room", "close-up of skin"), found, strict=True):
            if not files:
                raise TrainingRefused(
                    f"{folder} holds no photograph of a {kind}",
                    remedy="Give the folder with materials/, cloth/ and skin/, or none",
                )
        return cls(*found)

    def draw_fabric(self, rng: np.random.Generator, device: torch.device) -> FabricPhoto:
        """Draw a fabric and how large its picture is."""
        picture = _read_linear(self.fabrics[int(rng.integers(len(self.fabrics)))], _FABRIC_SIDE_PX)
        return FabricPhoto(_frame(picture, device), float(rng.uniform(120, 500)))

    def draw_room(self, rng: np.random.Generator, device: torch.device, *, shape: tuple[int, int]) -> Tensor:
        """Draw a room or a floor (H, W, 3), linear, a little out of focus."""
        picture = _read_linear(self.rooms[int(rng.integers(len(self.rooms)))], max(shape))
        picture = cv2.resize(picture, (shape[1], shape[0]), interpolation=cv2.INTER_AREA)
        picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.3, 2.5)))
        return torch.from_numpy(picture * np.float32(rng.uniform(0.6, 1.4))).to(device)

    def draw_skin(self, rng: np.random.Generator, device: torch.device) -> SkinPhoto:
        """Draw a close-up and keep its unevenness: pores and hair in full, slow colour in part."""
        picture = _read_linear(self.skins[int(rng.integers(len(self.skins)))], _SKIN_SIDE_PX)
        logs = np.log(picture.clip(0.01, 1))
        fine = logs - cv2.GaussianBlur(logs, (0, 0), _FINE_PX)
        middle = cv2.GaussianBlur(logs, (0, 0), _FINE_PX) - cv2.GaussianBlur(logs, (0, 0), _SKIN_SIDE_PX / 6)
        detail = fine.clip(-0.5, 0.4) * rng.uniform(0.3, 1.0)
        detail = detail + middle.clip(-0.2, 0.2) * rng.uniform(0.1, 0.7)
        return SkinPhoto(_frame(detail.astype(np.float32), device), float(rng.uniform(70, 220)))


def kept_for(ranges: Ranges, files: list[Path]) -> tuple[Path, ...]:
    """Split by the hash of the name, so that a file that is added moves no other."""
    kept = ranges.is_measured
    return tuple(
        one for one in files if (hashlib.sha256(one.name.encode()).digest()[0] % _SHARES == 0) is kept
    )


def _close_ups(folder: Path) -> list[Path]:
    """What fills the frame with skin, as its manifest says."""
    manifest = folder / "manifest.csv"
    if not manifest.exists():
        return []
    with manifest.open(encoding="utf-8", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file) if row["side_view"] == "close-up"]
    return [folder / name for name in sorted(names)]


def _read_linear(path: Path, side_px: int) -> np.ndarray:
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    if picture is None:
        raise TrainingRefused(f"{path.name} cannot be read as a picture", remedy="Fetch the folder again")
    scale = side_px / max(picture.shape[:2])
    if scale < 1:
        picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray((picture.astype(np.float32) / 255) ** _GAMMA)


def _frame(picture: np.ndarray, device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1))[None]).to(device)
