"""A view drawn with formulas, for tests: two round legs on a bed, seen from above."""

import numpy as np

from training.synthetic.geometry import Geometry, Part

_LONG_MM = 1000.0
_RADIUS_MM = 65.0


def plain_geometry(*, height: int = 160, width: int = 96) -> Geometry:
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    along = 420 - y * _LONG_MM / height  # mm above the patella, up in the picture
    across = (x - (width - 1) / 2) * _LONG_MM / height
    number = np.where(across < 0, 1, 2)
    offset = across - np.where(across < 0, -110, 110)
    radius = _RADIUS_MM + 0.05 * along
    on_leg = np.abs(offset) < radius
    up = np.sqrt(np.maximum(radius**2 - offset**2, 0))
    side = np.where(number == 1, -1, 1) * np.degrees(np.arctan2(offset, np.maximum(up, 1e-3)))
    gown = along > 390
    skin = on_leg & ~gown
    part = np.select([gown, skin], [Part.GOWN, Part.SKIN], Part.SHEET).astype(np.uint8)
    rest = np.stack([across, along, up], axis=-1)
    normal = np.where(
        skin[..., None], np.stack([offset, 0 * up, up], -1) / radius[..., None], [0.0, 0.0, 1.0]
    )
    coin = np.hypot(along, offset) < 15
    zone = np.select([coin, along < 24, along < 190, along < 350], [1, 2, 3, 4], 5)
    light = np.array([[0.3, -0.2, 0.93]], np.float32)
    return Geometry(
        part=part,
        zone=np.where(skin, zone, 0).astype(np.uint8),
        leg=np.where(skin, number, 0).astype(np.uint8),
        rest_mm=rest,
        axial_mm=along,
        around_deg=side,
        half_width_mm=radius,
        surface_mm=np.stack([across, along], axis=-1),
        normal=normal,
        position_mm=rest,
        depth_mm=1500 - up,
        ambient=np.where(skin, 0.9, 0.8).astype(np.float32),
        shadow=np.ones((1, height, width), np.float32),
        light_direction=light / np.linalg.norm(light),
        light_is_near=np.array([False]),
        light_position_mm=np.full((1, 3), np.nan, np.float32),
        camera_mm=np.array([0, 0, 1500], np.float32),
    )
