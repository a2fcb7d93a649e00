"""Where to find what comes with Mottling: settings, trial files and models."""

from __future__ import annotations

from pathlib import Path

__all__ = ["shipped"]

_PACKAGE = Path(__file__).parent


def shipped(name: str) -> Path:
    """Find a folder that comes with Mottling, `configs` or `models`: the checkout's, else the package's."""
    checkout = _PACKAGE.parent
    return checkout / name if (checkout / "pyproject.toml").is_file() else _PACKAGE / "_shipped" / name
