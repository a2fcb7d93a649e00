"""Trains in several processes, on one machine or more, as one would: `torchrun ... -m training.train`.

Each process draws pictures of its own, and every sum that a loss or a norm divides is taken over the pictures
of all. So the gradients are those of one process over the joined batch, not a mean of what each one finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, distributed, nn
from torch.autograd.function import FunctionCtx
from torch.nn.parallel import DistributedDataParallel

from mottling.errors import TrainingRefused
from training.network.mottling_network import MottlingNetwork

__all__ = ["ALONE", "Team", "is_of_several", "own_device", "teamed"]


@dataclass(frozen=True)
class Team:
    """The processes that train together, and which of them this is."""

    rank: int = 0
    size: int = 1

    @property
    def is_first(self) -> bool:
        """Whether this is the process that logs, saves and evaluates."""
        return self.rank == 0

    def share(self, batch_size: int) -> int:
        """Say how many pictures of a batch this process draws; the shares differ by one at most.

        Raises:
            TrainingRefused: There are fewer pictures than processes.
        """
        if batch_size < self.size:
            raise TrainingRefused(
                f"A batch of {batch_size} cannot be shared by {self.size} processes",
                remedy="Start fewer processes, or raise batch_size: it is that of all of them together",
            )
        return batch_size // self.size + (self.rank < batch_size % self.size)

    def joined(self, sums: Tensor) -> Tensor:
        """Add up over all processes; gradients flow back to each."""
        if self.size == 1:
            return sums
        total: Tensor = _Joined.apply(sums)  # type: ignore[no-untyped-call] # torch's stub
        return total

    def spread(self, network: MottlingNetwork) -> nn.Module:
        """Wrap a network so that its gradients, and its norms' statistics, are those of all pictures.

        The encoder's norms keep ImageNet's statistics and join nothing.
        """
        if self.size == 1:
            return network
        for name, part in network.named_children():
            if name != "encoder":
                _join_norms(part, self)
        return DistributedDataParallel(network, forward_sync_buffers=False)

    def check_together(self, step: int, *, device: torch.device) -> None:
        """See that all processes begin at the same step.

        Raises:
            TrainingRefused: They do not: one of them does not see the run's folder.
        """
        if self.size == 1:
            return
        ours = torch.tensor([step], device=device)
        steps = [torch.empty_like(ours) for _ in range(self.size)]
        distributed.all_gather(steps, ours)
        if len({int(one) for one in steps}) > 1:
            raise TrainingRefused(
                f"The processes stand at steps {', '.join(str(int(one)) for one in steps)}",
                remedy="Give an --out that every machine sees",
            )


ALONE = Team()


class _Joined(torch.autograd.Function):
    """Sum over the processes, whose gradient is the sum of what each process found."""

    @staticmethod
    def forward(_context: FunctionCtx, sums: Tensor) -> Tensor:
        total = sums.contiguous().clone()
        distributed.all_reduce(total)
        return total

    @staticmethod
    def backward(_context: FunctionCtx, gradient: Tensor) -> Tensor:
        return _Joined.forward(_context, gradient)


class _JoinedNorm(nn.BatchNorm2d):
    """A norm over the pictures of all processes; torch's own, SyncBatchNorm, knows GPUs only."""

    def __init__(self, norm: nn.BatchNorm2d, team: Team) -> None:
        super().__init__(norm.num_features, eps=norm.eps, momentum=norm.momentum)
        self.load_state_dict(norm.state_dict())
        self.weight, self.bias = norm.weight, norm.bias  # the optimizer knows these
        self._team = team

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        assert self.running_mean is not None
        near = x.float() - self.running_mean[:, None, None]  # small, so that its squares lose no digits
        count = near.new_tensor([near.numel() / self.num_features])
        own = torch.cat([near.sum(dim=(0, 2, 3)), near.square().sum(dim=(0, 2, 3)), count])  # (2 C + 1)
        sums = self._team.joined(own)
        mean, squares = (sums[:-1] / sums[-1]).chunk(2)  # (C), (C)
        variance = squares - mean.square()
        self._remember(mean, variance * sums[-1] / (sums[-1] - 1))
        gain = self.weight * (variance + self.eps).rsqrt()
        normed = (near - mean[:, None, None]) * gain[:, None, None] + self.bias[:, None, None]
        return normed.to(x.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        """Follow the statistics as torch's norm does; the mean is told from the one that is kept."""
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        assert self.momentum is not None
        self.running_mean += self.momentum * mean
        self.running_var.lerp_(variance, self.momentum)
        self.num_batches_tracked += 1


def _join_norms(part: nn.Module, team: Team) -> None:
    for name, inside in part.named_children():
        if isinstance(inside, nn.BatchNorm2d):
            setattr(part, name, _JoinedNorm(inside, team))
        else:
            _join_norms(inside, team)


def is_of_several(environment: Mapping[str, str]) -> bool:
    """Say whether torchrun started this process beside others."""
    return int(environment.get("WORLD_SIZE", "1")) > 1


def own_device(asked: str, environment: Mapping[str, str]) -> torch.device:
    """Name the device of this process: each has a GPU of its own.

    Raises:
        TrainingRefused: There are more processes than GPUs.
    """
    device = torch.device(asked)
    if device.type != "cuda" or not is_of_several(environment):
        return device
    number, there = int(environment["LOCAL_RANK"]), torch.cuda.device_count()
    if number >= there:
        raise TrainingRefused(
            f"This machine has {there} GPUs, and more processes", remedy=f"Give --nproc-per-node {there}"
        )
    return torch.device("cuda", number)


@contextmanager
def teamed(environment: Mapping[str, str], *, device: torch.device) -> Iterator[Team]:
    """Join the other processes that torchrun started, for as long as the block lasts.

    Args:
        environment: Of this process. Torchrun says there how many there are, and where; torch reads it too.
        device: Of this process. GPUs talk through nccl, CPUs through gloo.
    """
    if not is_of_several(environment):
        yield ALONE
        return
    on_gpu = device.type == "cuda"
    if on_gpu:
        torch.cuda.set_device(device)
    distributed.init_process_group(
        "nccl" if on_gpu else "gloo", rank=int(environment["RANK"]), world_size=int(environment["WORLD_SIZE"])
    )
    try:
        yield Team(distributed.get_rank(), distributed.get_world_size())
    finally:
        distributed.destroy_process_group()
