"""Mitsuba: the scene in its words, and the light that comes back."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mottling.errors import TrainingRefused
from training.path_traced.bed import Kind, Thing
from training.path_traced.figure import Figure
from training.path_traced.records import Rgb, Skin, TracedView, Weave
from training.path_traced.sight import Sight
from training.path_traced.weave import weave

__all__ = ["Coat", "Stage", "Traced", "even", "start_engine", "trace"]

Field = NDArray[np.float32]
_DEPTH = 4
_GLOSS_SHARE = 4
"""One sample for so many of the picture: what glistens is smooth."""
_SPEED = "llvm_ad_rgb"
_ANYWHERE = "scalar_rgb"


@dataclass(frozen=True)
class Traced:
    """Linear light (H, W, 3)."""

    light: Field
    gloss: Field
    """The same if the body's own colour were black: what its surface mirrors."""


@dataclass(frozen=True)
class Stage:
    """All that stands before the camera."""

    view: TracedView
    figure: Figure
    faces: NDArray[np.int32]
    """Of the figure, without those deep under cloth."""
    things: list[Thing]
    sight: Sight


@dataclass(frozen=True)
class Coat:
    """What covers the body, as it is seen by the camera (H, W, ...)."""

    colour: Field
    roughness: Field
    height_mm: Field


def start_engine() -> ModuleType:
    """Import Mitsuba with its fast variant where LLVM is installed, else with the slow one.

    Raises:
        TrainingRefused: It is not installed.
    """
    try:
        mitsuba = import_module("mitsuba")
        import_module("pyoidn")  # here, rather than at the end of the first picture
    except ImportError as error:
        raise TrainingRefused(
            f"Mitsuba and Open Image Denoise, which trace these photographs, are not installed: {error}",
            remedy="pip install 'mottling[train,path-traced]'",
        ) from error
    if mitsuba.variant() is None:
        try:
            mitsuba.set_variant(_SPEED)
            mitsuba.Float(0) + 1
        except (ImportError, RuntimeError):
            mitsuba.set_variant(_ANYWHERE)
    return mitsuba


def trace(stage: Stage, coat: Coat, skin: Skin, *, samples: int, seed: int) -> Traced:
    """Trace the picture, and once more with a black body.

    Args:
        stage: What there is.
        coat: Colour and relief of the body.
        skin: How it mirrors.
        samples: Paths for each pixel.
        seed: Of the paths.
    """
    mi = start_engine()
    view = stage.view
    rng = np.random.default_rng((view.bedding.seed, 3))
    scene: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": _DEPTH},
        "sensor": _sensor(mi, view, stage.sight),
        "around": {"type": "constant", "radiance": _rgb(view.surroundings)},
        "body": _body(mi, stage, _skin_bsdf(mi, skin, coat)),
    }
    for number, panel in enumerate(view.panels):
        scene[f"panel{number}"] = _panel(mi, panel.position_mm, panel.size_mm, panel.radiance)
    for number, thing in enumerate(stage.things):
        scene[f"thing{number}"] = _thing(mi, thing, view, rng)
    built = mi.load_dict(scene)
    light = np.array(mi.render(built, spp=samples, seed=seed), np.float32)
    parameters = mi.traverse(built)
    names = list(parameters.keys())
    name = next(key for key in names if key.startswith("body") and key.endswith("base_color.data"))
    parameters[name] = mi.TensorXf(np.zeros_like(coat.colour))
    parameters.update()
    fewer = max(1, samples // _GLOSS_SHARE)
    gloss = np.array(mi.render(built, spp=fewer, seed=seed + 1), np.float32)
    return Traced(light[..., :3], gloss[..., :3])


def even(light: Field) -> Field:
    """Free a picture of light from the grain of few paths (Open Image Denoise)."""
    denoise = import_module("pyoidn").denoise
    return np.asarray(denoise(np.ascontiguousarray(light, np.float32), hdr=True), np.float32)


def _rgb(colour: Rgb) -> dict[str, Any]:
    return {"type": "rgb", "value": list(colour)}


def _sensor(mi: ModuleType, view: TracedView, sight: Sight) -> dict[str, Any]:
    transform = mi.ScalarTransform4f().look_at(
        origin=list(sight.origin), target=list(sight.origin + sight.ahead), up=list(sight.up)
    )
    return {
        "type": "thinlens",
        "fov": sight.field_deg,
        "fov_axis": "larger",
        "aperture_radius": view.lens.aperture_mm,
        "focus_distance": sight.focus_mm,
        "near_clip": 10.0,
        "far_clip": 20000.0,
        "to_world": transform,
        "film": {
            "type": "hdrfilm",
            "width": sight.width_px,
            "height": sight.height_px,
            "pixel_format": "rgb",
            "rfilter": {"type": "box"},
        },
        "sampler": {"type": "independent"},
    }


def _picture(mi: ModuleType, values: Field) -> dict[str, Any]:
    data = values if values.ndim == 3 else values[..., None]
    return {
        "type": "bitmap",
        "bitmap": mi.Bitmap(np.ascontiguousarray(data)),
        "raw": True,
        "wrap_mode": "clamp",
    }


def _skin_bsdf(mi: ModuleType, skin: Skin, coat: Coat) -> dict[str, Any]:
    return {
        "type": "bumpmap",
        "height": _picture(mi, coat.height_mm),
        "nested": {
            "type": "principled",
            "base_color": _picture(mi, coat.colour),
            "roughness": _picture(mi, coat.roughness),
            "specular": skin.specular,
            "flatness": 0.5,
        },
    }


def _body(mi: ModuleType, stage: Stage, bsdf: dict[str, Any]) -> Any:
    """The coat is thrown onto the body from the camera: texture coordinates are places in the picture."""
    posed = stage.figure.posed
    return _mesh(mi, posed, stage.faces, bsdf=bsdf, uv=stage.sight.place(posed))


def _panel(mi: ModuleType, place: Rgb, size: tuple[float, float], radiance: Rgb) -> dict[str, Any]:
    towards = np.array([0.0, -150.0, 0.0])
    up = [0, 1, 0] if abs(place[2]) > np.hypot(place[0], place[1]) else [0, 0, 1]
    transform = mi.ScalarTransform4f().look_at(origin=list(place), target=list(towards), up=up)
    return {
        "type": "rectangle",
        "to_world": transform @ mi.ScalarTransform4f().scale([size[0], size[1], 1]),
        "emitter": {"type": "area", "radiance": _rgb(radiance)},
    }


def _thing(mi: ModuleType, thing: Thing, view: TracedView, rng: np.random.Generator) -> Any:
    bedding = view.bedding
    cloths = {
        Kind.GOWN: bedding.gown,
        Kind.SHEET: bedding.sheet,
        Kind.BLANKET: bedding.blanket,
        Kind.PAD: bedding.sheet,
    }
    plain = {
        Kind.FLOOR: {"type": "roughplastic", "diffuse_reflectance": _rgb(view.floor), "alpha": 0.25},
        Kind.WALL: {"type": "diffuse", "reflectance": _rgb(view.wall)},
        Kind.MATTRESS: {"type": "diffuse", "reflectance": _rgb((0.35, 0.4, 0.45))},
        Kind.RAIL: {"type": "roughplastic", "diffuse_reflectance": _rgb((0.5, 0.5, 0.5)), "alpha": 0.15},
        Kind.TUBE: {"type": "roughplastic", "diffuse_reflectance": _rgb((0.6, 0.6, 0.5)), "alpha": 0.1},
    }
    mesh = thing.mesh
    if thing.kind in plain:
        bsdf, uv = plain[thing.kind], mesh.cloth_mm
    else:
        cloth: Weave = cloths[thing.kind]
        tile = {"type": "bitmap", "bitmap": mi.Bitmap(weave(cloth, rng)), "raw": True}
        bsdf, uv = {"type": "diffuse", "reflectance": tile}, mesh.cloth_mm / cloth.repeat_mm
    return _mesh(mi, mesh.vertices, mesh.faces, bsdf={"type": "twosided", "nested": bsdf}, uv=uv)


def _mesh(
    mi: ModuleType, vertices: NDArray[Any], faces: NDArray[Any], *, bsdf: dict[str, Any], uv: NDArray[Any]
) -> Any:
    properties = mi.Properties()
    properties["bsdf"] = mi.load_dict(bsdf)
    mesh = mi.Mesh(
        "mesh",
        len(vertices),
        len(faces),
        has_vertex_normals=True,
        has_vertex_texcoords=True,
        props=properties,
    )
    parameters = mi.traverse(mesh)
    parameters["vertex_positions"] = vertices.astype(np.float32).ravel()
    parameters["faces"] = faces.astype(np.uint32).ravel()
    parameters["vertex_texcoords"] = uv.astype(np.float32).ravel()
    parameters["vertex_normals"] = _normals(vertices, faces).astype(np.float32).ravel()
    parameters.update()
    return mesh


def _normals(points: NDArray[Any], faces: NDArray[Any]) -> NDArray[Any]:
    a, b, c = (points[faces[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.stack([np.bincount(faces.ravel(), np.repeat(face[:, d], 3), len(points)) for d in range(3)], 1)
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9))
