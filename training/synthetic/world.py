"""Everything that lies on the bed or stands around it, as one list of triangles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.synthetic.body import RestBody
from training.synthetic.cloth import Mesh, drape_gown, hem_height, lay_sheet
from training.synthetic.clothes import hold_bars, put_on_shirt, widen_for_shorts
from training.synthetic.geometry import Part
from training.synthetic.hands import Lying, lay_hands
from training.synthetic.leg import is_private
from training.synthetic.rails import raise_rails
from training.synthetic.rays import RayScene
from training.synthetic.relief import feel
from training.synthetic.scene_records import Framing, Scene
from training.synthetic.tubes import lay_tubes

__all__ = ["World", "build_world"]

Float = NDArray[np.floating[Any]]
_STANDING_MM = 400.0
"""How far behind someone who stands the wall is."""
_UNDER_CLOTH_MM = 45.0
"""So far beyond the hem skin goes on, for whoever looks under it; farther, cloth might cut through it."""


@dataclass(frozen=True)
class World:
    """All triangles; the body's come first."""

    vertices: Float
    faces: NDArray[np.int64]
    parts: NDArray[np.uint8]
    rest: Float
    """(V, 3): of the body, its points at rest; of an arm, its own two coordinates; else 0."""
    normals: Float


def build_world(scene: Scene, body: RestBody, points: Float, joints: Float, *, camera: Float) -> World:
    """Lay a posed body on its bed and put around it what the record says.

    Args:
        scene: The record.
        body: At rest.
        points: (V, 3) posed.
        joints: (2, 3, 3) posed.
        camera: (3,): nothing is put right before it.
    """
    private = is_private(body, body.vertices[body.faces].mean(1), cut=scene.cloth.brief_cut)
    normals = _vertex_normals(points, body.faces)
    lifted = np.zeros(len(points), bool)
    lifted[np.unique(body.faces[private])] = True
    points = points + 4.0 * normals * lifted[:, None]
    if scene.upright:
        points = widen_for_shorts(scene.cloth, body, points, normals)
        whole = Mesh(points, body.faces.astype(np.int64), Part.SKIN)
        worn = [put_on_shirt(scene.cloth, points), *hold_bars(scene.cloth, joints, camera)]
        return _join(whole, worn, body)
    skin, things = _cover(scene, body, points, joints, camera)
    return _join(skin, things, body)


def _cover(
    scene: Scene, body: RestBody, points: Float, joints: Float, camera: Float
) -> tuple[Mesh, list[Mesh]]:
    cloth, standing = scene.cloth, scene.pose.standing
    knee_y, hip_y = joints[:, 1, 1].mean(), joints[:, 0, 1].mean()
    floor = float(np.percentile(points[:, 2], 2)) + 10 - (_STANDING_MM if standing else 0)
    bare = feel(RayScene(points, body.faces), floor)
    gown = drape_gown(cloth, bare, points, knee_y=knee_y, hip_y=hip_y)
    at = points[body.faces].mean(1)
    hem = hem_height(cloth, at[:, 0], knee_y=knee_y, hip_y=hip_y)
    skin = Mesh(points, body.faces[at[:, 1] <= hem + _UNDER_CLOTH_MM].astype(np.int64), Part.SKIN)
    things = [lay_sheet(cloth, floor), gown.mesh]
    if cloth.tube and not standing:
        things += lay_tubes(cloth.seed, bare, joints)
    if cloth.rail and not standing:
        things += raise_rails(cloth.seed, floor, camera)
    if cloth.hand:
        covered = bare.under(gown.on_bed())
        person = 2 * int(scene.body.gender > 0.5) + int(scene.body.age > 0.83)
        far = scene.camera.framing is Framing.FAR
        on = Lying(covered, joints, camera, person, standing=standing, far=far)
        things += lay_hands(cloth.seed, on)
    return skin, things


def _join(skin: Mesh, things: list[Mesh], body: RestBody) -> World:
    start, faces = len(skin.vertices), [skin.faces]
    rest = [body.vertices]
    normals = [_vertex_normals(skin.vertices, body.faces)]
    for mesh in things:
        faces.append(mesh.faces + start)
        own = np.zeros((len(mesh.vertices), 3))
        own[: len(mesh.surface_mm), :2] = mesh.surface_mm
        rest.append(own)
        normals.append(_vertex_normals(mesh.vertices, mesh.faces))
        start += len(mesh.vertices)
    return World(
        np.concatenate([skin.vertices, *(mesh.vertices for mesh in things)]),
        np.concatenate(faces),
        np.concatenate([np.full(len(mesh.faces), mesh.part, np.uint8) for mesh in (skin, *things)]),
        np.concatenate(rest),
        np.concatenate(normals),
    )


def _vertex_normals(points: Float, faces: NDArray[Any]) -> Float:
    a, b, c = (points[faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.stack([np.bincount(faces.ravel(), np.repeat(face[:, d], 3), len(points)) for d in range(3)], 1)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9))
