"""How far a command is that takes long: a bar on a terminal, and nothing in a pipe or a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from mottling.store.verify import Progress

__all__ = ["bar"]


@contextmanager
def bar(label: str) -> Iterator[Progress]:
    """Show on a terminal how far it is; what is piped elsewhere stays as it was.

    Args:
        label: What is being done, before the bar.
    """
    with click.progressbar(length=1, label=label, file=sys.stderr, hidden=not sys.stderr.isatty()) as shown:

        def tell(done: int, of: int) -> None:
            shown.length = max(of, 1)
            shown.update(done - shown.pos)

        yield tell
