"""A quick start: what a process loads at first is not searched for garbage while it is loaded."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["loading"]

_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"


@contextmanager
def loading() -> Iterator[None]:
    """Keep the collector still while modules are imported: they stay, and it would look through all again.

    What was loaded is left out of its later searches, too.
    """
    # Pydantic would look through every package that is installed for a plugin; none belongs to this one.
    os.environ.setdefault(_PLUGINS, "__all__")
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()
