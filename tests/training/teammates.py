"""Two processes that train together: the test is the first, this file run as a program the second."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from mottling.scale import Zone
from training.network.losses import IGNORE, LossWeights, Target, losses
from training.network.mottling_network import MottlingNetwork
from training.running.config import read_run_settings
from training.running.distributed import Team, teamed
from training.running.mixing import mixed
from training.running.run import open_run
from training.sources.stream import Batch
from training.train import train

CPU = torch.device("cpu")

_SIDE_PX = 64
_PICTURES = (3, 2)


@dataclass(frozen=True)
class Learnt:
    """What one step would change, and what it has changed already."""

    gradients: Mapping[str, Tensor]
    kept: Mapping[str, Tensor]
    """Statistics of the norms."""


def drawn_network() -> MottlingNetwork:
    torch.manual_seed(5)
    return MottlingNetwork()


def drawn_batch(rank: int) -> Batch:
    """The pictures of one process: the first has a clean twin, the second a picture nobody could judge."""
    torch.manual_seed(40 + rank)
    count, side = _PICTURES[rank], _SIDE_PX // 4
    zones = torch.randint(0, len(Zone), (count, side, side))
    mottling = torch.randint(0, 2, (count, side, side))
    if rank == 0:
        mottling[1] = 0
        twin = torch.tensor([1, -1, -1])
    else:
        zones[1], mottling[1] = IGNORE, IGNORE
        twin = torch.full((count,), -1)
    score = torch.arange(count) + rank
    known = torch.tensor([rank == 0 or number == 0 for number in range(count)])
    readable = torch.where(known, 1.0, 0.0 if rank else float("nan"))
    target = Target(zones, mottling, score, score, known, readable, twin)
    return Batch(torch.randn(count, 3, _SIDE_PX, _SIDE_PX), target)


def joined_batch() -> Batch:
    """The pictures of both; twins are looked for among the first, where they were."""
    ours, theirs = drawn_batch(0), drawn_batch(1)
    target = Target(*(torch.cat(pair) for pair in zip(ours.target, theirs.target, strict=True)))
    return Batch(torch.cat([ours.photos, theirs.photos]), target)


def learn(
    network: MottlingNetwork, spread: nn.Module, batch: Batch, *, joined: Callable[[Tensor], Tensor]
) -> Learnt:
    """Find the gradients of one batch, the encoder's norms left as they are and the others in training."""
    network.train()
    network.encoder.eval()
    losses(spread(batch.photos), batch.target, weights=LossWeights(), joined=joined).total.backward()
    gradients = {name: one.grad.clone() for name, one in network.named_parameters() if one.grad is not None}
    kept = {name: one.clone() for name, one in network.named_buffers() if "running" in name}
    return Learnt(gradients, kept)


def learn_in(team: Team) -> Learnt:
    """Find the gradients of this process's batch, as one of a team."""
    network = drawn_network()
    return learn(network, team.spread(network), drawn_batch(team.rank), joined=team.joined)


def places(rank: int, port: int) -> dict[str, str]:
    """What torchrun says to a process."""
    return {
        "RANK": str(rank),
        "LOCAL_RANK": str(rank),
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def start_second(port: int, *given: str) -> subprocess.Popen[bytes]:
    """Start the second process; it writes what it learnt, then trains as it is told."""
    command = [sys.executable, "-m", "tests.training.teammates", *given]
    return subprocess.Popen(command, env={**os.environ, **places(1, port)})


def main(learnt: Path, settings: Path, rendered: Path, out: Path, average: Path) -> None:
    """Be the second process: first of a step, then of a whole run."""
    with teamed(os.environ, device=CPU) as team:
        torch.save(learn_in(team).gradients, learnt)
        read = read_run_settings(settings)
        torch.manual_seed(read.seed)
        run = open_run(read, out, device=CPU, team=team)
        train(run, mixed(read.mixture, rendered=[rendered], real=None, adjudicated=[]), watch=[])
        torch.save(run.averaged.state_dict(), average)


if __name__ == "__main__":
    main(*(Path(given) for given in sys.argv[1:]))
