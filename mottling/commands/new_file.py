"""A file that a command writes, and that must not be there yet."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from mottling.errors import ExportRefused

__all__ = ["write_new"]


def write_new(out: Path, make: Callable[[], bytes]) -> None:
    """Write a new file; where there is one already, nothing is made, and so no record that it left.

    Raises:
        ExportRefused: There is one, or it cannot be written.
    """
    if out.exists():
        raise ExportRefused(f"{out} exists already", remedy="Name a file that does not")
    data = make()
    try:
        out.write_bytes(data)
    except OSError as error:
        raise ExportRefused(
            f"{out} cannot be written: {error.strerror}", remedy="Make room or name another file"
        ) from error
