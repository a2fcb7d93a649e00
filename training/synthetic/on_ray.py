"""Spreads the making of photographs over Ray's tasks, on one machine or more; Ray decides what runs where."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import cv2
import torch

from mottling.cluster import cluster

__all__ = ["done_on_ray"]


def done_on_ray(
    make: Callable[[int], None], views: Sequence[int], *, address: str, processors: int
) -> Iterator[None]:
    """Make each view as a task of its own; gives a turn for each that is done, in the order given.

    A view whose machine is lost is made again on another one.

    Args:
        make: Makes one view and writes its files, into a folder that every machine sees.
        views: By number.
        address: As `cluster` takes it.
        processors: To use of this machine, if it is `HERE`.

    Raises:
        ClusterRefused: As `cluster` does, or a view could not be made.
    """
    with cluster(address, processors=processors):
        import ray  # noqa: PLC0415 - only who spreads work has it installed

        task = ray.remote(num_cpus=1)(_in_one_thread)
        shared = ray.put(make)  # handed to each machine once
        for turn in [task.remote(shared, view) for view in views]:
            ray.get(turn)
            yield


def _in_one_thread(make: Callable[[int], None], view: int) -> None:
    """Make one view as the processes of one machine do; Ray has lowered the priority already."""
    torch.set_num_threads(1)
    cv2.setNumThreads(0)
    make(view)
