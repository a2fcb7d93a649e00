"""A new folder is there whole, or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mottling.errors import ExportRefused, MottlingError

__all__ = ["new_folder"]


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside the one that is wanted; it takes its name once all was written.

    What is refused meanwhile leaves nothing behind: what leaves is in the audit trail, or it does not leave.

    Raises:
        ExportRefused: The folder exists or cannot be written.
    """
    if folder.exists():
        raise ExportRefused(f"{folder} exists already", remedy="Name one that does not")
    making = folder.with_name(f".{folder.name}.making")
    try:
        making.mkdir()
        yield making
        making.rename(folder)
    except OSError as error:
        shutil.rmtree(making, ignore_errors=True)
        raise ExportRefused(
            f"{folder} cannot be written: {error.strerror}", remedy="Make room or name another one"
        ) from error
    except MottlingError:
        shutil.rmtree(making)
        raise
