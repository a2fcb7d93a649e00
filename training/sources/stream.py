"""An endless stream of batches, mixed from several sources, the same for the same seed and step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from typing import NamedTuple, Protocol

import cv2
import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from mottling.imaging.preprocess import normalise
from mottling.scale import MAX_SCORE, Zone
from training.augmentation.augment import Augmentation, Strength
from training.network.losses import Target
from training.samples import UNKNOWN, LabelMap, Sample
from training.synthetic.labels import LEAST_SHARE

__all__ = ["Batch", "Source", "Stream", "StreamSettings", "batches", "collate", "score_in_view"]

# Maps are predicted at a quarter of the picture's side.
STRIDE = 4

# A zone counts as mottled from this share of its visible skin on; below that no reader would see it.
_MIN_MOTTLED_SHARE = LEAST_SHARE
_MIN_MOTTLED_PX = 4

# Part of a 4 x 4 block that must be mottled, or known, for the block to be.
_BLOCK_SHARE = 0.4


class Source(Protocol):
    """Where samples come from."""

    def draw(self, rng: np.random.Generator) -> Sample:
        """Draw one sample."""


class Batch(NamedTuple):
    """Photographs (N, 3, H, W), normalised, and what is known of them."""

    photos: Tensor
    target: Target


@dataclass(frozen=True)
class StreamSettings:
    """What a batch is made of."""

    size_px: int = 256
    batch_size: int = 16
    twin_share: float = 0.5
    """Part of the mottled samples that bring their clean twin into the batch."""
    strength: Strength = field(default_factory=Strength)


class Stream(IterableDataset[Batch]):
    """Batches from weighted sources, each decided by the seed and its step."""

    def __init__(
        self,
        sources: Sequence[tuple[Source, float]],
        *,
        settings: StreamSettings,
        seed: int,
        start: int,
        rank: int = 0,
    ) -> None:
        """Mix the sources.

        Args:
            sources: Each with its weight.
            settings: What a batch is made of.
            seed: Of the whole run.
            start: The step at which the stream begins: a resumed run sees what it would have seen.
            rank: Which of the processes that train together draws from it: each sees other pictures.
        """
        self._sources = [source for source, _ in sources]
        weights = np.array([weight for _, weight in sources], float)
        self._shares = weights / weights.sum()
        self._settings = settings
        self._seed = seed
        self._start = start
        self._rank = rank

    def __iter__(self) -> Iterator[Batch]:
        cv2.setNumThreads(0)  # the cores belong to the network
        worker = get_worker_info()
        first, every = (0, 1) if worker is None else (worker.id, worker.num_workers)
        augmentation = Augmentation(self._settings.size_px, strength=self._settings.strength, seed=self._seed)
        for step in count(self._start + first, every):
            # Of the step alone: neither where a run was cut off nor how many workers draw changes a batch.
            rng = np.random.default_rng((self._seed, step, self._rank))
            augmentation.begin(int(rng.integers(2**31)))
            yield collate(self._fill(rng, augmentation))

    def _fill(self, rng: np.random.Generator, augmentation: Augmentation) -> list[tuple[Sample, int]]:
        """Draw until the batch is full: each sample with the index of its twin, or -1."""
        filled: list[tuple[Sample, int]] = []
        while len(filled) < self._settings.batch_size:
            source = self._sources[int(rng.choice(len(self._sources), p=self._shares))]
            sample = augmentation(source.draw(rng))
            room = len(filled) + 1 < self._settings.batch_size
            if sample.twin is not None and room and rng.random() < self._settings.twin_share:
                filled.append((sample, len(filled) + 1))
                filled.append((sample.clean(), -1))
            else:
                filled.append((sample, -1))
        return filled


def batches(stream: Stream, *, workers: int) -> Iterator[Batch]:
    """Run a stream in other processes, a few batches ahead."""
    loader: DataLoader[Batch] = DataLoader(
        stream, batch_size=None, num_workers=workers, prefetch_factor=4 if workers else None
    )
    return iter(loader)


def collate(samples: Sequence[tuple[Sample, int]]) -> Batch:
    """Stack samples of one size to a batch, with maps at a quarter of the side."""
    bounded = [score_in_view(sample) for sample, _ in samples]
    photos = np.stack([normalise(sample.photo) for sample in bounded])  # (N, 3, H, W)
    readable = [float("nan") if s.readable is None else float(s.readable) for s in bounded]
    return Batch(
        torch.from_numpy(photos),
        Target(
            zones=_stack([_coarse_zones(sample.zones) for sample in bounded]),
            mottling=_stack([_coarse_mottling(sample.mottling) for sample in bounded]),
            at_least=torch.tensor([sample.at_least for sample in bounded]),
            at_most=torch.tensor([sample.at_most for sample in bounded]),
            has_score=torch.tensor([s.at_least > 0 or s.at_most < MAX_SCORE for s in bounded]),
            readable=torch.tensor(readable),
            twin=torch.tensor([twin for _, twin in samples]),
        ),
    )


def score_in_view(sample: Sample) -> Sample:
    """Narrow the bounds of the score to what the maps show, after a cut has taken part of the leg.

    Without maps the bounds stay as they came.
    """
    if bool((sample.zones == UNKNOWN).all()):
        return sample
    sure = _highest_zone(sample.zones, sample.mottling == 1)
    if bool((sample.mottling == UNKNOWN).any()) or bool((sample.zones == UNKNOWN).any()):
        possible = (sample.mottling != 0) & (sample.zones != Zone.NOT_SKIN)
        unsure = bool((possible & (sample.zones == UNKNOWN)).any())
        highest = MAX_SCORE if unsure else _highest_zone(sample.zones, possible)
        return replace(sample, at_least=sure, at_most=min(sample.at_most, max(sure, highest)))
    return replace(sample, at_least=sure, at_most=sure)


def _highest_zone(zones: LabelMap, marked: np.ndarray[tuple[int, int], np.dtype[np.bool_]]) -> int:
    for zone in range(MAX_SCORE, 0, -1):
        inside = zones == zone
        count = int((marked & inside).sum())
        if count >= _MIN_MOTTLED_PX and count >= _MIN_MOTTLED_SHARE * int(inside.sum()):
            return zone
    return 0


def _coarse_zones(zones: LabelMap) -> LabelMap:
    return np.ascontiguousarray(zones[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE])


def _coarse_mottling(mottling: LabelMap) -> LabelMap:
    height, width = mottling.shape
    blocks = mottling.reshape(height // STRIDE, STRIDE, width // STRIDE, STRIDE)
    mottled = (blocks == 1).mean(axis=(1, 3)) >= _BLOCK_SHARE
    unknown = (blocks == UNKNOWN).mean(axis=(1, 3)) >= _BLOCK_SHARE
    return np.where(mottled, 1, np.where(unknown, UNKNOWN, 0)).astype(np.uint8)


def _stack(maps: Sequence[LabelMap]) -> Tensor:
    return torch.from_numpy(np.stack(maps).astype(np.int64))
