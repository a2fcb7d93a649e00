"""The simulation of drift: seeded, small, and what the explanation says of it holds."""

import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.drift import Size, false_alarms, main, photographs_until
from mottling.agreement.drift import Flag

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "drift.md"


def test_fewer_than_one_trial_in_twenty_has_a_false_alarm_in_a_year():
    assert false_alarms(Size(10, 480), trials=100, rng=np.random.default_rng(1)) < 0.05


def test_a_lamp_that_failed_is_seen_soon():
    until = photographs_until(0.5, Flag.REFUSED, trials=100, rng=np.random.default_rng(1))
    assert np.median(until) < 40


def test_without_a_drift_it_is_hardly_ever_seen():
    until = photographs_until(0.08, Flag.REFUSED, trials=100, rng=np.random.default_rng(1))
    assert np.isfinite(until).mean() < 0.05


def test_the_command_prints_the_tables_that_the_explanation_has(capsys):
    assert main(["--trials", "10"]) == 0
    printed = re.findall(r"^\| (.*?) \|", capsys.readouterr().out, re.MULTILINE)
    kept = re.findall(r"^\| (.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    assert [line for line in printed if line not in kept] == []


@pytest.mark.parametrize("sites", [1, 3])
def test_the_same_seed_gives_the_same_share(sites):
    shares = {false_alarms(Size(sites, 60), trials=20, rng=np.random.default_rng(7)) for _ in range(2)}
    assert len(shares) == 1
