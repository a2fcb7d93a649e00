"""The mottled border as a reader drew it: patches, in pixels of the picture that was shown."""

from __future__ import annotations

from typing import Annotated, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from mottling.errors import RecordRefused
from mottling.trial.records import Code, Record, Sha256

__all__ = ["Marking", "Outline", "Patch", "Point", "read_outline"]

_MOST_PATCHES = 40
_MOST_CORNERS = 500
_MOST_CORNERS_IN_ALL = 4000
_LARGEST_SIDE_PX = 4096
# A line, or what a finger leaves that touches the photograph: no reader sees mottling in it.
_LEAST_AREA_PX = 25

_Px = Annotated[int, Field(ge=0, lt=_LARGEST_SIDE_PX, strict=True)]


class Point(NamedTuple):
    """A corner, in pixels from the centre of the top-left one."""

    x: _Px
    y: _Px


class Patch(BaseModel):
    """One mottled patch: its corners in the order of drawing; the last is joined to the first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corners: Annotated[tuple[Point, ...], Field(min_length=3, max_length=_MOST_CORNERS)]

    @model_validator(mode="after")
    def _has_an_area(self) -> Self:
        if _area_px(self.corners) < _LEAST_AREA_PX:
            raise ValueError("a patch is a line or a dot")
        return self


class Outline(BaseModel):
    """All that a reader found mottled on one photograph; what lies outside is not mottled."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    width_px: Annotated[int, Field(ge=1, le=_LARGEST_SIDE_PX, strict=True)]
    """Of the picture that was shown, which is upright."""
    height_px: Annotated[int, Field(ge=1, le=_LARGEST_SIDE_PX, strict=True)]
    patches: Annotated[tuple[Patch, ...], Field(min_length=1, max_length=_MOST_PATCHES)]

    @model_validator(mode="after")
    def _lies_on_the_picture(self) -> Self:
        corners = [corner for patch in self.patches for corner in patch.corners]
        if len(corners) > _MOST_CORNERS_IN_ALL:
            raise ValueError(f"{len(corners)} corners are more than {_MOST_CORNERS_IN_ALL}")
        if any(corner.x >= self.width_px or corner.y >= self.height_px for corner in corners):
            raise ValueError("a patch lies outside the photograph")
        return self


class Marking(Record):
    """The mottled border that goes with one answer of one reader. Optional, and no answer needs it."""

    reading_id: Code
    photo_id: Code
    answer_sha256: Sha256
    """Hash of the record whose answer it goes with: the reading, or a change of it."""
    outline: Outline


def read_outline(text: str) -> Outline | None:
    """Read what the page sends; nothing where nothing was marked.

    Raises:
        RecordRefused: It is no outline, too much, or lies outside the picture.
    """
    if not text:
        return None
    try:
        return Outline.model_validate_json(text)
    except ValidationError as error:
        raise RecordRefused(
            f"The marked border cannot be kept: {error.errors()[0]['msg']}",
            remedy="Clear the marking and draw it again, or lock without one",
        ) from error


def _area_px(corners: tuple[Point, ...]) -> float:
    """Measure a polygon (shoelace formula); parts that cross themselves count against each other."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(one.x * next_.y - next_.x * one.y for one, next_ in pairs)) / 2
