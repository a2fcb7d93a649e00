"""How long from process start to the first score, and how much memory: `python -m benchmarks.score_start`.

One process a run, five runs, medians. The photograph is a JPEG of 12 megapixels unless one is given.
Processor time stands beside the clock, because other work on the machine lengthens mostly the clock. This
process loads nothing itself: a new process begins with the peak of the one that started it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SCORE = "import sys; from mottling.cli import main; sys.argv[0] = 'mottling'; main()"

# As busy as a photograph, so that decoding it takes as long.
_DRAW = """
import sys
import numpy as np
from PIL import Image

width, height = 4032, 3024
grain = np.random.default_rng(7).integers(60, 200, (height // 8, width // 8, 3), dtype=np.uint8)
coarse = Image.fromarray(grain).resize((width, height), Image.Resampling.BICUBIC)
noise = np.random.default_rng(8).integers(-12, 13, (height, width, 1), dtype=np.int16)
Image.fromarray((np.asarray(coarse) + noise).clip(0, 255).astype(np.uint8)).save(sys.argv[1], quality=92)
"""


@dataclass(frozen=True)
class Run:
    """One process, from its start to its end."""

    clock_s: float
    processor_s: float
    peak_mb: float


def measure(photo: Path, *, models: Path | None) -> Run:
    """Score one photograph in a process of its own."""
    command = [sys.executable, "-c", _SCORE, "score", str(photo), "--json"]
    if models is not None:
        command += ["--models", str(models)]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    clock_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"mottling score ended with {process.returncode}")
    return Run(clock_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.score_start", description=__doc__)
    parser.add_argument("--photo", type=Path)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        photo = given.photo or Path(folder) / "photo.jpg"
        if given.photo is None:
            subprocess.run([sys.executable, "-c", _DRAW, str(photo)], check=True)
        measure(photo, models=given.models)  # brings the files into the system's cache
        runs = [measure(photo, models=given.models) for _ in range(given.runs)]
    load = os.getloadavg()[0]
    print(f"{given.runs} runs on {os.cpu_count()} cores, load {load:.1f}; medians:")
    print(f"process start to end   {statistics.median(run.clock_s for run in runs):.2f} s")
    print(f"processor time         {statistics.median(run.processor_s for run in runs):.2f} s")
    print(f"peak memory            {statistics.median(run.peak_mb for run in runs):.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
