"""What HTML Tidy finds wrong with a page: a program that is not ours, which `.ci/run` installs."""

from __future__ import annotations

import subprocess

from tests.installed import program

__all__ = ["wrong_in"]

_MOST_S = 60


def wrong_in(page: bytes) -> list[str]:
    """List errors and warnings of a page; the test is skipped where Tidy is not installed."""
    judged = subprocess.run(
        [program("tidy", "tidy"), "-quiet", "-errors", "-utf8"],
        input=page,
        capture_output=True,
        check=False,
        timeout=_MOST_S,
    )
    return judged.stderr.decode().splitlines()
