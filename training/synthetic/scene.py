"""The geometry pass: one scene's parameters in, what the camera sees out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from training.synthetic.body import RestBody, shape_body
from training.synthetic.clothes import under_shorts
from training.synthetic.geometry import Geometry, Part
from training.synthetic.knee import knee_height
from training.synthetic.leg import LegPlace, is_private, locate
from training.synthetic.pinhole import primary_rays
from training.synthetic.pose import pose_body
from training.synthetic.rays import RayScene
from training.synthetic.scene_records import LightKind, Scene
from training.synthetic.world import World, build_world

__all__ = ["draw_geometry"]

Float = NDArray[np.floating[Any]]
_OCCLUSION_RAYS = 8
_LIGHT_RAYS = 3
_LIFT_MM = 1.5

# What has a place in a body at rest; nothing else is asked for one.
_OF_A_BODY = (Part.SKIN, Part.HAND, Part.STAFF_HAND)

# So few rays leave grain: it is blurred away, the more the larger the picture is.
_GRAIN_PX = 1.2
_USUAL_PX = 512


@dataclass(frozen=True)
class _Seen:
    """What each ray of the camera meets, a row a pixel."""

    shape: tuple[int, int]
    part: NDArray[np.uint8]
    place: LegPlace
    rest: Float
    position: Float
    normal: Float
    distance_mm: Float

    def framed(self, values: Float) -> NDArray[np.float32]:
        """Give rows the shape of the picture."""
        return values.reshape(*self.shape, *values.shape[1:]).astype(np.float32)

    def on_skin(self, values: NDArray[Any]) -> NDArray[Any]:
        """Give rows the shape of the picture, with 0 wherever no skin is seen."""
        skin = (self.part == Part.SKIN).reshape(-1, *[1] * (values.ndim - 1))
        return np.where(skin, values, 0).reshape(*self.shape, *values.shape[1:])


def draw_geometry(scene: Scene, *, long_side_px: int = 512) -> Geometry:
    """Build the scene and look at it through the phone."""
    body = shape_body(scene.body)
    points, joints = pose_body(body, scene.pose)
    camera, directions = primary_rays(scene, joints, long_side_px=long_side_px)
    world = build_world(scene, body, points, joints, camera=camera)
    rays = RayScene(world.vertices, world.faces)
    seen = _look(scene, body, world, rays=rays, camera=camera, directions=directions)
    lights, near, places = _lights(scene, camera)
    lifted = seen.position + _LIFT_MM * seen.normal
    ambient, shadow = _light_seen(rays, lifted, seen.normal, lights=lights, shape=seen.shape, scene=scene)
    return Geometry(
        part=seen.part.reshape(seen.shape),
        zone=seen.on_skin(seen.place.zone).astype(np.uint8),
        leg=seen.on_skin(seen.place.leg).astype(np.uint8),
        rest_mm=seen.on_skin(seen.rest).astype(np.float32),
        axial_mm=seen.on_skin(seen.place.axial_mm).astype(np.float32),
        around_deg=seen.on_skin(seen.place.around_deg).astype(np.float32),
        half_width_mm=seen.on_skin(seen.place.half_width_mm).astype(np.float32),
        surface_mm=seen.framed(_surface(seen)),
        normal=seen.framed(seen.normal),
        position_mm=seen.framed(seen.position),
        depth_mm=seen.framed(seen.distance_mm),
        ambient=ambient,
        shadow=shadow,
        light_direction=lights.astype(np.float32),
        light_is_near=near,
        light_position_mm=places.astype(np.float32),
        camera_mm=camera.astype(np.float32),
    )


def _look(
    scene: Scene, body: RestBody, world: World, *, rays: RayScene, camera: Float, directions: Float
) -> _Seen:
    """Shoot one ray a pixel, and say which part of the body or the bed it meets."""
    shape = directions.shape[:2]
    towards = directions.reshape(-1, 3)
    hits = rays.meet(np.tile(camera, (len(towards), 1)), towards)
    hit = hits.face >= 0
    corners = world.faces[np.maximum(hits.face, 0)]
    part = np.where(hit, world.parts[np.maximum(hits.face, 0)], Part.ROOM).astype(np.uint8)
    normal, position = (
        np.einsum("nk,nkd->nd", hits.weights, a[corners]) for a in (world.normals, world.vertices)
    )
    skin, body_seen = part == Part.SKIN, np.isin(part, _OF_A_BODY)
    rest = np.zeros_like(position)
    rest[body_seen] = np.einsum("nk,nkd->nd", hits.weights[body_seen], world.rest[corners[body_seen]])
    place = _located(body, rest, skin=skin)
    part[np.flatnonzero(skin)[is_private(body, rest[skin], cut=scene.cloth.brief_cut)]] = Part.UNDERWEAR
    if scene.upright:
        worn = under_shorts(scene.cloth, body, rest)
        part = np.where((part == Part.SKIN) & worn, Part.UNDERWEAR, part).astype(np.uint8)
    part = _dressed(scene, part, place)
    normal = _unit(normal, -towards)
    normal = _rough(scene, place, position=position, normal=normal, skin=part == Part.SKIN, shape=shape)
    return _Seen(shape, part, place, rest, position, normal, np.where(hit, hits.distance_mm, np.inf))


def _located(body: RestBody, rest: Float, *, skin: NDArray[np.bool_]) -> LegPlace:
    """Give the place on the leg of what may be skin, and 0 for what is not."""
    found = locate(body, rest[skin])

    def whole(values: NDArray[Any]) -> NDArray[Any]:
        filled = np.zeros(len(skin), values.dtype)
        filled[skin] = values
        return filled

    return LegPlace(
        leg=whole(found.leg),
        axial_mm=whole(found.axial_mm),
        around_deg=whole(found.around_deg),
        half_width_mm=whole(found.half_width_mm),
        zone=whole(found.zone),
    )


def _surface(seen: _Seen) -> Float:
    """Coordinates on the arm where an arm is seen, else those of the bed."""
    arm = (seen.part == Part.HAND) | (seen.part == Part.STAFF_HAND)
    return np.where(arm[:, None], seen.rest[:, :2], seen.position[:, :2])


def _unit(normal: Float, towards: Float) -> Float:
    normal = normal / np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
    return np.where((normal * towards).sum(1, keepdims=True) < -0.2, -normal, normal)


def _dressed(scene: Scene, part: NDArray[np.uint8], place: LegPlace) -> NDArray[np.uint8]:
    skin, cloth = part == Part.SKIN, scene.cloth
    top = -380 + 340 * cloth.stocking
    part = np.where(skin & (cloth.stocking > 0) & (place.axial_mm < top), Part.STOCKING, part)
    rng = np.random.default_rng(cloth.seed)
    at, turn = rng.uniform(-250, 300), rng.uniform(-90, 90)
    near = (np.abs(place.axial_mm - at) < 40) & (np.abs(place.around_deg - turn) < 35) & (place.leg == 1)
    return np.where(skin & cloth.dressing & near, Part.DRESSING, part).astype(np.uint8)


def _rough(
    scene: Scene,
    place: LegPlace,
    *,
    position: Float,
    normal: Float,
    skin: NDArray[np.bool_],
    shape: tuple[int, ...],
) -> Float:
    """Tilt the normals by the knee's relief, from its differences between neighbouring pixels."""
    front = (skin & (np.abs(place.around_deg) < 100) & (np.abs(place.axial_mm) < 130)).reshape(shape)
    if not front.any():
        return normal
    part = _around(front)
    front = front[part]
    axial, around, half_width, spots, smooth = (
        values.reshape(*shape, *values.shape[1:])[part]
        for values in (place.axial_mm, place.around_deg, place.half_width_mm, position, normal)
    )
    height = np.zeros(front.shape)
    side = np.radians(around[front]) * half_width[front]
    height[front] = knee_height(scene.knee, axial[front], side)
    tilted = np.where(front[..., None], _tilted(height, spots, smooth), smooth)
    rough = normal.reshape(*shape, 3).copy()
    rough[part] = tilted
    return rough.reshape(-1, 3)


def _around(front: NDArray[np.bool_]) -> tuple[slice, slice]:
    """Frame what is marked, with a pixel more on each side to take differences to."""
    rows, columns = (np.flatnonzero(front.any(axis=axis)) for axis in (1, 0))
    return (
        slice(max(0, int(rows[0]) - 1), int(rows[-1]) + 2),
        slice(max(0, int(columns[0]) - 1), int(columns[-1]) + 2),
    )


def _tilted(height: Float, spots: Float, normals: Float) -> Float:
    """Tilt normals (h, w, 3) by a height (h, w), given the places that the pixels show."""
    shape, normal = normals.shape, normals.reshape(-1, 3)
    dh = [np.gradient(height, axis=k).reshape(-1, 1) for k in (0, 1)]
    dp = [np.gradient(spots, axis=k).reshape(-1, 3) for k in (0, 1)]
    a, b = (dp[k] - (dp[k] * normal).sum(1, keepdims=True) * normal for k in (0, 1))
    aa, bb, ab = ((u * v).sum(1, keepdims=True) for u, v in ((a, a), (b, b), (a, b)))
    determinant = np.maximum(aa * bb - ab**2, 1e-3)
    slope = ((bb * dh[0] - ab * dh[1]) * a + (aa * dh[1] - ab * dh[0]) * b) / determinant
    slope *= np.minimum(1, 1.2 / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-6))
    return _unit(normal - slope, normal).reshape(shape)


def _lights(scene: Scene, camera: Float) -> tuple[Float, NDArray[np.bool_], Float]:
    directions, places = [], []
    for light in scene.lights:
        turn, rise = np.radians([light.azimuth_deg, light.elevation_deg])
        level, above = np.array([np.sin(turn), np.cos(turn)]) * np.cos(rise), np.sin(rise)
        to = np.array([level[0], above, level[1]] if scene.upright else [level[0], -level[1], above])
        place = np.full(3, np.nan)
        if light.kind is LightKind.FLASH:
            place, to = camera + 12.0, camera / np.linalg.norm(camera)
        elif light.kind is LightKind.BEDSIDE:
            place = to * 1400.0
        directions.append(to)
        places.append(place)
    return np.stack(directions), np.isfinite(np.stack(places)[:, 0]), np.stack(places)


def _light_seen(
    rays: RayScene, origin: Float, normal: Float, *, lights: Float, shape: tuple[int, ...], scene: Scene
) -> tuple[Float, Float]:
    """Ambient and soft shadow on every second pixel, brought back to full size."""
    half = np.zeros(shape, bool)
    half[::2, ::2] = True
    start, up = origin[half.ravel()], normal[half.ravel()]
    rng = np.random.default_rng(scene.knee.seed)
    count = len(start)
    sky = np.zeros(count)
    for _ in range(_OCCLUSION_RAYS):
        spread = rng.normal(size=(count, 3))
        sky += ~rays.blocked(start, up + spread / np.linalg.norm(spread, axis=1, keepdims=True) * 0.999)
    seen = [np.zeros(count) for _ in lights]
    for k, light in enumerate(scene.lights):
        for _ in range(_LIGHT_RAYS):
            wobble = rng.normal(size=(count, 3)) * np.tan(np.radians(light.radius_deg)) * 0.7
            seen[k] += ~rays.blocked(start, lights[k] + wobble)
    lights_seen = np.stack([_whole(part / _LIGHT_RAYS, shape) for part in seen])
    return _whole(sky / _OCCLUSION_RAYS, shape), lights_seen


def _whole(values: Float, shape: tuple[int, ...]) -> Float:
    blur_px = _GRAIN_PX * max(shape) / _USUAL_PX
    small = ndimage.gaussian_filter(values.reshape(-(-shape[0] // 2), -1), blur_px)
    return np.repeat(np.repeat(small, 2, 0), 2, 1)[: shape[0], : shape[1]].astype(np.float32)
