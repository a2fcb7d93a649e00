"""Makes a model of 8-bit numbers: `python -m training.quantise NAME --models DIR --set DIR [--set DIR]`.

Static quantisation, weights per channel, ranges from photographs that calibrated the model. The result joins
the registry as the challenger NAME-int8 only when it passes the gate, on photographs that did not calibrate
it: on no set does it lose more than 0.02 of quadratic kappa or one point of Dice against NAME.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import onnx
from msgspec import structs
from numpy.typing import NDArray

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.looks import DECODE_PX
from mottling.imaging.photo import read_bytes, read_photo
from mottling.imaging.preprocess import fit, normalise
from mottling.imaging.segmentation import Segmentation
from mottling.registry import Model, ModelFiles, Registry
from mottling.scale import Status
from training.measuring.metrics import kappa
from training.measuring.one_photograph import measure_some
from training.measuring.outcomes import Outcomes
from training.measuring.truths import TruePhoto, read_truths
from training.network.onnx_file import contract_of, with_contract
from training.provenance import command_line
from training.rules.calibration import CALIBRATION, Calibration, read_calibration, without
from training.rules.fitting import Observed
from training.rules.observing import observe
from training.rules.reference import fit_reference
from training.running.history import HISTORY, read_history
from training.spread import spread

# Otherwise the package names this machine, and sends to its maker how it is used, from its import on.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

__all__ = ["MOST_DICE_LOST", "MOST_KAPPA_LOST", "Loss", "main", "passes", "quantise", "quantised"]

MOST_KAPPA_LOST = 0.02
MOST_DICE_LOST = 0.01

# Enough for the ranges of the activations; more changes them little and takes minutes.
_RANGE_PHOTOS = 120

_CARD = """# {name}

{source} in 8-bit numbers, made by `{command}`. Research software for the outcome of a trial, not a device for
treatment; it learned from made photographs. Its card is that of {source}.
"""


@dataclass(frozen=True)
class Loss:
    """What one set lost through 8-bit numbers; nan where the set cannot tell."""

    name: str
    photographs: int
    kappa: float
    dice: float


def passes(losses: Sequence[Loss]) -> bool:
    """Whether no set lost more than the gate allows; a figure that a set cannot tell keeps nothing out."""
    return all(not loss.kappa > MOST_KAPPA_LOST and not loss.dice > MOST_DICE_LOST for loss in losses)


class _Pictures(CalibrationDataReader):  # type: ignore[misc] # the package has no types
    """Photographs as the network is shown them, one at a time."""

    def __init__(self, photos: Sequence[TruePhoto], *, long_side_px: int) -> None:
        self._pictures = self._shown(photos, long_side_px)

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Give the next one, or None at the end, as the package asks."""
        return next(self._pictures, None)

    @staticmethod
    def _shown(photos: Sequence[TruePhoto], long_side_px: int) -> Iterator[dict[str, NDArray[np.float32]]]:
        for truth in photos:
            photo = read_photo(read_bytes(truth.photo), long_side_px=DECODE_PX)
            yield {"photo": normalise(fit(photo.pixels, long_side_px=long_side_px).pixels)[None]}


def quantised(model: bytes, photos: Sequence[TruePhoto]) -> bytes:
    """Give the same network in 8-bit numbers, with the same contract but for the reference, which it has not.

    Args:
        model: The bytes of its ONNX file.
        photos: That show the ranges of its activations.
    """
    contract = contract_of(model)
    with tempfile.TemporaryDirectory() as folder:
        source, folded, out = (Path(folder) / f"{name}.onnx" for name in ("source", "folded", "int8"))
        source.write_bytes(model)
        # Folds each normalisation into its convolution: between the two, numbers would be rounded twice.
        quant_pre_process(str(source), str(folded), skip_symbolic_shape=True)
        quantize_static(
            str(folded),
            str(out),
            _Pictures(photos, long_side_px=contract.looks.second_px),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["Conv"],
        )
        written = onnx.load(str(out))
    # That of the whole numbers' network is no place among this one's embeddings.
    return with_contract(bytes(written.SerializeToString()), structs.replace(contract, reference=None))


def _with_reference(small: bytes, photos: Sequence[TruePhoto], *, workers: int) -> bytes:
    """Let it say how far a photograph lies from those of the calibration, as this network sees them."""
    observed = spread(partial(_observe_some, small), photos, workers=workers, unit="photo")
    fitted = structs.replace(contract_of(small), reference=fit_reference(observed))
    return with_contract(small, fitted)


def _observe_some(small: bytes, photos: Sequence[TruePhoto]) -> list[Observed]:
    network = Segmentation(small, name="8-bit numbers", threads=1)
    return [observe(photo, network, set_name="") for photo in photos]


def quantise(name: str, *, models: Path, sets: Sequence[Path], command: str, workers: int = 2) -> list[Loss]:
    """Quantise a model, measure what it lost, and add it to the registry when it passes the gate.

    Args:
        name: Of the model.
        models: Folder of the registry.
        sets: To measure on, each by itself.
        command: As it was typed, for the card.
        workers: Processes.

    Returns:
        What each set lost.

    Raises:
        ModelRefused: There is no such model, its file was altered, or the registry cannot be written.
        TrainingRefused: The model was never calibrated, or nothing is left to measure on.
    """
    registry = Registry.open(models)
    source = registry.find(name)
    calibration = read_calibration(source.folder)
    if calibration is None:
        raise TrainingRefused(
            f"The model {name} was never calibrated", remedy="Run python -m training.calibrate first"
        )
    ranges, unseen = _apart(sets, calibration)
    full = source.load()
    small = quantised(full, ranges[:: max(1, len(ranges) // _RANGE_PHOTOS)])
    losses = [
        _loss(folder.name, photos, (full, small), workers=workers)
        for folder, photos in unseen.items()
        if photos
    ]
    if passes(losses):
        if contract_of(full).reference is not None:
            small = _with_reference(small, ranges, workers=workers)
        _add(registry, source, small, command=command)
    return losses


def _apart(
    sets: Sequence[Path], calibration: Calibration
) -> tuple[list[TruePhoto], dict[Path, tuple[TruePhoto, ...]]]:
    """Tell the photographs that calibrated the model, and give ranges, from those to measure on, by set."""
    truths = {folder: read_truths(folder) for folder in sets}
    unseen = {folder: without(photos, calibration) for folder, photos in truths.items()}
    ranges = [p for folder, photos in truths.items() for p in photos if p not in unseen[folder]]
    if not ranges or not any(unseen.values()):
        raise TrainingRefused(
            "These sets hold no photographs that calibrated the model, or nothing else",
            remedy="Give the sets that it was calibrated on",
        )
    return ranges, unseen


def _loss(name: str, photos: Sequence[TruePhoto], models: tuple[bytes, bytes], *, workers: int) -> Loss:
    without_twins = [replace(photo, twin=None) for photo in photos]
    full, small = (
        Outcomes.of(spread(partial(measure_some, data, name), without_twins, workers=workers, unit="photo"))
        for data in models
    )
    return Loss(name, len(photos), _kappa(full) - _kappa(small), _dice(full) - _dice(small))


def _kappa(rows: Outcomes) -> float:
    chosen = rows.take(rows.is_truly(Status.SCORED) & rows.answered)
    return kappa(chosen.truth, chosen.ours, power=2) if len(chosen) else float("nan")


def _dice(rows: Outcomes) -> float:
    known = rows.dice[np.isfinite(rows.dice)]
    return float(known.mean()) if len(known) else float("nan")


def _add(registry: Registry, source: Model, data: bytes, *, command: str) -> None:
    name = f"{source.name}-int8"
    card = _CARD.format(name=name, source=source.name, command=command)
    model = registry.add(name, ModelFiles(onnx=data, card=card, evaluation="{}\n"))
    shutil.copyfile(source.folder / CALIBRATION, model.folder / CALIBRATION)
    history = read_history(source.folder)
    if history is not None:
        commands = (*history.commands, command)
        told = history.model_copy(update={"commands": commands, "parity_difference": None})
        (model.folder / HISTORY).write_text(told.model_dump_json(indent=1) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, quantise and say what it cost; 1 when the gate keeps it out."""
    parser = argparse.ArgumentParser(prog="python -m training.quantise", description=__doc__)
    parser.add_argument("name", help="of a calibrated model in the registry")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--set", type=Path, action="append", required=True, help="repeatable")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    said = sys.argv[1:] if arguments is None else arguments
    try:
        losses = quantise(
            given.name,
            models=given.models,
            sets=given.set,
            command=command_line("training.quantise", said),
            workers=given.workers,
        )
    except MottlingError as error:
        print(error)
        return 1
    for loss in losses:
        print(
            f"{loss.name:20} kappa lost {loss.kappa:+.3f}  Dice lost {loss.dice:+.3f}  n = {loss.photographs}"
        )
    if not passes(losses):
        print(f"Kept out: a set may lose {MOST_KAPPA_LOST} of kappa and {MOST_DICE_LOST} of Dice at most")
        return 1
    print(f"{given.name}-int8: a challenger")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
