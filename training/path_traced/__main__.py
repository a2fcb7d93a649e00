"""Makes a measuring set with another engine: `python -m training.path_traced OUT --views 100 --seed 1`.

Each photograph is path-traced by Mitsuba. The files are those of `python -m training.synthesize`, so
`training.evaluate` and `training.calibrate` read them; `training.train` refuses them. With `--clean` it makes
legs without mottling instead, canvases that `training.train --canvases` paints with nets of its own: the nets
of this engine stay what no network has learned from. What is finished stays: a second call goes on where the
first was stopped.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from mottling.errors import MottlingError
from training.path_traced.making import LONG_SIDE_PX, SAMPLES, TracedOrder, make_traced

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and make photographs."""
    parser = argparse.ArgumentParser(prog="python -m training.path_traced", description=__doc__)
    parser.add_argument("out", type=Path, help="folder of the photographs")
    parser.add_argument("--views", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--long-side-px", type=int, default=LONG_SIDE_PX)
    parser.add_argument("--samples", type=int, default=SAMPLES, help="paths for each pixel")
    parser.add_argument("--clean", action="store_true", help="no mottling: canvases to learn from")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args(arguments)
    order = TracedOrder(given.out, given.views, given.seed, given.long_side_px, given.samples, given.clean)
    try:
        make_traced(order, workers=given.workers)
    except MottlingError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
