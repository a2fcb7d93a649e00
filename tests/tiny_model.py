"""A network of a few numbers that reads drawn legs by their colours, in a registry of its own.

Red and green tell the zone, blue tells mottling; a picture that is blue all over is one it cannot judge.
Its contract is that of the real network, so what holds for it holds for whoever runs a network.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from mottling.arrays import Rgb8, ZoneMap
from mottling.imaging.contract import EMBEDDING_SIZE, METADATA_KEY, ModelContract, Reference
from mottling.json_records import to_json
from mottling.model import ModelFiles
from mottling.scale import Zone

CLEAN_BLUE, MOTTLED_BLUE, UNREADABLE_BLUE = 70, 190, 250

_RADIUS = 90


def zone_colour(zone: Zone, *, blue: int = CLEAN_BLUE) -> tuple[int, int, int]:
    """The colour of a zone: the five stand on a circle, what is no skin stands at its centre."""
    if zone is Zone.NOT_SKIN:
        return (127, 127, blue)
    turn = 2 * math.pi * (zone - 1) / 5
    return (round(127 + _RADIUS * math.cos(turn)), round(127 + _RADIUS * math.sin(turn)), blue)


def leg_zones(
    height: int = 400, width: int = 300, *, legs: int = 2, up_to: Zone = Zone.BEYOND_GROIN
) -> ZoneMap:
    """Draw one or two upright legs, groin up, cut off above the highest zone."""
    zones = np.zeros((height, width), np.uint8)
    edges = {Zone.KNEE: 0.98, Zone.LOWER_THIGH: 0.6, Zone.UPPER_THIGH: 0.4, Zone.BEYOND_GROIN: 0.2}
    half, knee_y = round(0.16 * width), round(0.7 * height)
    rows, columns = np.mgrid[:height, :width]
    for centre in [0.5] if legs == 1 else [0.27, 0.73]:
        inside = abs(columns - round(centre * width)) <= half
        for zone, bottom in edges.items():
            if zone <= up_to:
                top = {**edges, None: 0.02}[Zone(zone + 1) if zone < up_to else None]
                zones[inside & (rows >= top * height) & (rows < bottom * height)] = zone
        coin = np.hypot(columns - round(centre * width), rows - knee_y) <= 0.06 * width
        zones[coin] = Zone.COIN
    return zones


def draw_photo(zones: ZoneMap, mottled: Iterable[Zone] = (), *, left_only: bool = False) -> Rgb8:
    """Colour zones as the tiny network reads them, mottled ones all over; grain makes it no drawing."""
    marked = np.isin(zones, [int(zone) for zone in mottled])
    if left_only:
        marked[:, zones.shape[1] // 2 :] = False
    palette = np.array([zone_colour(zone) for zone in Zone], np.int16)
    photo = palette[zones]
    photo[marked, 2] = MOTTLED_BLUE
    photo += np.random.default_rng(1).integers(-8, 9, (*zones.shape, 1), dtype=np.int16)
    return photo.astype(np.uint8)


def jpeg_bytes(photo: Rgb8, *, quality: int = 95) -> bytes:
    """Write a photograph as a JPEG file in memory."""
    out = io.BytesIO()
    Image.fromarray(photo).save(out, "JPEG", quality=quality, subsampling=0)
    return out.getvalue()


def a_jpeg(mottled: Iterable[Zone] = (), *, legs: int = 2, up_to: Zone = Zone.BEYOND_GROIN) -> bytes:
    """A photograph of drawn legs, as the bytes of a file: mottled where asked, cut off above `up_to`."""
    return jpeg_bytes(draw_photo(leg_zones(legs=legs, up_to=up_to), mottled))


def tiny_model_bytes(contract: ModelContract | None = None) -> bytes:
    """Build the network's file."""
    colours = np.array([zone_colour(zone) for zone in Zone], np.float32)[:, :2] / 128 - 127 / 128
    zone_weights = np.zeros((6, 3, 1, 1), np.float32)
    zone_weights[:, :2, 0, 0] = 24 * colours
    constants = {
        "zone_weights": zone_weights,
        "zone_biases": np.asarray(-12 * (colours**2).sum(axis=1), np.float32),
        "blue_weights": np.array([0, 0, 12], np.float32).reshape(1, 3, 1, 1),
        "blue_bias": np.zeros(1, np.float32),
        "space": np.array([2, 3], np.int64),
        "five": np.ones((1, 5), np.float32),
        "readable_gain": np.array([-3], np.float32),
        "readable_bias": np.array([25], np.float32),
        "spread": np.linspace(1, 2, EMBEDDING_SIZE, dtype=np.float32)[None],
    }
    nodes = [
        helper.make_node("AveragePool", ["photo"], ["small"], kernel_shape=[4, 4], strides=[4, 4]),
        helper.make_node("Conv", ["small", "zone_weights", "zone_biases"], ["zones"]),
        helper.make_node("Conv", ["small", "blue_weights", "blue_bias"], ["mottling"]),
        helper.make_node("ReduceMax", ["mottling", "space"], ["most"], keepdims=0),
        helper.make_node("Mul", ["most", "five"], ["ordinal"]),
        helper.make_node("ReduceMean", ["mottling", "space"], ["mean_blue"], keepdims=0),
        helper.make_node("Mul", ["mean_blue", "readable_gain"], ["scaled"]),
        helper.make_node("Add", ["scaled", "readable_bias"], ["readable"]),
        helper.make_node("Mul", ["mean_blue", "spread"], ["embedding"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("photo", TensorProto.FLOAT, ["N", 3, "H", "W"])],
        [
            helper.make_tensor_value_info("zones", TensorProto.FLOAT, ["N", 6, "h", "w"]),
            helper.make_tensor_value_info("mottling", TensorProto.FLOAT, ["N", 1, "h", "w"]),
            helper.make_tensor_value_info("ordinal", TensorProto.FLOAT, ["N", 5]),
            helper.make_tensor_value_info("readable", TensorProto.FLOAT, ["N", 1]),
            helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["N", EMBEDDING_SIZE]),
        ],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.checker.check_model(model)
    helper.set_model_props(model, {METADATA_KEY: to_json(contract or ModelContract())})
    return model.SerializeToString()


def tiny_reference() -> Reference:
    """A reference with which each photograph has a distance of its own."""
    rows = tuple(
        tuple(float(row == column) for column in range(EMBEDDING_SIZE)) for row in range(EMBEDDING_SIZE)
    )
    return Reference(mean=(-2.0,) * EMBEDDING_SIZE, whitening=rows, usual=10.0, photographs=EMBEDDING_SIZE)


def measured(name: str, data: bytes) -> ModelFiles:
    """Give a file with a card and an evaluation that speak of it, as a release asks for."""
    sha256 = hashlib.sha256(data).hexdigest()
    card = f"# {name}\n\nReads drawn legs by their colours; file {sha256[:12]}.\n"
    evaluation = json.dumps({"model": {"name": name, "sha256": sha256}, "sets": []})
    return ModelFiles(data, card, f"{evaluation}\n")


def write_tiny_registry(
    folder: Path, *, names: Iterable[str] = ("tiny",), contract: ModelContract | None = None
) -> Path:
    """Write a registry of tiny models, the first in use; gives the folder back."""
    entries = []
    for number, name in enumerate(names):
        data = tiny_model_bytes(contract)
        home = folder / name
        home.mkdir(parents=True)
        (home / "model.onnx").write_bytes(data)
        files = measured(name, data)
        (home / "card.md").write_text(files.card, "utf-8")
        (home / "evaluation.json").write_text(files.evaluation, "utf-8")
        released = "2026-01-01T00:00:00Z" if number == 0 else None
        entries.append({"name": name, "sha256": hashlib.sha256(data).hexdigest(), "released_at": released})
    listing = {"active": entries[0]["name"], "models": entries}
    (folder / "registry.json").write_text(json.dumps(listing, indent=2) + "\n", "utf-8")
    return folder
