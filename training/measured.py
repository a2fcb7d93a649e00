"""Makes the measuring sets of real photographs: `python -m training.measured OUT --real DIR --seed N`.

OUT has a folder for each kind, with its photographs and `truth.jsonl`: healthy legs of people who are never
trained on, the same with mottling painted on by a second painter, garments and other skin kept from
training, and legs ruined so that nobody could read them. The same seed makes the same files.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from mottling.arrays import Point, Rgb8
from mottling.errors import MottlingError, TrainingRefused
from mottling.scale import MAX_SCORE, LegReading, Status, Zone
from training.measuring.measured_set import Kind, MeasuredKnee, MeasuredPhoto, View, write_measured
from training.painting.canvas import Canvas, open_canvas
from training.painting.painter import Nets
from training.painting.real_people import Split, read_leg_photos
from training.painting.second_painter import paint_score
from training.samples import LabelMap
from training.sources.real import list_cloth, list_skin, read_picture
from training.synthetic.records import PatternFamily
from training.synthetic.ruin import Ruin, ruin

__all__ = ["Drawn", "draw_measured", "main", "make_measured"]

_JPEG_QUALITY = 92
_GARMENTS = 120

# Paint that nobody would see is thrown away; so often another is tried.
_TRIES = 6
_PAINTINGS = 3
_ANKLE_MM = 400.0
_CUT_MM = (260.0, 520.0)
_LEAST_CUT_PX = 96
_LEAST_ZONE_MM2 = 400.0

_HEALTHY = LegReading(Status.SCORED, 0)
_REFUSED = LegReading(Status.NOT_ASSESSABLE, None)


@dataclass(frozen=True)
class Drawn:
    """One photograph of a measuring set, before it is written; its record names no files yet."""

    record: MeasuredPhoto
    photo: Rgb8
    twin: Rgb8 | None = None
    maps: LabelMap | None = None
    """(H, W, 3) leg, mottling, zones."""


def make_measured(out: Path, real: Path, *, seed: int, nets: Nets) -> dict[Kind, int]:
    """Write a set of each kind, and count its photographs.

    Args:
        out: Gets a folder for each kind.
        real: The openly licensed photographs.
        seed: Of all that is drawn.
        nets: What to paint with; unlike those of training.

    Raises:
        TrainingRefused: OUT has something in it, or a folder of real photographs is missing.
    """
    if out.exists() and any(out.iterdir()):
        raise TrainingRefused(f"{out} is not empty", remedy="Name a folder that is")
    counts = {}
    for kind in Kind:
        folder = out / kind.value
        folder.mkdir(parents=True)
        records = [
            _write(folder, number, one)
            for number, one in enumerate(draw_measured(kind, real, seed=seed, nets=nets))
        ]
        write_measured(folder, records)
        counts[kind] = len(records)
    return counts


def draw_measured(kind: Kind, real: Path, *, seed: int, nets: Nets) -> Iterator[Drawn]:
    """Draw the photographs of one kind, one after the other."""
    if kind is Kind.GARMENT:
        return _pictures(list_cloth(real, Split.MEASURE)[:_GARMENTS], kind)
    if kind is Kind.OTHER_SKIN:
        return _pictures([path for path, _, _ in list_skin(real / "skin", Split.MEASURE)], kind)
    people = read_leg_photos(real / "legs", split=Split.MEASURE)
    draws: dict[Kind, Callable[[Canvas, np.random.Generator], Iterator[Drawn]]] = {
        Kind.HEALTHY: _healthy,
        Kind.PAINTED: partial(_painted, nets=nets),
        Kind.UNREADABLE: _unreadable,
    }
    return (one for row in people for one in draws[kind](open_canvas(row), _rng(seed, row.photo.name)))


def _rng(seed: int, name: str) -> np.random.Generator:
    """One for each photograph, so that a photograph that is added changes no other."""
    return np.random.default_rng((seed, int.from_bytes(hashlib.sha256(name.encode()).digest()[:8])))


def _healthy(canvas: Canvas, rng: np.random.Generator) -> Iterator[Drawn]:
    whole = Drawn(_record(canvas, Kind.HEALTHY, _HEALTHY), canvas.photo)
    yield whole
    for knee in canvas.knees:
        cut = _cut(whole, knee, canvas, rng)
        if cut is not None:
            yield cut


def _painted(canvas: Canvas, rng: np.random.Generator, *, nets: Nets) -> Iterator[Drawn]:
    for score in (score for score in range(1, MAX_SCORE + 1) for _ in range(_PAINTINGS)):
        tries = (paint_score(canvas, score, nets, rng) for _ in range(_TRIES))
        painting = next((one for one in tries if one is not None), None)
        if painting is None:
            continue
        maps = np.stack([canvas.leg * canvas.skin, painting.mottling, canvas.zones], axis=-1)
        yield Drawn(
            _record(canvas, Kind.PAINTED, painting.reading),
            painting.photo,
            canvas.photo,
            maps.astype(np.uint8),
        )


def _unreadable(canvas: Canvas, rng: np.random.Generator) -> Iterator[Drawn]:
    kinds = list(Ruin)
    ruined = ruin(canvas.photo, kinds[int(rng.integers(len(kinds)))], rng=rng)
    record = _record(canvas, Kind.UNREADABLE, _REFUSED).model_copy(update={"knees": (), "visible_up_to": 0})
    yield Drawn(record, ruined)


def _pictures(files: Iterable[Path], kind: Kind) -> Iterator[Drawn]:
    for path in files:
        record = MeasuredPhoto(
            file="-", kind=kind, cluster=path.stem, status=Status.NOT_ASSESSABLE, score=None
        )
        yield Drawn(record, read_picture(path))


def _record(canvas: Canvas, kind: Kind, reading: LegReading) -> MeasuredPhoto:
    assert reading.status is not Status.ERROR
    reach_px = _ANKLE_MM / canvas.mm_per_px / 4
    area = np.bincount(canvas.zones[canvas.skin], minlength=6)[:6] * canvas.mm_per_px**2
    return MeasuredPhoto(
        file="-",
        kind=kind,
        cluster=canvas.person,
        tone=canvas.tone.value,  # type: ignore[arg-type] # pydantic refuses what is unknown
        status=reading.status,
        score=reading.score,
        visible_up_to=max((zone for zone in range(1, len(Zone)) if area[zone] >= _LEAST_ZONE_MM2), default=0),
        knees=tuple(MeasuredKnee(x=knee.x, y=knee.y, reach_px=reach_px) for knee in canvas.knees),
    )


def _cut(whole: Drawn, knee: Point, canvas: Canvas, rng: np.random.Generator) -> Drawn | None:
    """Step closer to a knee; None where the photograph is too coarse for it."""
    side = float(rng.uniform(*_CUT_MM)) / canvas.mm_per_px
    if side < _LEAST_CUT_PX or side > min(whole.photo.shape[:2]):
        return None
    left = int(np.clip(knee.x - side / 2, 0, whole.photo.shape[1] - side))
    top = int(np.clip(knee.y - side / 2, 0, whole.photo.shape[0] - side))
    box = np.s_[top : top + int(side), left : left + int(side)]
    knees = tuple(
        one.model_copy(update={"x": one.x - left, "y": one.y - top})
        for one in whole.record.knees
        if left <= one.x < left + side and top <= one.y < top + side
    )
    record = whole.record.model_copy(update={"knees": knees, "view": View.CUT})
    return Drawn(record, np.ascontiguousarray(whole.photo[box]))


def _write(folder: Path, number: int, drawn: Drawn) -> MeasuredPhoto:
    name = f"{number:04d}"
    names: dict[str, str | None] = {"file": f"{name}.jpg", "twin": None, "maps": None}
    _save(folder / f"{name}.jpg", drawn.photo)
    if drawn.twin is not None:
        names["twin"] = f"{name}.twin.jpg"
        _save(folder / f"{name}.twin.jpg", drawn.twin)
    if drawn.maps is not None:
        names["maps"] = f"{name}.maps.png"
        cv2.imwrite(str(folder / f"{name}.maps.png"), drawn.maps)  # OpenCV writes blue first
    return drawn.record.model_copy(update=names)


def _save(path: Path, photo: Rgb8) -> None:
    options = [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY]
    cv2.imwrite(str(path), cv2.cvtColor(photo, cv2.COLOR_RGB2BGR), options)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and make the sets."""
    parser = argparse.ArgumentParser(prog="python -m training.measured", description=__doc__)
    parser.add_argument("out", type=Path, help="folder that gets a folder for each kind")
    parser.add_argument("--real", type=Path, required=True, help="openly licensed real photographs")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    try:
        nets = Nets((PatternFamily.WAVES,))
        for kind, count in make_measured(given.out, given.real, seed=given.seed, nets=nets).items():
            print(f"{kind.value}: {count} photographs")
    except MottlingError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
