"""Two readers, a third when they differ. A verdict is always a reading that a person gave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mottling.scale import Status
from mottling.trial.records import Answer, Reading

__all__ = ["PhotoToRead", "agree", "settling_reading", "wants_reader"]


@dataclass(frozen=True)
class PhotoToRead:
    """How far the committee has come with one photograph."""

    photo_id: str
    readers: frozenset[str]
    """To whom it was given, and who is still expected to read it or has read it."""
    readings: tuple[Reading, ...]
    """What was locked, the earliest first."""


def agree(one: Answer, other: Answer) -> bool:
    """Say whether two answers say the same; why a photograph cannot be judged may differ."""
    if one.status is Status.NOT_ASSESSABLE:
        return other.status is Status.NOT_ASSESSABLE
    return (one.status, one.score) == (other.status, other.score)


def settling_reading(readings: Sequence[Reading], *, readers_per_photo: int) -> Reading | None:
    """Choose the reading that is the verdict: the earliest when all agree, the third when two differ.

    Args:
        readings: What was locked, the earliest first; each by another reader.
        readers_per_photo: How many read every photograph.

    Returns:
        None as long as a reader is missing.
    """
    first = readings[:readers_per_photo]
    if len(first) < readers_per_photo:
        return None
    if all(agree(first[0].answer, reading.answer) for reading in first):
        return first[0]
    return readings[readers_per_photo] if len(readings) > readers_per_photo else None


def wants_reader(photo: PhotoToRead, *, readers_per_photo: int) -> bool:
    """Say whether a photograph should be given to one more reader."""
    if settling_reading(photo.readings, readers_per_photo=readers_per_photo) is not None:
        return False
    differ = len(photo.readings) >= readers_per_photo
    return len(photo.readers) < readers_per_photo + differ
