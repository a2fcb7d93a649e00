"""How often intervals hold the truth over trials that are read by HTTP: `python -m tests.simulated_trials`.

Each trial is a store, a server and three readers of its own (`tests/simulated_committee.py`). What came of
it is kept in a file, so that the command goes on where it was stopped; what is there is not read again.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click
import numpy as np
from scipy.stats import binomtest

from mottling.agreement.coefficients import COEFFICIENTS, Tables
from mottling.agreement.intervals import Estimate, estimates, seeded
from tests.simulated_committee import IN_ENGLISH, a_read_trial, true_tables

_SCORES = 6
_FEWEST_FOR_A_MEAN = 10
_BEGIN, _END = "<!-- table: begin, by python -m tests.simulated_trials -->", "<!-- table: end -->"
# Each trial builds the web app anew, and Gradio keeps some of what it builds.
_TRIALS_A_PROCESS = 20
# A tenth of a trial went into looking for garbage among what a process needs to its end.
_GARBAGE_AFTER = 50_000
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
            Path(folder), patients=trial.patients, seed=[trial.seed, trial.number], charter=IN_ENGLISH
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
    read = [one for one in trials if one.path.exists()]
    if not read:
        return "No trial has been read"
    kept = [json.loads(one.path.read_text("utf-8")) for one in read]
    patients = trials[0].patients
    truths = true_tables(2 * patients, repeats_share=REPEATS_SHARE)
    found = _found(kept)
    last = datetime.fromtimestamp(max(one.path.stat().st_mtime for one in read), UTC)
    readings = sum(one["readings"] for one in kept)
    said = [
        f"{len(kept)} of {len(trials)} trials of {patients} patients, {readings} readings over HTTP, "
        f"the last one on {last:%Y-%m-%d}. {_furthest(found, truths)}",
        "",
        "| figure | " + " | ".join(truths) + " |",
        "|---" * (1 + len(truths)) + "|",
    ]
    for name in COEFFICIENTS:
        cells = [_cell(found[what, name], _true(name, truth)) for what, truth in truths.items()]
        said.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(said)


def _found(kept: Sequence[Mapping[str, Any]]) -> Mapping[tuple[str, str], Sequence[Estimate]]:
    """Estimate each figure of each comparison in each trial, as the report does."""
    found = defaultdict[tuple[str, str], list[Estimate]](list)
    for one in kept:
        for what, packed in one["tables"].items():
            for name, estimate in estimates(_unpacked(packed), rng=seeded()).items():
                found[what, name].append(estimate)
    return found


def _true(name: str, truth: Tables) -> float:
    return float(COEFFICIENTS[name](truth))


def _furthest(found: Mapping[tuple[str, str], Sequence[Estimate]], truths: Mapping[str, Tables]) -> str:
    """Name the figure whose mean lies furthest from its truth: a steady miss hides in a share."""
    missed = []
    for (what, name), each in found.items():
        values = [one.value for one in each if one.value is not None]
        if len(values) < _FEWEST_FOR_A_MEAN or np.ptp(values) == 0:
            continue
        mean, truth = float(np.mean(values)), _true(name, truths[what])
        missed.append(
            (abs(mean - truth) / (np.std(values, ddof=1) / len(values) ** 0.5), what, name, mean, truth)
        )
    if not missed:
        return "They are too few for a mean."
    errors, what, name, mean, truth = max(missed)
    return (
        f"Of the {len(missed)} figures that one lies furthest from its truth, on average: {name} of {what}, "
        f"{mean:.4f} where the truth is {truth:.4f}, which is {errors:.1f} standard errors."
    )


def _cell(found: Sequence[Estimate], truth: float) -> str:
    """Give the truth and the share of intervals that held it, with the 95 % interval of that share."""
    shown = [(one.low, one.high) for one in found if one.low is not None and one.high is not None]
    if not shown:
        return f"{truth:.3f}: none"
    held = binomtest(sum(low <= truth <= high for low, high in shown), len(shown))
    likely = held.proportion_ci()
    fewer = "" if len(shown) == len(found) else f" of {len(shown)}"
    return f"{truth:.3f}: {held.statistic:.3f} ({likely.low:.2f} to {likely.high:.2f}){fewer}"


def put_into(page: Path, said: str) -> None:
    """Write the table into a page, in the place of the one that is there."""
    text = page.read_text("utf-8")
    before, begin, rest = text.partition(_BEGIN)
    _, end, after = rest.partition(_END)
    assert end, f"{page} has no place for the table"
    page.write_text(f"{before}{begin}\n{said}\n{end}{after}", "utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the command line, read the trials that are missing, and print the table."""
    asked = argparse.ArgumentParser(description="Trials that are read over HTTP")
    asked.add_argument("--state", type=Path, required=True, help="folder in which each trial is kept")
    asked.add_argument("--trials", type=int, default=200)
    asked.add_argument("--patients", type=int, default=240)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=os.cpu_count())
    asked.add_argument("--table-only", action="store_true", help="read none, print what is there")
    asked.add_argument("--into", type=Path, help="page whose table is written anew")
    given = asked.parse_args(arguments)
    given.state.mkdir(parents=True, exist_ok=True)
    trials = [Trial(given.state, given.seed, number, given.patients) for number in range(given.trials)]
    missing = [] if given.table_only else [one for one in trials if not one.path.exists()]
    _read(missing, given.processes)
    said = summary(trials)
    click.echo(said)
    if given.into is not None:
        put_into(given.into, said)


def _settle_in() -> None:
    """Leave what is loaded out of the collector's searches."""
    gc.freeze()
    gc.set_threshold(_GARBAGE_AFTER)


def _read(trials: Sequence[Trial], processes: int) -> None:
    with get_context("spawn").Pool(processes, _settle_in, maxtasksperchild=_TRIALS_A_PROCESS) as pool:
        for done, _ in enumerate(pool.imap_unordered(read_one, trials), start=1):
            click.echo(f"{done} of {len(trials)}", err=True)


if __name__ == "__main__":
    main()
