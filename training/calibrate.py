"""Calibrates a challenger: `python -m training.calibrate --model NAME --models DIR --set DIR [--set DIR]`.

A share of the views, or persons, of each set is looked at as the runtime looks; from what is seen there the
rules of scoring are fitted (`training.rules.fitting` states each rule) and written into the model's contract,
with the reference that the distance of later photographs is measured from (`training.rules.reference`). The
network stays as it is; its file, and so its sha256, is a new one, which is why a model that was ever in use
is refused. Next, on the rest of the same sets: `python -m training.evaluate`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from msgspec.structs import replace

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import Reference, ScoringRules
from mottling.imaging.segmentation import Segmentation
from mottling.registry import Model, Registry
from mottling.scale import Zone
from training.measuring.ruined import RUINED_EVERY
from training.measuring.truths import TruePhoto, read_truths
from training.network.onnx_file import contract_of, with_contract
from training.provenance import command_line, made_by
from training.rules.calibration import (
    CALIBRATION,
    Calibration,
    CalibrationSet,
    hash_of_group,
    is_for_calibration,
)
from training.rules.fitting import Observed, fit_rules
from training.rules.observing import observe, observe_ruined
from training.rules.reference import LEAST_PHOTOGRAPHS, fit_reference
from training.spread import spread

__all__ = ["CalibrationOrder", "calibrate", "main"]


@dataclass(frozen=True)
class CalibrationOrder:
    """What to calibrate, and on what."""

    model: str
    models: Path
    sets: tuple[Path, ...]
    share: float = 0.3
    """Of the views or persons of each set; the rest is for measuring."""
    workers: int = 2


@dataclass(frozen=True)
class _Part:
    """The photographs of one set that calibrate."""

    name: str
    photos: tuple[TruePhoto, ...]


def calibrate(order: CalibrationOrder, *, command: str) -> Model:
    """Fit the rules of scoring and give the challenger a file with them inside.

    Args:
        order: What to calibrate.
        command: As it was typed, for the record.

    Raises:
        ModelRefused: There is no such model, or it has been in use.
        TrainingRefused: A set has no photograph to calibrate on.
    """
    registry = Registry.open(order.models)
    model = registry.find(order.model)
    data = model.load()
    registry.replace(order.model, data)  # a model that was in use is refused before the work, not after it
    parts = tuple(_part(folder, share=order.share) for folder in order.sets)
    observed = _observe_all(data, parts, workers=order.workers)
    contract = contract_of(data)
    rules = fit_rules(observed, start=contract.scoring)
    fitted = replace(contract, scoring=rules, reference=fit_reference(observed))
    model = registry.replace(order.model, with_contract(data, fitted))
    record = _record(order, parts, observed, rules=rules, command=command)
    (model.folder / CALIBRATION).write_text(record.model_dump_json(indent=1) + "\n", "utf-8")
    return model


def _part(folder: Path, *, share: float) -> _Part:
    photos = tuple(p for p in read_truths(folder) if is_for_calibration(p.cluster, share=share))
    if not photos:
        raise TrainingRefused(
            f"{folder} has no view to calibrate on", remedy="Give a larger set, or a larger --share"
        )
    return _Part(folder.name, photos)


def _observe_all(data: bytes, parts: Sequence[_Part], *, workers: int) -> list[Observed]:
    observed: list[Observed] = []
    for part in parts:
        work = partial(_observe_some, data, part.name)
        observed += spread(work, part.photos, workers=workers, unit="photo")
        ruined = partial(_observe_some_ruined, data, part.name)
        observed += spread(ruined, part.photos[::RUINED_EVERY], workers=workers, unit="ruined photo")
    return observed


def _observe_some(data: bytes, set_name: str, photos: Sequence[TruePhoto]) -> list[Observed]:
    network = Segmentation(data, name=set_name, threads=1)
    return [observe(photo, network, set_name=set_name) for photo in photos]


def _observe_some_ruined(data: bytes, set_name: str, photos: Sequence[TruePhoto]) -> list[Observed]:
    network = Segmentation(data, name=set_name, threads=1)
    return [observe_ruined(photo, network, set_name=set_name) for photo in photos]


def _record(
    order: CalibrationOrder,
    parts: Sequence[_Part],
    observed: Sequence[Observed],
    *,
    rules: ScoringRules,
    command: str,
) -> Calibration:
    sets = tuple(
        CalibrationSet(
            name=part.name,
            groups=tuple(sorted({hash_of_group(photo.cluster) for photo in part.photos})),
            photographs=len(part.photos),
        )
        for part in parts
    )
    return Calibration(
        command=command,
        made_by=made_by(),
        share=order.share,
        mottled_labels=_count(observed, mottled=True),
        clean_labels=_count(observed, mottled=False),
        rules=rules,
        sets=sets,
    )


def _tell_reference(reference: Reference | None) -> str:
    if reference is None:
        return (
            "No reference to measure distances from: the model gives no embedding, or there are fewer than "
            f"{LEAST_PHOTOGRAPHS} photographs with a leg"
        )
    return f"reference of {reference.photographs} photographs, usual distance {reference.usual:.1f}"


def _count(observed: Sequence[Observed], *, mottled: bool) -> tuple[int, int, int, int, int]:
    zones = [label.zone for one in observed for label in one.labels if label.mottled is mottled]
    one, two, three, four, five = (zones.count(zone) for zone in list(Zone)[1:])
    return (one, two, three, four, five)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and calibrate."""
    parser = argparse.ArgumentParser(prog="python -m training.calibrate", description=__doc__)
    parser.add_argument("--model", required=True, help="name of a challenger in the registry")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument(
        "--set", type=Path, action="append", required=True, help="photographs with their truth; repeatable"
    )
    parser.add_argument("--share", type=float, default=0.3, help="of the views or persons of each set")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    order = CalibrationOrder(given.model, given.models, tuple(given.set), given.share, given.workers)
    command = command_line("training.calibrate", sys.argv[1:] if arguments is None else arguments)
    try:
        model = calibrate(order, command=command)
    except MottlingError as error:
        print(error)
        return 1
    contract = contract_of(model.load())
    rules = contract.scoring
    print(f"{model.name}: sha256 {model.sha256[:12]}; slopes {rules.slopes}, biases {rules.biases}")
    print(
        f"threshold {rules.threshold}, of extent {rules.extent_threshold}, set mass {rules.set_mass}, "
        f"readable from {rules.readable_from}"
    )
    print(_tell_reference(contract.reference))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
