"""How fast a folder is scored, and whether its size shows in memory: `python -m benchmarks.folder`.

`mottling score FOLDER --json` over links to the demo's photographs, in a process of its own: first few, then
many. Photographs a second are those of the second folder beyond the first, so that the start is left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.large_photo import write_large_photo

__all__ = ["main"]

_SCORE = "import sys; from mottling.cli import main; sys.argv[0] = 'mottling'; main()"


@dataclass(frozen=True)
class _Run:
    seconds: float
    peak_mb: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.folder", description=__doc__)
    parser.add_argument("--few", type=int, default=200)
    parser.add_argument("--many", type=int, default=1000)
    parser.add_argument("--large", action="store_true", help="photographs of 12 megapixels")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as scratch:
        runs = [_score(Path(scratch), count, large=given.large) for count in (given.few, given.many)]
    rate = (given.many - given.few) / (runs[1].seconds - runs[0].seconds)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for count, run in zip((given.few, given.many), runs, strict=True):
        print(f"{count:6} photographs  {run.seconds:7.1f} s   peak memory {run.peak_mb:5.0f} MB")
    print(f"{rate:.1f} photographs a second")
    return 0


def _score(scratch: Path, count: int, *, large: bool) -> _Run:
    folder = scratch / str(count)
    folder.mkdir()
    photos = sorted(Path("mottling/demo/photos").glob("*.jpg"))
    if large:
        photos = [scratch / "large.jpg"]
        write_large_photo(photos[0])
    for number in range(count):
        (folder / f"{number:05d}.jpg").symlink_to(photos[number % len(photos)].resolve())
    began = time.perf_counter()
    out = os.open(os.devnull, os.O_WRONLY)
    command = [sys.executable, "-c", _SCORE, "score", str(folder), "--json"]
    child = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
    _, status, usage = os.wait4(child, 0)
    os.close(out)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"mottling score ended with {os.waitstatus_to_exitcode(status)}")
    return _Run(time.perf_counter() - began, usage.ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(main())
