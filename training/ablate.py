"""Takes one idea of the runtime away or adds one: `python -m training.ablate ROW --model NAME --set DIR`.

The same network looks at the same photographs twice, as it is and as the row says. The rules of scoring are
fitted anew for both, each third of the views or persons by the other two, so that neither has an advantage.
What came of the rows stands in docs/validation/ablations.md.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import structs

from mottling.errors import MottlingError, TrainingRefused
from mottling.imaging.contract import ModelContract
from mottling.imaging.preprocess import Fitted
from mottling.imaging.segmentation import Look, Segmentation
from mottling.registry import Registry
from training.compare import Pairs, differences, lines_of
from training.measuring.metrics import Figure, Ints
from training.measuring.outcomes import NONE
from training.measuring.truths import TruePhoto, read_truths
from training.network.onnx_file import contract_of, with_contract
from training.rules.fitting import Observed, fit_rules, patient_score
from training.rules.observing import observe
from training.spread import spread
from training.tones import Tone

__all__ = ["ROWS", "Row", "ablate", "main"]

_FOLDS = 3
_SEED = 1


class Mirrored(Segmentation):
    """Looks at each picture twice, the second time in a mirror, and takes the mean of the maps."""

    def look(self, fitted: Fitted) -> Look:
        """Look at one picture and at its mirror image."""
        turned = fitted.pixels.copy()
        shown = turned[:, : fitted.frame.width]
        shown[:] = shown[:, ::-1].copy()
        one, other = super().look(fitted), super().look(replace(fitted, pixels=turned))
        return replace(
            one,
            zones=np.mean([one.zones, other.zones[:, :, ::-1]], axis=0, dtype=np.float32),
            mottling=np.mean([one.mottling, other.mottling[:, ::-1]], axis=0, dtype=np.float32),
        )


@dataclass(frozen=True)
class Row:
    """One thing that is done otherwise."""

    says: str
    looks: Mapping[str, Any] = field(default_factory=dict)
    """What is otherwise in `Looks`."""
    percentile: float | None = None
    network: type[Segmentation] = Segmentation

    def change(self, contract: ModelContract) -> ModelContract:
        """Give the contract under which the network looks."""
        scoring = contract.scoring
        if self.percentile is not None:
            scoring = structs.replace(scoring, percentile=self.percentile)
        return structs.replace(contract, looks=structs.replace(contract.looks, **self.looks), scoring=scoring)


_AS_IT_IS = Row("as it is")

ROWS = {
    "one-look": Row("no second look at small legs", looks={"closer_below": 0.0}),
    "looks-320": Row("both looks at 320 px", looks={"first_px": 320, "second_px": 320}),
    "looks-512": Row("both looks at 512 px", looks={"first_px": 512, "second_px": 512}),
    "percentile-94": Row("a zone read at its 94th percentile", percentile=94.0),
    "percentile-99": Row("a zone read at its 99th percentile", percentile=99.0),
    "mirrored": Row("a second look in a mirror", network=Mirrored),
}


def ablate(
    row: Row, *, model: str, models: Path, sets: Sequence[Path], workers: int = 2
) -> dict[str, Figure]:
    """Score the photographs as the row says and as it is.

    Args:
        row: What is done otherwise.
        model: Name in the registry.
        models: Folder of the registry.
        sets: Measuring sets or rendered ones.
        workers: Processes.

    Returns:
        The row's figures minus those of the model as it is, with 95 % intervals over views or persons.

    Raises:
        ModelRefused: There is no such model, or its file was altered.
        TrainingRefused: No photograph has a score.
    """
    data = Registry.open(models).find(model).load()
    photos = [photo for folder in sets for photo in read_truths(folder) if photo.reading.score is not None]
    if len({photo.cluster for photo in photos}) < _FOLDS:
        raise TrainingRefused(
            f"There are {len(photos)} photographs with a score, of fewer than {_FOLDS} views or persons",
            remedy="Give a larger set",
        )
    cluster = np.unique([photo.cluster for photo in photos], return_inverse=True)[1].astype(np.int64)
    ours = [_scores(data, one, photos, cluster, workers=workers) for one in (_AS_IT_IS, row)]
    truth = np.array([photo.reading.score for photo in photos], np.int64)
    tones = list(Tone)
    tone = np.array([tones.index(photo.tone) for photo in photos], np.int64)
    return differences(Pairs(truth, ours[0], ours[1], cluster, tone))


def _scores(data: bytes, row: Row, photos: Sequence[TruePhoto], cluster: Ints, *, workers: int) -> Ints:
    """Score each photograph by rules that were fitted to the other folds."""
    contract = row.change(contract_of(data))
    work = partial(_observe_some, with_contract(data, contract), row.network)
    observed = spread(work, photos, workers=workers, unit="photo")
    fold_of = np.random.default_rng(_SEED).integers(_FOLDS, size=int(cluster.max()) + 1)[cluster]
    scores = np.full(len(photos), NONE, np.int64)
    for fold in range(_FOLDS):
        others = [one for one, its in zip(observed, fold_of, strict=True) if its != fold]
        rules = fit_rules(others, start=contract.scoring)
        for number in np.flatnonzero(fold_of == fold):
            score = patient_score(observed[number], rules=rules).reading.score
            scores[number] = NONE if score is None else score
    return scores


def _observe_some(data: bytes, network: type[Segmentation], photos: Sequence[TruePhoto]) -> list[Observed]:
    looking = network(data, name="model", threads=1)
    return [observe(photo, looking, set_name=photo.photo.parent.name) for photo in photos]


def tell(row: Row, found: dict[str, Figure]) -> str:
    """Say what was found, for a person."""
    return "\n".join([f"{row.says}, minus the model as it is", *lines_of(found)])


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, and print what came of each row."""
    parser = argparse.ArgumentParser(prog="python -m training.ablate", description=__doc__)
    parser.add_argument("rows", nargs="+", choices=sorted(ROWS), help="what is done otherwise")
    parser.add_argument("--model", required=True, help="name in the registry")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--set", type=Path, action="append", required=True, help="photographs; repeatable")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args(arguments)
    try:
        for name in given.rows:
            found = ablate(
                ROWS[name], model=given.model, models=given.models, sets=given.set, workers=given.workers
            )
            print(tell(ROWS[name], found))
    except MottlingError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
