"""Variants of a benchmark, each timed in processes of its own, by turns: so other work weighs on all alike.

ONNX Runtime's threads spin between two runs and double each other's times inside one process.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

__all__ = ["median_ms", "time_apart"]


def time_apart(module: str, variants: Mapping[str, Sequence[str]], *, processes: int) -> dict[str, float]:
    """Run each variant in several processes and take the median of what they print.

    Args:
        module: A benchmark whose command line prints one number for these arguments.
        variants: Arguments by name.
        processes: Of each variant.

    Returns:
        Milliseconds by name.
    """
    times: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(processes):
        for name, arguments in variants.items():
            shown = subprocess.run(
                [sys.executable, "-m", module, *arguments], check=True, stdout=subprocess.PIPE, text=True
            )
            times[name].append(float(shown.stdout))
    return {name: statistics.median(one) for name, one in times.items()}


def median_ms(work: Callable[[], object], *, runs: int) -> float:
    """Time some work in this process; the first run is not counted, it makes what the others use again."""
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)
