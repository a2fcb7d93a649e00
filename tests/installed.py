"""What only some machines have installed: a test that lacks it skips, or fails where `.ci/run` brings it."""

from __future__ import annotations

import os
import shutil
from typing import NoReturn

import pytest

__all__ = ["cannot", "program"]

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"


def program(name: str, package: str) -> str:
    """Find a program of one of Debian's packages."""
    return shutil.which(name, path=_PATH) or cannot(f"{package} is not installed")


def cannot(why: str) -> NoReturn:
    """End a test that lacks something: with a skip, or where everything is installed with a failure."""
    if os.environ.get("MOTTLING_HAS_SYSTEM_PACKAGES"):
        pytest.fail(why)
    pytest.skip(why)
