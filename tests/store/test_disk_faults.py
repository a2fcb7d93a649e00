"""A disk that is full, read-only, failing or slow: the kernel answers so, by strace, at each of some calls.

What was said to be stored is there afterwards, whole; what was refused was refused with a sentence, and can
be stored when the disk is well again.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mottling.store.store import Store
from tests.installed import program
from tests.store.disk_worker import data_of, patient_of

ROOT = Path(__file__).parents[2]
COUNT = 12
RENAMES = "link,linkat,rename,renameat,renameat2"
FAULTS = {
    "full, where the records are": "pwrite64:error=ENOSPC:when=9+5",
    "full, where photographs and keys are": f"{RENAMES}:error=ENOSPC:when=3+3",
    "read-only for a while": f"pwrite64,{RENAMES},mkdir,unlink:error=EROFS:when=30..60",
    "failing when it is asked to write through": "fsync,fdatasync:error=EIO:when=5+6",
    "slow": "fsync,fdatasync:delay_exit=20000",
}
"""What the kernel answers: N+M is from the N-th call on every M-th, N..M are all of these."""


def work(folder, *before):
    """Let the program store photographs; gives what it said, number to (word, rest)."""
    done = subprocess.run(
        [*before, sys.executable, "-m", "tests.store.disk_worker", str(folder), "1", str(COUNT)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "yes"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = [line.split(" ", 2) for line in done.stdout.splitlines()]
    assert [int(number) for _, number, _ in said] == list(range(1, COUNT + 1))
    return {int(number): (word, rest) for word, number, rest in said}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=list(FAULTS))
def test_what_a_bad_disk_was_said_to_hold_it_holds_and_the_rest_is_refused_and_comes_later(
    made, tmp_path, fault
):
    data = tmp_path / "data"
    shutil.copytree(made / "empty", data)
    calls = fault.partition(":")[0]
    strace = program("strace", "strace")
    traced = [strace, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={calls}", "-e", f"inject={fault}"]
    bad = work(data, *traced)
    stored = {number: photo_id for number, (word, photo_id) in bad.items() if word == "stored"}
    assert (len(stored) == COUNT) == ("delay" in fault), bad
    look(data, stored)
    assert {word for word, _ in work(data).values()} == {"stored"}
    with Store.open(data) as store:
        assert store.verify().clean
        for number in range(1, COUNT + 1):
            (steps,) = store.ward.photos(patient=patient_of(number))
            assert store.ward.photo_bytes(steps.photo.photo_id) == data_of(number)
            assert steps.own is not None


def look(data, stored):
    """Look that everything that was said to be stored is there, and nothing is half there."""
    with Store.open(data) as store:
        assert store.verify().clean
        for number, photo_id in stored.items():
            steps = store.ward.photo(photo_id)
            assert steps.own is not None
            assert store.ward.photo_bytes(photo_id) == data_of(number)
