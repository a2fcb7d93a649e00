"""Which files are photographs, and what is said of each: for `mottling score` and `mottling rescore`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mottling.errors import PhotoRefused

if TYPE_CHECKING:
    from mottling.assessment import Assessment
    from mottling.imaging.assessor import Assessed, Assessor

__all__ = ["Desk", "find_photos"]

# What folders are searched for; a file that is named is read whatever its name.
_PHOTO_SUFFIXES = frozenset((".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".tif", ".tiff", ".mpo"))

# What --save writes is no photograph, should it lie in the folder that is searched.
_SAVED = (".zones.png", ".mottling.png", ".overlay.jpg")


@dataclass(frozen=True)
class Desk:
    """Scores one photograph after the other."""

    assessor: Assessor
    keep: Callable[[Assessed, Path], None] | None = None
    """Keeps what can be saved of a photograph that could be read."""

    def score(self, path: Path) -> Assessment:
        """Score one photograph, or say why it cannot be read."""
        # What is wrong with a path is said before anything is loaded.
        from mottling.imaging.assessor import unreadable  # noqa: PLC0415
        from mottling.imaging.photo import read_bytes  # noqa: PLC0415

        data = None
        try:
            data = read_bytes(path)
            assessed = self.assessor.assess(data, file=str(path))
        except PhotoRefused as refused:
            return unreadable(str(path), data, refused, model=self.assessor.model)
        if self.keep is not None:
            self.keep(assessed, path)
        return assessed.assessment


def find_photos(given: Sequence[str]) -> list[Path]:
    """List the files to score, in the order given; those of a folder sorted by name.

    Raises:
        PhotoRefused: There is no such file, or a folder holds no photograph.
    """
    files: list[Path] = []
    for name in given:
        path = Path(name)
        if path.is_dir():
            files += _photos_in(path)
        elif path.exists():
            files.append(path)
        else:
            raise PhotoRefused(f"There is no file {name}", remedy="Check the name; nothing was scored")
    return files


def _photos_in(folder: Path) -> list[Path]:
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in _PHOTO_SUFFIXES
        and not path.name.startswith(".")
        and not path.name.endswith(_SAVED)
        and path.is_file()
    ]
    if not found:
        raise PhotoRefused(
            f"The folder {folder} holds no photograph",
            remedy=f"Name a folder with photographs ({', '.join(sorted(_PHOTO_SUFFIXES))})",
        )
    return sorted(found)
