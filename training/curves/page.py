"""What learning curves share: their command line, and their page of what so many patients gained and tell."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from training.curves.curve_points import Point, Tested, tell, tell_precision

__all__ = ["PAGE", "SIZES", "add_options", "write_page"]

PAGE = "curve.md"
SIZES = (20, 50, 100, 200, 500, 1000)
"""Patients that are read; more than there are is left out."""


def add_options(parser: argparse.ArgumentParser, *, tested: int, draws: int) -> None:
    """Add what every replay asks for.

    Args:
        parser: Of the command.
        tested: How many patients are kept apart unless somebody says otherwise.
        draws: How often each number of patients is drawn, likewise.
    """
    parser.add_argument("--out", type=Path, required=True, help=f"what is kept, and {PAGE}")
    parser.add_argument("--models", type=Path, default=Path("models"), help="folder of the registry")
    parser.add_argument("--model", help="by its name; the one in use when not given")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="patients that are read")
    parser.add_argument("--tested", type=int, default=tested, help="patients kept apart")
    parser.add_argument("--draws", type=int, default=draws, help="of each number of patients")
    parser.add_argument("--seed", type=int, default=1)


def write_page(
    tested: Tested, points: Sequence[Point], *, out: Path, sizes: Sequence[int], seed: int, command: str
) -> str:
    """Write the page below its command; gives what to print.

    Args:
        tested: The patients kept apart.
        points: What was learnt.
        out: Folder of the page.
        sizes: Numbers of patients to measure on, for the second table.
        seed: Of the samples that the second table is drawn from.
        command: As it was typed.
    """
    tables = "\n".join([*tell(tested, points), *tell_precision(tested, sizes, seed=seed)])
    (out / PAGE).write_text(f"`{command}`\n\n{tables}\n", "utf-8")
    return tables
