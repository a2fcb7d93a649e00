"""The load of many wards itself: two of them, with small photographs, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from tests.tiny_model import write_tiny_registry

_ROOT = Path(__file__).parents[2]


def test_two_wards_lose_nothing_and_every_step_is_printed(tmp_path):
    models = write_tiny_registry(tmp_path / "models")
    small = ["--wards", "2", "--photos", "1", "--megapixels", "0.3", "--models", str(models)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.wards", *small],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "errors 0, lost photographs 0, " in done.stdout
    for step in ("sign in", "list", "upload", "own score", "proposal", "list of a ward that looks on"):
        assert f"\n{step}  " in done.stdout
