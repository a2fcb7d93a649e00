"""The record of an evaluation, `evaluation.json`: every figure with its interval, and where it came from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from mottling.assessment import ModelName
from mottling.errors import TrainingRefused
from mottling.imaging.contract import MadeBy
from mottling.scale import LegReading
from training.measuring.metrics import Figure

__all__ = ["Evaluation", "Failure", "Figures", "ReliabilityBin", "SetReport", "read_evaluation"]

# By name: `training.measuring.figures` says what each is.
Figures = dict[str, Figure]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReliabilityBin(_Record):
    """Photographs with about the same probability of mottling."""

    predicted: float
    """Mean probability of a score above 0."""
    observed: float
    """Share of them that is mottled."""
    count: int


class Failure(_Record):
    """A photograph on which the model was far off."""

    photo: str
    """Name of its file in the folder of the set."""
    truth: LegReading
    ours: LegReading


class SetReport(_Record):
    """What was found on one set of photographs."""

    name: str
    sha256: str
    """Of the photographs that were measured, as `training.measuring.truths.hash_of` takes it."""
    photographs: Annotated[int, Field(ge=1)]
    groups: int
    """Views or persons."""
    left_out: int
    """Photographs of the set on which the model was calibrated: not measured."""
    figures: Figures
    by_tone: dict[str, Figures]
    by_score: dict[str, Figures]
    by_view: dict[str, Figures] = {}
    """Empty in records from before it was taken; so is the next."""
    by_light: dict[str, Figures] = {}
    table: tuple[tuple[int, int, int, int, int, int, int], ...]
    """A row for each true score 0 to 5, a column for each of ours, and a last one for not assessable."""
    reliability: tuple[ReliabilityBin, ...] = ()
    failures: tuple[Failure, ...] = ()
    """The worst, not all of them."""


class Evaluation(_Record):
    """What was found of one model."""

    format: Literal[1] = 1
    command: str
    made_by: MadeBy
    model: ModelName
    calibrated: bool
    """False: with the rules of scoring as they were before calibration."""
    sets: tuple[SetReport, ...]

    def write(self, path: Path) -> None:
        """Write it whole or not at all."""
        partial = path.with_suffix(".partial")
        partial.write_text(self.model_dump_json(indent=1) + "\n", "utf-8")
        partial.replace(path)


def read_evaluation(path: Path) -> Evaluation:
    """Read an evaluation.

    Raises:
        TrainingRefused: There is none, or it is not understood.
    """
    try:
        return Evaluation.model_validate_json(path.read_bytes())
    except OSError as error:
        raise TrainingRefused(
            f"{path} cannot be read: {error.strerror}", remedy="Make it with python -m training.evaluate"
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise TrainingRefused(
            f"{path} is not understood: {where}: {problem['msg']}",
            remedy="Make it again with python -m training.evaluate",
        ) from error
