"""Mirrors runs for TensorBoard: `python -m training.tracking RUN ... --into FOLDER`, or `--track FOLDER`.

RUN/log.jsonl stays the truth, and nothing is ever read back from the mirror: it is written anew from the log
each time it is opened, and may be thrown away. To look: `tensorboard --logdir FOLDER`, on this machine only.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mottling.errors import MottlingError
from training.running.mirror import Mirror

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and mirror finished runs."""
    parser = argparse.ArgumentParser(prog="python -m training.tracking", description=__doc__)
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folder of a run")
    parser.add_argument(
        "--into", type=Path, required=True, help="folder of mirrors, for tensorboard --logdir"
    )
    given = parser.parse_args(arguments)
    try:
        for run in given.runs:
            with Mirror(run, into=given.into):
                print(f"{run} is mirrored in {given.into / run.name}")
    except MottlingError as error:
        print(error)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
