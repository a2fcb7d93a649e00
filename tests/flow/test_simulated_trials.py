"""Trials that were read are kept, not read again, and counted."""

import json

import numpy as np
import pytest

from benchmarks.agreement_coverage import MIX, READERS
from tests.simulated_committee import _drawing, _looked_at, true_tables
from tests.simulated_trials import Trial, _packed, _unpacked, main

PATIENTS = 40


@pytest.fixture
def kept(tmp_path):
    """One trial in which each patient's pair is one of the truth's, as often as the truth says."""
    by_patient = np.zeros((PATIENTS, 6, 6))
    truth = true_tables(PATIENTS, repeats_share=0.1)["two readers"]
    often = np.floor(truth).astype(int)
    pairs = [place for place in np.argwhere(often) for _ in range(often[tuple(place)])]
    for patient, (row, column) in enumerate(pairs):
        by_patient[patient, row, column] = 1
    trial = Trial(tmp_path, seed=1, number=0, patients=PATIENTS)
    tables = {"two readers": _packed(by_patient[: len(pairs)])}
    trial.path.write_text(json.dumps({"readings": 99, "median_ms": 1.0, "tables": tables}), "utf-8")
    return tmp_path


def test_a_trial_that_is_kept_is_not_read_again_and_its_intervals_are_counted(kept, capsys):
    main(["--state", str(kept), "--trials", "1", "--patients", str(PATIENTS), "--processes", "1"])
    said = capsys.readouterr().out
    assert said.startswith("1 of 1 trials of 40 patients, 99 readings over HTTP")
    row = next(line for line in said.splitlines() if line.startswith("| exact |"))
    ada, bea, _ = READERS.values()
    alike = (MIX * (ada * bea).sum(1)).sum()
    assert row.split("|")[2].strip() == f"{alike:.3f}: 1.000 (0.03 to 1.00)"
    assert row.split("|")[3].strip().endswith("none")


def test_the_table_takes_the_place_of_the_one_before(kept, tmp_path, capsys):
    page = tmp_path / "page.md"
    begin, end = "<!-- table: begin, by python -m tests.simulated_trials -->", "<!-- table: end -->"
    page.write_text(f"before\n{begin}\nold\n{end}\nafter\n", "utf-8")
    main(
        [
            "--state",
            str(kept),
            "--trials",
            "1",
            "--patients",
            str(PATIENTS),
            "--into",
            str(page),
            "--table-only",
        ]
    )
    text, said = page.read_text("utf-8"), capsys.readouterr().out
    assert said in text
    assert (text.startswith("before\n"), text.endswith("after\n"), "old" in text) == (True, True, False)


def test_what_is_kept_of_a_table_is_the_table():
    tables = np.zeros((3, 6, 6))
    tables[0, 1, 2], tables[1, 5, 5], tables[2, 0, 0] = 2, 1, 7
    assert _unpacked(_packed(tables)).tolist() == tables.tolist()


@pytest.mark.parametrize("number", [0, 1, 479, 5000])
@pytest.mark.parametrize("truth", [0, 3, 5])
def test_a_photograph_shows_its_number_and_its_true_score(number, truth):
    assert _looked_at(_drawing(number, truth)) == (number, truth)
