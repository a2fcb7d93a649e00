"""The made photographs that Mottling ships: what their `manifest.json` says of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from mottling.errors import SettingsRefused

__all__ = ["SHIPPED_PHOTOS", "MadePhoto", "read_made_photos"]

SHIPPED_PHOTOS = Path(__file__).parents[1] / "demo" / "photos"


class _Entry(BaseModel):
    """One object of the list in `manifest.json`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    score: Annotated[int, Field(ge=0, le=5)]
    """As rendered."""
    tone: Annotated[int, Field(ge=1, le=10)] | None = None
    """Monk scale, as rendered."""
    seed: int | None = None


@dataclass(frozen=True)
class MadePhoto:
    """One rendered photograph."""

    name: str
    """Of its file, without the ending."""
    data: bytes
    score: int
    tone: int | None


def read_made_photos(folder: Path) -> tuple[MadePhoto, ...]:
    """Read the photographs of a folder, in the order of its manifest.

    Raises:
        SettingsRefused: The manifest or a photograph is missing or not understood.
    """
    try:
        entries = TypeAdapter(list[_Entry]).validate_json((folder / "manifest.json").read_bytes())
        photos = tuple(
            MadePhoto(Path(one.file).stem, (folder / one.file).read_bytes(), one.score, one.tone)
            for one in entries
        )
    except OSError as error:
        raise SettingsRefused(
            f"The made photographs cannot be read: {error.filename} ({error.strerror})",
            remedy="Install the package whole, or give a folder with photographs and manifest.json",
        ) from error
    except ValidationError as error:
        problem = error.errors()[0]
        raise SettingsRefused(
            f"manifest.json, {'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}",
            remedy="Give a list of objects with file, score and tone",
        ) from error
    if not photos:
        raise SettingsRefused("manifest.json names no photograph", remedy="Add at least one")
    return photos
