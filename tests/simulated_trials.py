"""How often intervals hold the truth over trials that are read by HTTP: `python -m tests.simulated_trials`.

Each trial is a store, a server and three readers of its own (`tests/simulated_committee.py`). What came of
it is kept in a file, so that the command goes on where it was stopped; what is there is not read again.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import click
import numpy as np

from mottling.agreement.coefficients import COEFFICIENTS, Tables
from mottling.agreement.intervals import estimates, seeded
from tests.house import charter_text
from tests.simulated_committee import a_read_trial, true_tables

_SCORES = 6
# Each trial builds the web app anew, and Gradio keeps some of what it builds.
_TRIALS_A_PROCESS = 10
REPEATS_SHARE = 0.1
"""Of the shipped trial file."""


@dataclass(frozen=True)
class Trial:
    """One trial that is to be read."""

    folder: Path
    seed: int
    number: int
    patients: int

    @property
    def path(self) -> Path:
        """Where it is kept what came of it."""
        return self.folder / f"{self.patients}-patients-seed-{self.seed}-trial-{self.number:04d}.json"


def read_one(trial: Trial) -> None:
    """Read one trial over HTTP and keep its tables."""
    with (
        tempfile.TemporaryDirectory() as folder,
        a_read_trial(
            Path(folder), patients=trial.patients, seed=[trial.seed, trial.number], charter=charter_text()
        ) as read,
    ):
        tables, typed = read.tables(), read.typed
        assert tables["two readers"].sum(0).tolist() == typed.readers_table().tolist(), "as typed"
        assert tables["a reader again"].sum(0).tolist() == typed.repeats_table().tolist(), "as typed"
        kept = {
            "readings": len(typed.took_s),
            "median_ms": round(1000 * float(np.median(typed.took_s)), 1),
            "tables": {name: _packed(each) for name, each in tables.items()},
        }
    beside = trial.path.with_suffix(".part")
    beside.write_text(json.dumps(kept), "utf-8")
    beside.replace(trial.path)


def _packed(tables: Tables) -> list[list[int]]:
    """Give patient, row, column and count of what is not zero."""
    return [[int(n) for n in (*place, tables[tuple(place)])] for place in np.argwhere(tables)]


def _unpacked(packed: Sequence[Sequence[int]]) -> Tables:
    tables = np.zeros((1 + max((one[0] for one in packed), default=-1), _SCORES, _SCORES))
    for patient, row, column, count in packed:
        tables[patient, row, column] = count
    return tables


def summary(trials: Sequence[Trial]) -> str:
    """Say of each figure how often its interval held the truth, in trials that were read."""
    kept = [json.loads(one.path.read_text("utf-8")) for one in trials if one.path.exists()]
    if not kept:
        return "No trial has been read"
    patients = trials[0].patients
    truths = true_tables(2 * patients, repeats_share=REPEATS_SHARE)
    held, shown = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in kept:
        for what, packed in one["tables"].items():
            for name, found in estimates(_unpacked(packed), rng=seeded()).items():
                if found.low is not None and found.high is not None:
                    shown[what, name] += 1
                    held[what, name] += found.low <= float(COEFFICIENTS[name](truths[what])) <= found.high
    readings = sum(one["readings"] for one in kept)
    said = [f"{len(kept)} trials of {patients} patients, {readings} readings over HTTP", ""]
    said += ["| figure | " + " | ".join(truths) + " |", "|---" * (1 + len(truths)) + "|"]
    for name in COEFFICIENTS:
        cells = [_cell(name, truths[what], held[what, name], shown[what, name], len(kept)) for what in truths]
        said.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(said)


def _cell(name: str, truth: Tables, held: int, shown: int, of: int) -> str:
    share = f"{held / shown:.3f}" if shown else "none"
    fewer = "" if shown == of else f" of {shown}"
    return f"{float(COEFFICIENTS[name](truth)):.3f}: {share}{fewer}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, read the trials that are missing, and print the table."""
    asked = argparse.ArgumentParser(description="Trials that are read over HTTP")
    asked.add_argument("--state", type=Path, required=True, help="folder in which each trial is kept")
    asked.add_argument("--trials", type=int, default=200)
    asked.add_argument("--patients", type=int, default=240)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=os.cpu_count())
    asked.add_argument("--table-only", action="store_true", help="read none, print what is there")
    given = asked.parse_args(arguments)
    given.state.mkdir(parents=True, exist_ok=True)
    trials = [Trial(given.state, given.seed, number, given.patients) for number in range(given.trials)]
    missing = [] if given.table_only else [one for one in trials if not one.path.exists()]
    _read(missing, given.processes)
    click.echo(summary(trials))


def _read(trials: Sequence[Trial], processes: int) -> None:
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), max_tasks_per_child=_TRIALS_A_PROCESS
    ) as pool:
        for done, _ in enumerate(pool.map(read_one, trials), start=1):
            click.echo(f"{done} of {len(trials)}", err=True)


if __name__ == "__main__":
    main()
