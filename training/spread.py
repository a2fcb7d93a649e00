"""Spreads work on photographs over processes, a few photographs at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from tqdm import tqdm

__all__ = ["spread"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# Loading a network costs as much as one photograph: it is shared by so many.
_AT_A_TIME = 12


def spread(
    work: Callable[[Sequence[_Item]], list[_Result]], items: Sequence[_Item], *, workers: int, unit: str
) -> list[_Result]:
    """Do the work in the order given.

    Args:
        work: On some of the items; a function that can be sent to another process.
        items: All of them.
        workers: Processes; with one, everything happens in this one.
        unit: What the progress bar counts.
    """
    chunks = [items[start : start + _AT_A_TIME] for start in range(0, len(items), _AT_A_TIME)]
    results: list[_Result] = []
    with tqdm(total=len(items), unit=unit, mininterval=5) as bar:
        for done in _in_order(work, chunks, workers=workers):
            results.extend(done)
            bar.update(len(done))
    return results


def _in_order(
    work: Callable[[Sequence[_Item]], list[_Result]], chunks: Sequence[Sequence[_Item]], *, workers: int
) -> Iterator[list[_Result]]:
    if workers <= 1:
        yield from map(work, chunks)
        return
    # A forked process would inherit the threads of torch and OpenCV half-way through their work.
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, chunks)
