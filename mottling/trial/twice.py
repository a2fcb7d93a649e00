"""Names in a trial file that must differ."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["said_twice"]


def said_twice(names: Iterable[str]) -> str | None:
    """Give a name that comes twice or more, of several the first by alphabet; None where all differ."""
    seen: set[str] = set()
    twice: set[str] = set()
    for name in names:
        (twice if name in seen else seen).add(name)
    return min(twice, default=None)
