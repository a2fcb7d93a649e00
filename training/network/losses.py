"""What a good answer is: zones, mottling, score, readability, painted above clean, quiet where it gleams."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from mottling.scale import MAX_SCORE, Zone
from training.network.mottling_network import Prediction

__all__ = ["IGNORE", "LossWeights", "Losses", "Target", "losses"]

# A pixel nobody can label: real skin outside a mask, a net too faint to see, a landmark's doubt.
IGNORE = 255

# The coin is one part in a thousand of a picture and decides between 0, 1 and 2.
_ZONE_WEIGHTS = (1.0, 4.0, 1.0, 1.0, 1.2, 1.5)

# Mottling is asked for on skin; elsewhere it is only kept quiet.
_OFF_SKIN_WEIGHT = 0.25

# A painted leg and its clean twin should differ by this much, in logits, where the paint shows.
_TWIN_MARGIN = 3.0

# The runtime reads a zone at its 98th percentile: the mean of so many of its cells stands for that.
_EVIDENCE_SHARE = 0.04

# A zone with less of it mottled, but some, has no sure truth.
_MOTTLED_ZONE_SHARE = 0.05

# One cell, added above and below: a zone of a few cells has a slope, and nothing beside nothing is alike.
_EPS = 1.0

Joined = Callable[[Tensor], Tensor]
"""Adds up a vector of sums over the processes that train together."""


class Target(NamedTuple):
    """What is known of a batch; everything may be unknown.

    zones and mottling (N, H/4, W/4) int64 with `IGNORE`; at_least and at_most (N,) int64 bound the score;
    has_score (N,) bool; readable (N,) float, nan unknown; twin (N,) int64, index of the clean twin or -1.
    """

    zones: Tensor
    mottling: Tensor
    at_least: Tensor
    at_most: Tensor
    has_score: Tensor
    readable: Tensor
    twin: Tensor


@dataclass(frozen=True)
class LossWeights:
    """How much each part counts."""

    zones: float = 1.0
    zones_dice: float = 0.5
    mottling: float = 2.0
    mottling_dice: float = 0.5
    ordinal: float = 0.4
    readable: float = 0.1
    twin: float = 0.3
    evidence: float = 0.0


class Losses(NamedTuple):
    """Each part before its weight, and the weighted sum."""

    total: Tensor
    zones: Tensor
    mottling: Tensor
    ordinal: Tensor
    readable: Tensor
    twin: Tensor
    evidence: Tensor


def _as_it_is(sums: Tensor) -> Tensor:
    return sums


def losses(
    prediction: Prediction, target: Target, *, weights: LossWeights, joined: Joined = _as_it_is
) -> Losses:
    """Compare what the network says with what is known.

    Args:
        prediction: What the network says of a batch.
        target: What is known of it.
        weights: How much each part counts.
        joined: Adds up over the processes that train together. Every part is made of sums over pictures, so
            that each process then holds the loss of the batch of all.
    """
    zone_logits, mottling_logits = prediction.zones.float(), prediction.mottling.float()[:, 0]
    own = (
        _zone_entropy(zone_logits, target.zones),
        _zone_overlap(zone_logits, target.zones),
        _mottling_entropy(mottling_logits, target),
        _mottling_dice(mottling_logits, target.mottling),
        _ordinal_entropy(prediction.ordinal.float(), target),
        _readable_entropy(prediction.readable.float()[:, 0], target.readable),
        _twin_difference(mottling_logits, target),
        _zone_evidence(mottling_logits, target),
    )
    sums = torch.split(joined(torch.cat(own)), [len(part) for part in own])
    zones, mottling, mottling_dice, ordinal, readable, twin = (_mean(part) for part in (sums[0], *sums[2:-1]))
    evidence = (_mean(sums[-1][:2]) + _mean(sums[-1][2:])) / 2
    total = (
        weights.zones * zones
        + weights.zones_dice * _zone_dice(sums[1])
        + weights.mottling * mottling
        + weights.mottling_dice * mottling_dice
        + weights.ordinal * ordinal
        + weights.readable * readable
        + weights.twin * twin
        + weights.evidence * evidence
    )
    return Losses(total, zones, mottling, ordinal, readable, twin, evidence)


def _mean(sums: Tensor) -> Tensor:
    """Divide a sum by its count, or weight: (2,) to a number, 0 where nothing was counted."""
    return sums[0] / sums[1].clamp(min=1)


def _zone_entropy(logits: Tensor, zones: Tensor) -> Tensor:
    weight = logits.new_tensor(_ZONE_WEIGHTS)
    entropy = functional.cross_entropy(logits, zones, weight=weight, ignore_index=IGNORE, reduction="sum")
    return torch.stack([entropy, (zones != IGNORE).sum()])  # (2,)


def _zone_overlap(logits: Tensor, zones: Tensor) -> Tensor:
    """Count, zone by zone and background left out, what is in both, in what is said, in the truth."""
    known = (zones != IGNORE)[:, None]  # (N, 1, h, w)
    truth = functional.one_hot(zones.where(zones != IGNORE, 0), len(Zone)).permute(0, 3, 1, 2) * known
    share = logits.softmax(dim=1) * known
    counts = (share * truth, share, truth)
    return torch.cat([count.sum(dim=(0, 2, 3))[1:] for count in counts])  # (3 * 5,)


def _zone_dice(overlap: Tensor) -> Tensor:
    """One minus soft Dice of each zone that is in the batch.

    Of a zone that is not, the quotient is near 0 however few cells are wrong: the entropy speaks of those.
    """
    both, ours, truth = overlap.chunk(3)  # (5,) each
    dice = (2 * both + _EPS) / (ours + truth + _EPS)
    present = truth > 0
    return _mean(torch.stack([((1 - dice) * present).sum(), present.sum()]))


def _mottling_entropy(logits: Tensor, target: Target) -> Tensor:
    known = target.mottling != IGNORE
    off_skin = target.zones == Zone.NOT_SKIN
    weight = known * torch.where(off_skin, _OFF_SKIN_WEIGHT, 1.0)
    truth = (target.mottling == 1).float()
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    return torch.stack([(entropy * weight).sum(), weight.sum()])  # (2,)


def _mottling_dice(logits: Tensor, mottling: Tensor) -> Tensor:
    """One minus soft Dice of each mottled picture, so that a small patch counts like a large one.

    Clean pictures are left out for the same reason as zones that are not there.
    """
    known = (mottling != IGNORE).float()
    truth = (mottling == 1).float()
    present = truth.sum(dim=(1, 2)) > 0
    share = logits.sigmoid() * known
    both = (share * truth).sum(dim=(1, 2))
    either = share.sum(dim=(1, 2)) + truth.sum(dim=(1, 2))
    distance = 1 - (2 * both + _EPS) / (either + _EPS)
    return torch.stack([(distance * present).sum(), present.sum()])  # (2,)


def _ordinal_entropy(logits: Tensor, target: Target) -> Tensor:
    """Ask `score >= k` only where the known bounds answer it."""
    steps = torch.arange(1, MAX_SCORE + 1, device=logits.device)[None]  # (1, 5)
    yes = steps <= target.at_least[:, None]
    no = steps > target.at_most[:, None]
    known = (yes | no) & target.has_score[:, None]
    entropy = functional.binary_cross_entropy_with_logits(logits, yes.float(), reduction="none")
    return torch.stack([(entropy * known).sum(), known.sum()])  # (2,)


def _readable_entropy(logits: Tensor, readable: Tensor) -> Tensor:
    known = ~readable.isnan()
    truth = readable.nan_to_num(0.0)
    entropy = functional.binary_cross_entropy_with_logits(logits, truth, reduction="none")
    return torch.stack([(entropy * known).sum(), known.sum()])  # (2,)


def _twin_difference(logits: Tensor, target: Target) -> Tensor:
    """Where the paint shows, the painted leg stands above its clean twin."""
    painted = (target.twin >= 0).nonzero()[:, 0]
    clean = target.twin[painted]
    shows = (target.mottling[painted] == 1).float()
    gap = logits[painted] - logits[clean]
    return torch.stack([(functional.softplus(_TWIN_MARGIN - gap) * shows).sum(), shows.sum()])  # (2,)


def _zone_evidence(logits: Tensor, target: Target) -> Tensor:
    """Ask each zone's highest cells, which decide its score, whether it is mottled.

    Per pixel, a gleam of a few cells on a healthy knee costs next to nothing, and is an alarm. Sums and
    counts of mottled and of clean zones, apart: they weigh alike, however many more are clean.
    """
    parts = [logits.new_zeros(4)]
    known = target.mottling != IGNORE
    # Skin without a known zone is asked as one more: close-ups, and what is no leg at all.
    places = [target.zones == zone for zone in list(Zone)[1:]] + [target.zones == IGNORE]
    for place in places:
        for picture in (place & known).flatten(1).any(dim=1).nonzero()[:, 0].tolist():
            here = (place & known)[picture]
            parts.append(_evidence_entropy(logits[picture][here], target.mottling[picture][here] == 1))
    return torch.stack(parts).sum(dim=0)  # (4,)


def _evidence_entropy(logits: Tensor, mottled: Tensor) -> Tensor:
    """Of one zone: its entropy and a 1 among the mottled ones, or among the clean ones, or nothing."""
    share = float(mottled.float().mean())
    nothing = logits.new_zeros(2)
    if 0 < share < _MOTTLED_ZONE_SHARE:
        return torch.cat([nothing, nothing])
    highest = logits.topk(math.ceil(_EVIDENCE_SHARE * len(logits))).values.mean()
    asked = torch.stack([functional.softplus(-highest if share else highest), logits.new_ones(())])
    return torch.cat([asked, nothing] if share else [nothing, asked])
