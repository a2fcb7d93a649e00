"""The frozen folder of read photographs: written once by the office, read by training.

    set.json          what this is, of which trial, when it was frozen, the manifest's sha256
    manifest.jsonl    one `FrozenPhoto` a line
    photos/           JPEG without EXIF, upright, named by their sha256
    maps/             8-bit PNG of zones (0-5) or mottling (0, 1, 255 unknown), where somebody drew them

A patient is in one split only, and stays there in every later set of the same trial.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal, Self

from PIL import Image
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from mottling.errors import ExportRefused, TrainingRefused
from mottling.scale import Status

__all__ = [
    "FrozenPhoto",
    "PhotoToFreeze",
    "SetHeader",
    "Split",
    "TrainingSet",
    "read_training_set",
    "split_of",
    "write_training_set",
]

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
PhotoPath = Annotated[str, Field(pattern=r"^photos/[0-9a-f]{64}\.jpg$")]
MapPath = Annotated[str, Field(pattern=r"^maps/[0-9a-f]{64}\.png$")]


class Split(StrEnum):
    """What a photograph may be used for."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


_TRAIN_PERCENT = 70
_VALIDATION_PERCENT = 15


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FrozenPhoto(_Record):
    """One photograph of the set, with what people said of it."""

    file: PhotoPath
    sha256: Sha256
    patient: str
    """A pseudonym: the same in every set of the trial, and no number of the trial."""
    split: Split
    status: Literal[Status.SCORED, Status.AT_LEAST, Status.NOT_ASSESSABLE]
    score: Annotated[int, Field(ge=0, le=5)] | None
    """0-5; a lower bound when the status is `at_least`; null when not assessable."""
    zones: MapPath | None = None
    mottling: MapPath | None = None
    tone: Annotated[int, Field(ge=1, le=10)] | None = None
    """Monk scale, as a person recorded it."""

    @model_validator(mode="after")
    def _score_fits_status(self) -> Self:
        if (self.score is None) != (self.status is Status.NOT_ASSESSABLE):
            raise ValueError(f"status {self.status.value!r} does not go with score {self.score}")
        return self


class SetHeader(_Record):
    """What a set is."""

    format: Literal[1] = 1
    trial: str
    frozen_at: AwareDatetime
    photographs: Annotated[int, Field(ge=1)]
    manifest_sha256: Sha256


@dataclass(frozen=True)
class PhotoToFreeze:
    """One photograph on its way into a set."""

    jpeg: bytes
    """Upright and without EXIF."""
    patient: str
    """The pseudonym."""
    status: Status
    score: int | None
    zones_png: bytes | None = None
    mottling_png: bytes | None = None
    tone: int | None = None


@dataclass(frozen=True)
class TrainingSet:
    """A set whose every file was found to be what was written."""

    folder: Path
    header: SetHeader
    photos: tuple[FrozenPhoto, ...]

    def of(self, split: Split) -> tuple[FrozenPhoto, ...]:
        """Give the photographs of one split."""
        return tuple(photo for photo in self.photos if photo.split is split)


def split_of(patient: str) -> Split:
    """Put a patient into a split, by the hash of the pseudonym: always the same one."""
    percent = int.from_bytes(hashlib.sha256(patient.encode()).digest()[:8]) % 100
    if percent < _TRAIN_PERCENT:
        return Split.TRAIN
    return Split.VALIDATION if percent < _TRAIN_PERCENT + _VALIDATION_PERCENT else Split.TEST


def write_training_set(
    folder: Path, photos: Iterable[PhotoToFreeze], *, trial: str, at: datetime
) -> TrainingSet:
    """Write a set: all of it, or nothing.

    Args:
        folder: Where it will lie; must not exist.
        photos: What goes in.
        trial: Name of the trial.
        at: When it is frozen.

    Raises:
        ExportRefused: The folder exists, there is no photograph, or one of them still carries EXIF.
    """
    if folder.exists():
        raise ExportRefused(f"{folder} exists already", remedy="Name a folder that does not")
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        lines = _write_files(partial, photos)
        manifest = "".join(line.model_dump_json() + "\n" for line in lines).encode()
        header = SetHeader(
            trial=trial,
            frozen_at=at,
            photographs=len(lines),
            manifest_sha256=hashlib.sha256(manifest).hexdigest(),
        )
        (partial / "manifest.jsonl").write_bytes(manifest)
        (partial / "set.json").write_text(header.model_dump_json(indent=2) + "\n", encoding="utf-8")
        partial.rename(folder)
    except OSError as error:
        raise ExportRefused(
            f"The set could not be written: {error.strerror}", remedy="Make room or name another folder"
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return TrainingSet(folder, header, lines)


def _write_files(folder: Path, photos: Iterable[PhotoToFreeze]) -> tuple[FrozenPhoto, ...]:
    (folder / "photos").mkdir(parents=True)
    (folder / "maps").mkdir()
    lines = tuple(_write_photo(folder, photo) for photo in photos)
    if not lines:
        raise ExportRefused(
            "There is no photograph with a verdict", remedy="Freeze a set after the committee has read"
        )
    return tuple(sorted(lines, key=lambda line: (line.patient, line.sha256)))


def _write_photo(folder: Path, photo: PhotoToFreeze) -> FrozenPhoto:
    with Image.open(io.BytesIO(photo.jpeg)) as picture:
        if picture.getexif():
            raise ExportRefused(
                "A photograph still carries what the camera wrote", remedy="Give its derivative without EXIF"
            )
    return FrozenPhoto(
        file=_put(folder, "photos", photo.jpeg, ".jpg"),
        sha256=hashlib.sha256(photo.jpeg).hexdigest(),
        patient=photo.patient,
        split=split_of(photo.patient),
        status=photo.status,  # type: ignore[arg-type] # pydantic refuses ERROR
        score=photo.score,
        zones=_put(folder, "maps", photo.zones_png, ".png") if photo.zones_png else None,
        mottling=_put(folder, "maps", photo.mottling_png, ".png") if photo.mottling_png else None,
        tone=photo.tone,
    )


def _put(folder: Path, place: str, data: bytes, suffix: str) -> str:
    name = f"{place}/{hashlib.sha256(data).hexdigest()}{suffix}"
    (folder / name).write_bytes(data)
    return name


def read_training_set(folder: Path) -> TrainingSet:
    """Read a set and check every file of it against its sha256.

    Raises:
        TrainingRefused: The folder holds no set, or something in it is not what was written.
    """
    try:
        header = SetHeader.model_validate_json((folder / "set.json").read_bytes())
        manifest = (folder / "manifest.jsonl").read_bytes()
    except OSError as error:
        raise TrainingRefused(
            f"{folder} holds no frozen set: {error.strerror}", remedy="Make one with `mottling freeze OUT`"
        ) from error
    except ValidationError as error:
        raise TrainingRefused(
            f"set.json is not understood: {_first_problem(error)}", remedy="Freeze the set again"
        ) from error
    if hashlib.sha256(manifest).hexdigest() != header.manifest_sha256:
        raise TrainingRefused("manifest.jsonl is not what was written", remedy="Freeze the set again")
    photos = tuple(_read_line(number, line) for number, line in enumerate(manifest.splitlines(), start=1))
    for photo in photos:
        _check_files(folder, photo)
    return TrainingSet(folder, header, photos)


def _read_line(number: int, line: bytes) -> FrozenPhoto:
    try:
        return FrozenPhoto.model_validate_json(line)
    except ValidationError as error:
        raise TrainingRefused(
            f"manifest.jsonl, line {number}: {_first_problem(error)}", remedy="Freeze the set again"
        ) from error


def _check_files(folder: Path, photo: FrozenPhoto) -> None:
    for name in filter(None, (photo.file, photo.zones, photo.mottling)):
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            raise TrainingRefused(f"{name} cannot be read", remedy="Freeze the set again") from error
        if hashlib.sha256(data).hexdigest() != Path(name).stem:
            raise TrainingRefused(f"{name} is not what was written", remedy="Freeze the set again")


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    return f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
