"""The rehearsal of kills itself: a few of them, in a process of its own."""

import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_a_few_kills_lose_nothing_and_are_counted(seed):
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", "--kills", "4", "--seed", seed],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"seed {seed}: 4 kills, " in done.stdout
    assert " 0 lost, " in done.stdout
    assert done.stdout.endswith("the chain is whole\n")
