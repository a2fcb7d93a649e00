"""Trains the mottling head alone, on what the rest of a network shows of photographs that were read.

The head is the mix of 64 filters and the line through them that say of each cell of skin whether it is
mottled: some 4,000 of a million numbers. The rest stays as it is, so that a photograph passes through it
once, a retraining takes minutes on one core, and what twenty patients can spoil is little. Zones, legs and
knees do not change.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from msgspec.structs import replace
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from mottling.imaging.contract import ScoringRules
from mottling.imaging.scoring import LegEvidence, measure_leg
from mottling.scale import MAX_SCORE, LegReading, Status, Zone
from training.last_layer.head_cells import Cells
from training.network.mottling_network import MottlingNetwork
from training.rules.fitting import Observed, ZoneLabel, fit_set_mass
from training.rules.replay import Learnt, learn
from training.samples import UNKNOWN
from training.synthetic.labels import LEAST_SHARE

__all__ = ["Head", "HeadSettings", "fit_head", "learn_head", "seen_by"]

# As the network pools its maps.
_POOL_SHARPNESS = 12.0
_EPS = 1e-4

_CELLS = 512
"""Of a photograph, at most: a quarter of those that its legs fill."""


@dataclass(frozen=True)
class HeadSettings:
    """How the head is trained."""

    passes: float = 3.0
    """How often each photograph is met, unless there are too few of them."""
    least_steps: int = 60
    photos: int = 8
    """Of a step."""
    rate: float = 1e-3
    last_rate: float = 1e-5
    held: float = 0.02
    """How strongly each weight is held where it was: a penalty on the square of its way."""
    drawn: float = 2.0
    """Weight of the borders that readers drew; 0 learns from scores alone."""
    drawn_dice: float = 0.5
    score: float = 0.4

    def steps(self, photographs: int) -> int:
        """Give how many steps so many photographs are worth."""
        return max(self.least_steps, math.ceil(self.passes * photographs / self.photos))


class Head(nn.Module):
    """The last layers of a network, apart from it. Shape: (n, 64) to (n,), logits."""

    def __init__(self, network: MottlingNetwork) -> None:
        """Copy them, with the slopes by which their pooled map becomes a score.

        The norm keeps its statistics: a few photographs say nothing of them.
        """
        super().__init__()
        _, mix, norm, _ = network.mottling_trunk.children()
        assert isinstance(mix, nn.Conv2d)
        assert isinstance(norm, nn.BatchNorm2d)
        self.mix, self.norm = copy.deepcopy(mix), copy.deepcopy(norm)
        self.last = copy.deepcopy(network.mottling_head)
        self.ordinal_slope = copy.deepcopy(network.ordinal_slope)
        self.ordinal_bias = copy.deepcopy(network.ordinal_bias)

    def forward(self, filtered: Tensor) -> Tensor:
        """Say of each cell how mottled it looks."""
        # As the network's convolutions of one cell do it; a product of matrices is several times faster.
        mixed = functional.linear(filtered, self.mix.weight[:, :, 0, 0])  # (n, 64)
        assert self.norm.running_var is not None
        assert self.norm.running_mean is not None
        scale = self.norm.weight / (self.norm.running_var + self.norm.eps).sqrt()
        lifted = functional.relu((mixed - self.norm.running_mean) * scale + self.norm.bias)
        return functional.linear(lifted, self.last.weight[:, :, 0, 0], self.last.bias)[:, 0]  # (n,)

    def put_into(self, network: MottlingNetwork) -> None:
        """Give a network this head in the place of its own."""
        _, mix, norm, _ = network.mottling_trunk.children()
        for own, ours in ((mix, self.mix), (norm, self.norm), (network.mottling_head, self.last)):
            own.load_state_dict(ours.state_dict())
        with torch.no_grad():
            network.ordinal_slope.copy_(self.ordinal_slope)
            network.ordinal_bias.copy_(self.ordinal_bias)


def fit_head(start: Head, read: Sequence[Cells], settings: HeadSettings, *, rng: np.random.Generator) -> Head:
    """Train a copy of a head.

    Args:
        start: As it is in use.
        read: Photographs with what readers said of them; those without a leg teach nothing.
        settings: How.
        rng: Draws which photographs a step meets.
    """
    head = copy.deepcopy(start)
    telling = [each for each in read if len(each.zone) and each.truth.score is not None]
    if not telling:
        return head
    taught = _Taught.of(telling, rng=rng)
    before = [parameter.detach().clone() for parameter in head.parameters()]
    optimizer = torch.optim.Adam(head.parameters(), lr=settings.rate)
    steps = settings.steps(len(telling))
    order = _order(len(telling), steps * settings.photos, rng=rng)
    for step in range(steps):
        share = 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimizer.param_groups:
            group["lr"] = settings.last_rate + share * (settings.rate - settings.last_rate)
        chosen = taught.take(order[step * settings.photos : (step + 1) * settings.photos])
        optimizer.zero_grad()
        loss = _loss(head, chosen, settings) + settings.held * sum(
            (now - then).square().sum() for now, then in zip(head.parameters(), before, strict=True)
        )
        loss.backward()  # type: ignore[no-untyped-call] # torch has no type for it
        optimizer.step()
    return head.requires_grad_(requires_grad=False)


def _order(count: int, needed: int, *, rng: np.random.Generator) -> list[int]:
    """Every photograph once before any comes again."""
    order: list[int] = []
    while len(order) < needed:
        order += rng.permutation(count).tolist()
    return order


class _Taught(NamedTuple):
    """Photographs as tensors; a part of the cells of each, for neighbours say nearly the same."""

    filtered: Tensor
    """(N, m, 64); zeros where a photograph has fewer cells."""
    zone: Tensor
    """(N, m); 0 there."""
    mottled: Tensor
    """(N, m): 0 or 1."""
    known: Tensor
    """(N, m): 0 or 1."""
    at_least: Tensor
    """(N, 1)."""
    at_most: Tensor

    @classmethod
    def of(cls, read: Sequence[Cells], *, rng: np.random.Generator) -> _Taught:
        """Take the cells; the coin is small, and stays whole."""
        taken = [_some(cells, rng=rng) for cells in read]
        mottled = np.stack(
            [_padded(cells.mottled[at], UNKNOWN) for cells, at in zip(read, taken, strict=True)]
        )
        filtered = np.stack([_padded(cells.filtered[at], 0) for cells, at in zip(read, taken, strict=True)])
        zone = np.stack([_padded(cells.zone[at], 0) for cells, at in zip(read, taken, strict=True)])
        least = [cells.truth.score or 0 for cells in read]
        sure = [cells.truth.status is Status.SCORED for cells in read]
        most = [score if known else MAX_SCORE for score, known in zip(least, sure, strict=True)]
        return cls(
            torch.from_numpy(filtered),
            torch.from_numpy(zone),
            torch.from_numpy(mottled == 1).float(),
            torch.from_numpy(mottled != UNKNOWN).float(),
            torch.tensor(least)[:, None],
            torch.tensor(most)[:, None],
        )

    def take(self, chosen: Sequence[int]) -> _Taught:
        """Give some of the photographs."""
        return _Taught(*(part[list(chosen)] for part in self))


def _some(cells: Cells, *, rng: np.random.Generator) -> NDArray[np.int64]:
    """Choose so many cells of a photograph at most."""
    order = rng.permutation(len(cells.zone))
    coins_first = np.argsort(cells.zone[order] != Zone.COIN, kind="stable")
    return order[coins_first][:_CELLS]


def _padded(values: NDArray[Any], fill: int) -> NDArray[Any]:
    ends = [(0, _CELLS - len(values))] + [(0, 0)] * (values.ndim - 1)
    return np.pad(values, ends, constant_values=fill)


def _loss(head: Head, chosen: _Taught, settings: HeadSettings) -> Tensor:
    logits = head(chosen.filtered.float().flatten(0, 1)).view(chosen.zone.shape)  # (N, m)
    score = settings.score * _score_loss(head, logits, chosen)
    if not settings.drawn:
        return score
    entropy = functional.binary_cross_entropy_with_logits(
        logits, chosen.mottled, weight=chosen.known, reduction="sum"
    )
    drawn = settings.drawn * entropy / chosen.known.sum().clamp(min=1)
    return score + drawn + settings.drawn_dice * _dice_loss(logits, chosen)


def _score_loss(head: Head, logits: Tensor, chosen: _Taught) -> Tensor:
    """Pool the map to `score >= k` as the network does, and ask it only where the score answers it."""
    steps = torch.arange(1, MAX_SCORE + 1)
    present = logits.sigmoid()[:, None] * (chosen.zone[:, None] >= steps[:, None])  # (N, 5, m)
    weight = (present * _POOL_SHARPNESS).softmax(dim=2)
    pooled = (present * weight).sum(dim=2).clamp(_EPS, 1 - _EPS)  # (N, 5)
    said = head.ordinal_slope.exp() * pooled.logit() + head.ordinal_bias
    yes, no = steps <= chosen.at_least, steps > chosen.at_most
    entropy = functional.binary_cross_entropy_with_logits(said, yes.float(), reduction="none")
    return (entropy * (yes | no)).sum() / (yes | no).sum().clamp(min=1)


def _dice_loss(logits: Tensor, chosen: _Taught) -> Tensor:
    """One minus soft Dice of each mottled photograph."""
    truth = chosen.mottled * chosen.known
    share = logits.sigmoid() * chosen.known
    dice = (2 * (share * truth).sum(dim=1) + 1) / (share.sum(dim=1) + truth.sum(dim=1) + 1)  # (N,)
    present = truth.sum(dim=1) > 0
    return ((1 - dice) * present).sum() / present.sum().clamp(min=1)


def learn_head(
    start: Head, read: Sequence[Cells], *, rules: ScoringRules, settings: HeadSettings, seed: int
) -> tuple[Head, ScoringRules]:
    """Train the head on all photographs, and fit the rules to what heads of the other half see of each half.

    A head knows the photographs that it was trained on: rules that are fitted to what it sees of them believe
    it too much.

    Args:
        start: The head in use.
        read: Photographs with what readers said of them.
        rules: In use, from which all starts.
        settings: How the head is trained.
        seed: Of the halves, and of what each step meets.
    """
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(read))
    halves = [[read[place] for place in order[side::2]] for side in (0, 1)]
    seen: list[Observed] = []
    for ours, others in (halves, halves[::-1]):
        head = fit_head(start, ours, settings, rng=rng)
        seen += [seen_by(head, each, rules=rules) for each in others]
    fitted = learn(seen, Learnt.MASKS if settings.drawn else Learnt.SCORES, start=rules)
    fitted = replace(fitted, set_mass=fit_set_mass(seen, rules=fitted))
    return fit_head(start, read, settings, rng=rng), fitted


@torch.inference_mode()
def seen_by(head: Head, cells: Cells, *, rules: ScoringRules) -> Observed:
    """Give what the runtime would see of a photograph with this head.

    Args:
        head: That looks at the cells.
        cells: Of the photograph.
        rules: Which zones count as in view, and which percentile is the evidence.
    """
    logits = head(torch.from_numpy(cells.filtered).float())
    mottling = logits.sigmoid().numpy()
    legs: list[LegEvidence] = []
    labels: list[ZoneLabel] = []
    for number in np.unique(cells.leg):
        at = cells.leg == number
        leg = measure_leg(cells.zone[at], mottling[at], rules=rules)
        legs.append(leg)
        labels += _labels(cells, number, leg)
    return Observed(cells.truth, tuple(legs), tuple(labels), cells.readable, "", group=cells.group)


def _labels(cells: Cells, number: int, leg: LegEvidence) -> Iterator[ZoneLabel]:
    """Label every zone that was seen, where what was drawn says what it is."""
    if cells.truth == LegReading(Status.NOT_ASSESSABLE, None):
        return
    for one in leg.zones:
        drawn = cells.mottled[(cells.leg == number) & (cells.zone == int(one.zone))]
        least = LEAST_SHARE * len(drawn)
        sure, possible = int((drawn == 1).sum()), int((drawn != 0).sum())
        if sure >= least:
            yield ZoneLabel(Zone(one.zone), one.evidence, mottled=True)
        elif possible < least:
            yield ZoneLabel(Zone(one.zone), one.evidence, mottled=False)
