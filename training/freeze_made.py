"""Freezes made photographs as a trial freezes its own: `python -m training.freeze_made OUT --set DIR`.

To try a retraining where no trial has verdicts yet. A view is a patient, what a reader would say of the
photograph is the verdict, and every second one has the border of its mottling. What was trained on them is of
use to nobody: the set says so by its name, and so do the records of every model that learns from it.
"""

from __future__ import annotations

import argparse
import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import cv2
import numpy as np

from mottling.errors import MottlingError
from mottling.training_set import PhotoToFreeze, Split, TrainingSet, write_training_set
from training.measuring.truths import TruePhoto, read_truths

__all__ = ["freeze_made", "main"]

_TRIAL = "made photographs"
_BORDER_EVERY = 2


def freeze_made(folders: Sequence[Path], out: Path, *, at: datetime, most: int | None = None) -> TrainingSet:
    """Write rendered photographs as a set of a trial.

    Args:
        folders: Of `training.synthesize`.
        out: Of the set; must not exist.
        at: When it is frozen.
        most: So many photographs at the most; None: all that a reader could score.

    Raises:
        TrainingRefused: A folder holds no photographs with their truth.
        ExportRefused: The folder of the set exists, or nobody could score any photograph.
    """
    scored = (one for folder in folders for one in read_truths(folder) if one.reading.score is not None)
    photos = (_to_freeze(one, number) for number, one in enumerate(islice(scored, most)))
    return write_training_set(out, photos, trial=_TRIAL, at=at)


def _to_freeze(truth: TruePhoto, number: int) -> PhotoToFreeze:
    return PhotoToFreeze(
        jpeg=truth.photo.read_bytes(),
        patient=hashlib.sha256(truth.cluster.encode()).hexdigest()[:16],
        status=truth.reading.status,
        score=truth.reading.score,
        mottling_png=None if number % _BORDER_EVERY else _border(truth),
    )


def _border(truth: TruePhoto) -> bytes | None:
    maps = truth.read_maps()
    if maps is None:
        return None
    written, png = cv2.imencode(".png", (maps.mottling == 1).astype(np.uint8))
    assert written
    return png.tobytes()


def _splits(made: TrainingSet) -> Iterator[str]:
    for split in Split:
        photos = made.of(split)
        patients = {one.patient for one in photos}
        yield f"{len(photos)} photographs of {len(patients)} patients for {split.value}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and freeze."""
    parser = argparse.ArgumentParser(prog="python -m training.freeze_made", description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the set; must not exist")
    parser.add_argument("--set", type=Path, action="append", required=True, help="rendered; repeatable")
    parser.add_argument("--most", type=int, help="photographs; all when not given")
    given = parser.parse_args(arguments)
    try:
        made = freeze_made(given.set, given.out, at=datetime.now(UTC), most=given.most)
    except MottlingError as error:
        print(error)
        return 1
    print(f"{given.out}: {'; '.join(_splits(made))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
