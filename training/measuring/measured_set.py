"""The record of a measuring set made of real photographs: `truth.jsonl`, one `MeasuredPhoto` a line."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mottling.errors import TrainingRefused
from mottling.scale import Status

__all__ = ["TRUTH", "Kind", "MeasuredKnee", "MeasuredPhoto", "View", "read_measured", "write_measured"]

TRUTH = "truth.jsonl"

FileName = Annotated[str, Field(pattern=r"^[\w.-]+$")]


class Kind(StrEnum):
    """What a photograph is of."""

    HEALTHY = "healthy"
    """Bare legs as they were photographed: no mottling anywhere."""
    PAINTED = "painted"
    """The same with mottling painted on, by another painter than that of training."""
    GARMENT = "garment"
    OTHER_SKIN = "other_skin"
    """Diseases of the skin and other parts of the body: none of it is mottling."""
    UNREADABLE = "unreadable"


class View(StrEnum):
    """How much of the legs is in the picture."""

    FULL = "full"
    """As it lies in the folder of real photographs."""
    CUT = "cut"
    """A part around a knee, as from a nurse who steps closer."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasuredKnee(_Record):
    """Where a kneecap is, in pixels."""

    x: float
    y: float
    reach_px: Annotated[float, Field(gt=0)]
    """A quarter of the distance from knee to ankle: so far off still counts as found."""


class MeasuredPhoto(_Record):
    """One photograph and what is true of it. Files lie beside the list."""

    file: FileName
    kind: Kind
    cluster: str
    """The person, or the file in the folder of real photographs where there is none."""
    tone: Literal["light", "medium", "dark"] | None = None
    status: Literal[Status.SCORED, Status.AT_LEAST, Status.NOT_ASSESSABLE]
    score: Annotated[int, Field(ge=0, le=5)] | None
    visible_up_to: Annotated[int, Field(ge=0, le=5)] = 0
    """Highest zone whose skin is surely in view; 0 where nobody can say."""
    knees: tuple[MeasuredKnee, ...] = ()
    twin: FileName | None = None
    """The same photograph without its mottling."""
    maps: FileName | None = None
    """8-bit PNG: zones in red and mottling in green, both with 255 unknown, the leg (1, 2) in blue."""
    view: View = View.FULL

    @model_validator(mode="after")
    def _score_fits_status(self) -> Self:
        if (self.score is None) != (self.status is Status.NOT_ASSESSABLE):
            raise ValueError(f"status {self.status.value!r} does not go with score {self.score}")
        return self


def write_measured(folder: Path, photos: Iterable[MeasuredPhoto]) -> None:
    """Write the list, whole or not at all."""
    partial = folder / f"{TRUTH}.partial"
    partial.write_text("".join(photo.model_dump_json() + "\n" for photo in photos), "utf-8")
    partial.replace(folder / TRUTH)


def read_measured(folder: Path) -> tuple[MeasuredPhoto, ...]:
    """Read the list of a folder.

    Raises:
        TrainingRefused: There is none, or a line is not understood.
    """
    try:
        lines = (folder / TRUTH).read_bytes().splitlines()
    except OSError as error:
        raise TrainingRefused(
            f"{folder} holds no {TRUTH}: {error.strerror}", remedy="Make it with python -m training.measured"
        ) from error
    return tuple(_read_line(number, line) for number, line in enumerate(lines, start=1))


def _read_line(number: int, line: bytes) -> MeasuredPhoto:
    try:
        return MeasuredPhoto.model_validate_json(line)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise TrainingRefused(
            f"{TRUTH}, line {number}: {where}: {problem['msg']}",
            remedy="Make the set again with python -m training.measured",
        ) from error
