"""What the runtime saw of each photograph of a set, kept in a file: a call that was cut off goes on there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict
from tqdm import tqdm

from mottling.imaging.scoring import LegEvidence
from mottling.imaging.segmentation import Segmentation
from mottling.scale import LegReading
from training.measuring.truths import TruePhoto
from training.rules.fitting import Observed, ZoneLabel
from training.rules.observing import observe

__all__ = ["observe_once"]


class _Kept(BaseModel):
    """One line."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: str
    truth: LegReading
    legs: tuple[LegEvidence, ...]
    labels: tuple[ZoneLabel, ...]
    readable: float


def observe_once(photos: tuple[TruePhoto, ...], network: Segmentation, *, kept: Path) -> tuple[Observed, ...]:
    """Look at every photograph that the file does not hold yet; gives all, in the order of the photographs.

    Args:
        photos: With what is true of them.
        network: That looks; the file is of this one alone.
        kept: A line a photograph; begun where there is none.
    """
    known = {line.file: line for line in _read(kept)}
    with kept.open("a", encoding="utf-8") as file:
        for photo in tqdm(
            [one for one in photos if one.photo.name not in known], unit="photo", mininterval=5
        ):
            line = _look(photo, network)
            known[line.file] = line
            file.write(line.model_dump_json() + "\n")
            file.flush()
    return tuple(_observed(known[one.photo.name], one.cluster) for one in photos)


def _look(photo: TruePhoto, network: Segmentation) -> _Kept:
    seen = observe(photo, network, set_name="")
    return _Kept(
        file=photo.photo.name, truth=seen.truth, legs=seen.legs, labels=seen.labels, readable=seen.readable
    )


def _observed(line: _Kept, cluster: str) -> Observed:
    return Observed(line.truth, line.legs, line.labels, line.readable, "", group=cluster)


def _read(kept: Path) -> Iterator[_Kept]:
    """Read whole lines; one that was cut off is looked at again."""
    if not kept.exists():
        return
    text = kept.read_text("utf-8")
    whole = text[: text.rfind("\n") + 1]
    if whole != text:
        kept.write_text(whole, "utf-8")
    for line in whole.splitlines():
        yield _Kept.model_validate_json(line)
