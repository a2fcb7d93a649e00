"""What HTML Tidy finds wrong with a page: a program that is not ours, which `.ci/run` installs."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

__all__ = ["wrong_in"]

_MOST_S = 60


def wrong_in(page: bytes) -> list[str]:
    """List errors and warnings of a page; the test is skipped where Tidy is not installed."""
    tidy = shutil.which("tidy")
    if tidy is None and "MOTTLING_HAS_SYSTEM_PACKAGES" not in os.environ:
        pytest.skip("tidy is not here")
    assert tidy is not None, "`.ci/run` installs tidy"
    judged = subprocess.run(
        [tidy, "-quiet", "-errors", "-utf8"], input=page, capture_output=True, check=False, timeout=_MOST_S
    )
    return judged.stderr.decode().splitlines()
